#include "test/support/job.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <map>
#include <system_error>

namespace sotto::test {

namespace {

constexpr int kExecFailed = 127;
constexpr int kMaxDescriptors = 1024;

/// What the holder says of the program: its process id first, then wait statuses.
struct Change {
    int value = 0;
};

[[noreturn]] void fail(const char* what) {
    throw std::system_error(errno, std::generic_category(), what);
}

/// argv or envp, terminated; the strings stay whose they are.
std::vector<char*> pointers(const std::vector<std::string>& strings) {
    std::vector<char*> out;
    for (const std::string& s : strings) {
        out.push_back(const_cast<char*>(s.c_str()));
    }
    out.push_back(nullptr);
    return out;
}

std::vector<std::string> environment(const Program& program) {
    std::map<std::string, std::string> all = {{"PATH", "/usr/bin:/bin"},
                                              {"TERM", "xterm-256color"},
                                              {"LC_ALL", "C.UTF-8"},
                                              {"TZ", "UTC"}};
    for (const char* taken : {"PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
        if (const char* value = std::getenv(taken); value != nullptr) {
            all[taken] = value;
        }
    }
    for (const auto& [name, value] : program.environment) {
        all[name] = value;
    }
    std::vector<std::string> out;
    for (const auto& [name, value] : all) {
        out.push_back(name + "=" + value);
    }
    return out;
}

void close_others(int keep) {
    for (int fd = STDERR_FILENO + 1; fd < kMaxDescriptors; ++fd) {
        if (fd != keep) {
            ::close(fd);
        }
    }
}

/// In the child: the terminal is its standard input, output and error, and its own.
void take_terminal(int slave) {
    ::setsid();
    ::ioctl(slave, TIOCSCTTY, 0);
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        ::dup2(slave, fd);
    }
}

[[noreturn]] void run_program(char* const* arguments, char* const* environment) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);
    ::tcsetpgrp(STDIN_FILENO, ::getpid());
    for (int number = 1; number < NSIG; ++number) {
        ::signal(number, SIG_DFL);
    }
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execvpe(arguments[0], arguments, environment);
    ::_exit(kExecFailed);
}

/// The holder's life: says how its only child is, then waits to be killed.
[[noreturn]] void hold(int changes, char* const* arguments, char* const* environment) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // It changes the foreground without being in it.
    ::signal(SIGTTOU, SIG_IGN);
    ::signal(SIGHUP, SIG_IGN);
    close_others(changes);
    const pid_t child = ::fork();
    if (child == 0) {
        run_program(arguments, environment);
    }
    Change change{child};
    do {
        if (::write(changes, &change, sizeof change) < 0) {
            ::_exit(1);
        }
    } while (::waitpid(child, &change.value, WUNTRACED | WCONTINUED) == child);
    for (;;) {
        ::pause();
    }
}

}  // namespace

Job::Job(const Program& program, int slave) {
    // Made before the fork: only simple calls are safe after it.
    const std::vector<std::string> names = environment(program);
    const std::vector<char*> envp = pointers(names);
    const std::vector<char*> argv = pointers(program.arguments);
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) {
        fail("pipe2");
    }
    holder_ = ::fork();
    if (holder_ < 0) {
        ::close(ends[0]);
        ::close(ends[1]);
        fail("fork");
    }
    if (holder_ == 0) {
        take_terminal(slave);
        hold(ends[1], argv.data(), envp.data());
    }
    ::close(ends[1]);
    changes_ = ends[0];
    Change first;
    if (::read(changes_, &first, sizeof first) != sizeof first || first.value <= 0) {
        fail("fork in the holder");
    }
    pid_ = first.value;
}

Job::~Job() {
    signal(SIGKILL);
    while (!ended() && update()) {  // the holder reaps it
    }
    ::kill(holder_, SIGKILL);
    ::waitpid(holder_, nullptr, 0);
    ::close(changes_);
}

void Job::signal(int number) const {
    if (!ended()) {
        ::kill(pid_, number);
    }
}

bool Job::update() {
    Change change;
    if (::read(changes_, &change, sizeof change) != sizeof change) {
        return false;
    }
    stopped_ = WIFSTOPPED(change.value);
    if (WIFEXITED(change.value) || WIFSIGNALED(change.value)) {
        status_ = change.value;
    }
    return true;
}

std::optional<int> Job::exit_status() const {
    return status_ && WIFEXITED(*status_) ? std::optional(WEXITSTATUS(*status_)) : std::nullopt;
}

std::optional<int> Job::end_signal() const {
    return status_ && WIFSIGNALED(*status_) ? std::optional(WTERMSIG(*status_)) : std::nullopt;
}

}  // namespace sotto::test
