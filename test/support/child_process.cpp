#include "test/support/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace sotto::test {

namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kPatience = std::chrono::seconds(30);  // a machine may be slow, not hung

struct PipeEnds {
    int reader = -1;
    int writer = -1;
};

PipeEnds make_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        throw std::runtime_error(std::string("pipe: ") + std::strerror(errno));
    }
    return {ends[0], ends[1]};
}

void close_once(int& descriptor) {
    if (descriptor >= 0) {
        ::close(std::exchange(descriptor, -1));
    }
}

void set_non_blocking(int descriptor) {
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

/// Text blocks as exec takes them. `texts` must outlive the result.
std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts) {
        out.push_back(text.data());
    }
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> environment(const std::map<std::string, std::string>& ours) {
    std::vector<std::string> out;
    for (char** entry = environ; *entry != nullptr; ++entry) {
        const std::string text = *entry;
        if (ours.count(text.substr(0, text.find('='))) == 0) {
            out.push_back(text);
        }
    }
    for (const auto& [name, value] : ours) {
        out.push_back(name + "=" + value);
    }
    return out;
}

/// What the child does between fork and exec: system calls alone.
struct Launch {
    const char* program;
    char** arguments;
    char** environment;
    int input, output, error, alive;
};

[[noreturn]] void launch(const Launch& how) {
    ::setsid();  // no prompt may reach the terminal of whoever runs the tests
    ::dup2(how.input, STDIN_FILENO);
    ::dup2(how.output, STDOUT_FILENO);
    ::dup2(how.error, STDERR_FILENO);
    ::fcntl(how.alive, F_SETFD, 0);
    std::signal(SIGPIPE, SIG_DFL);
    ::execve(how.program, how.arguments, how.environment);
    ::_exit(127);
}

/// Appends what can be read; false at the end.
bool drain(int descriptor, std::string& to) {
    std::array<char, 65'536> block{};
    for (;;) {
        const ssize_t size = ::read(descriptor, block.data(), block.size());
        if (size > 0) {
            to.append(block.data(), static_cast<std::size_t>(size));
        } else if (size < 0 && errno == EINTR) {
            continue;
        } else {
            return size < 0 && errno == EAGAIN;
        }
    }
}

}  // namespace

ChildProcess::ChildProcess(const std::string& program, Options options) : name_(program) {
    std::signal(SIGPIPE, SIG_IGN);  // a program that ends early is found out by what it said
    PipeEnds in = make_pipe();
    PipeEnds out = make_pipe();
    PipeEnds error = make_pipe();
    PipeEnds alive = make_pipe();
    input_ = in.writer;
    output_ = out.reader;
    error_ = error.reader;
    alive_ = alive.reader;
    std::vector<std::string> arguments = std::move(options.arguments);
    arguments.insert(arguments.begin(), program);
    std::vector<std::string> variables = environment(options.environment);
    std::vector<char*> argv = pointers(arguments);
    std::vector<char*> envp = pointers(variables);
    pid_ = ::fork();
    if (pid_ == 0) {
        launch({program.c_str(), argv.data(), envp.data(), in.reader, out.writer, error.writer,
                alive.writer});
    }
    for (int* theirs : {&in.reader, &out.writer, &error.writer, &alive.writer}) {
        close_once(*theirs);
    }
    for (const int ours : {input_, output_, error_}) {
        set_non_blocking(ours);
    }
    if (pid_ < 0) {
        throw std::runtime_error(std::string("fork: ") + std::strerror(errno));
    }
    living().push_back(this);
}

/// All of them: one that is not listened to would wait for us, and others for it.
std::vector<ChildProcess*>& ChildProcess::living() {
    static std::vector<ChildProcess*> all;
    return all;
}

ChildProcess::~ChildProcess() {
    living().erase(std::remove(living().begin(), living().end(), this), living().end());
    if (!status_) {
        kill();
    }
    for (int* ours : {&input_, &output_, &error_, &alive_}) {
        close_once(*ours);
    }
}

void ChildProcess::turn(std::chrono::milliseconds wait) {
    std::vector<pollfd> watched;
    for (const ChildProcess* one : living()) {
        watched.push_back({one->output_, POLLIN, 0});
        watched.push_back({one->error_, POLLIN, 0});
        watched.push_back({one->to_write_.empty() ? -1 : one->input_, POLLOUT, 0});
        watched.push_back({one->alive_, POLLIN, 0});
    }
    ::poll(watched.data(), watched.size(), static_cast<int>(wait.count()));
    const pollfd* ready = watched.data();
    for (ChildProcess* one : living()) {
        one->take_turn(ready);
        ready += 4;
    }
}

void ChildProcess::take_turn(const pollfd* ready) {
    if (ready[0].revents != 0 && !drain(output_, out_)) {
        close_once(output_);
    }
    if (ready[1].revents != 0 && !drain(error_, errors_)) {
        close_once(error_);
    }
    if (ready[2].revents != 0) {
        const ssize_t size = ::write(input_, to_write_.data(), to_write_.size());
        if (size > 0) {
            to_write_.erase(0, static_cast<std::size_t>(size));
        } else if (size < 0 && errno != EAGAIN && errno != EINTR) {
            to_write_.clear();  // nobody reads it any more
            close_once(input_);
        }
    }
    if (ready[3].revents != 0) {
        close_once(alive_);
        int raw = 0;
        ::waitpid(pid_, &raw, 0);
        status_ = WIFEXITED(raw) ? WEXITSTATUS(raw) : 128 + WTERMSIG(raw);
    }
}

void ChildProcess::until(const std::string& what, const std::function<bool()>& done) {
    const auto deadline = Clock::now() + kPatience;
    while (!done()) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        const bool silent = output_ < 0 && error_ < 0 && status_;
        if (left.count() <= 0 || silent) {
            give_up(what);
        }
        turn(left);
    }
}

void ChildProcess::give_up(const std::string& what) const {
    throw std::runtime_error(name_ + ": no " + what +
                             (status_ ? "; it has ended with " + std::to_string(*status_) : "") +
                             "\n" + transcript());
}

std::string ChildProcess::transcript() const {
    return "--- it said ---\n" + out_ + "--- it complained ---\n" + errors_ + "---";
}

void ChildProcess::write(const std::string& text) {
    to_write_ += text;
    until("reader for its input", [this] { return to_write_.empty(); });
}

void ChildProcess::close_input() {
    close_once(input_);
}

std::optional<std::string> ChildProcess::take_line() {
    const std::size_t end = out_.find('\n', read_);
    if (end == std::string::npos) {
        return std::nullopt;
    }
    std::string line = out_.substr(read_, end - read_);
    read_ = end + 1;
    return line;
}

std::string ChildProcess::read_line() {
    std::optional<std::string> line;
    until("line", [&] {
        line = take_line();
        return line.has_value();
    });
    return *line;
}

std::string ChildProcess::read_until(const std::string& wanted) {
    std::string line;
    until("line with '" + wanted + "'", [&] {
        for (auto next = take_line(); next; next = take_line()) {
            line = *next;
            if (line.find(wanted) != std::string::npos) {
                return true;
            }
        }
        return false;
    });
    return line;
}

int ChildProcess::wait() {
    until("end", [this] { return status_ && output_ < 0 && error_ < 0; });
    return *status_;
}

void ChildProcess::send_signal(int signal) const {
    if (!status_) {
        ::kill(pid_, signal);
    }
}

void ChildProcess::kill() {
    send_signal(SIGKILL);
    if (!status_) {
        int raw = 0;
        ::waitpid(pid_, &raw, 0);
        status_ = 128 + SIGKILL;
    }
}

}  // namespace sotto::test
