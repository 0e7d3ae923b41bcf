#include "tui/startup/prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>

namespace sotto::program {

namespace {

constexpr std::size_t kMaxAnswer = 4'096;

volatile std::sig_atomic_t caught = 0;  // NOLINT: a handler can't write to anything else

}  // namespace

/// While it exists, the terminal does not show typing, and signals that would end or stop the
/// process are delivered only in `await_input`, so that none is missed.
class HiddenInput {
  public:
    explicit HiddenInput(int terminal) : terminal_(terminal) {
        caught = 0;
        struct sigaction note {};
        note.sa_handler = [](int signal) { caught = signal; };
        sigset_t ours;
        ::sigemptyset(&ours);
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            ::sigaddset(&ours, kSignals[i]);
        }
        ::sigprocmask(SIG_BLOCK, &ours, &mask_before_);
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            ::sigaction(kSignals[i], &note, &before_[i]);
        }
        is_terminal_ = ::tcgetattr(terminal_, &shown_) == 0;
        if (is_terminal_) {
            termios hidden = shown_;
            hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
            hidden.c_lflag |= ECHONL;  // only the newline
            ::tcsetattr(terminal_, TCSAFLUSH, &hidden);
        }
    }
    ~HiddenInput() {
        if (is_terminal_) {
            ::tcsetattr(terminal_, TCSADRAIN, &shown_);
        }
        for (std::size_t i = 0; i < kSignals.size(); ++i) {
            ::sigaction(kSignals[i], &before_[i], nullptr);
        }
        ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
    }
    HiddenInput(const HiddenInput&) = delete;
    HiddenInput& operator=(const HiddenInput&) = delete;

    /// Waits until there is input (true) or a signal (false).
    [[nodiscard]] bool await_input() const {
        pollfd readable{terminal_, POLLIN, 0};
        while (caught == 0 && ::ppoll(&readable, 1, nullptr, &mask_before_) < 1) {
        }
        return caught == 0;
    }

  private:
    static constexpr std::array<int, 5> kSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    int terminal_;
    bool is_terminal_ = false;
    termios shown_{};
    sigset_t mask_before_{};
    std::array<struct sigaction, kSignals.size()> before_{};
};

namespace {

enum class Read { line, end, interrupted };

/// Byte by byte, because the rest after the line is not ours. Gives up if `await_input` is false.
template <class AwaitInput>
Read read_line(int input, std::string& line, const AwaitInput& await_input) {
    line.clear();
    line.reserve(kMaxAnswer);  // a growing string would leave copies of the secret
    while (await_input()) {
        char c = 0;
        const ssize_t size = ::read(input, &c, 1);
        if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
            continue;
        }
        if (size <= 0) {
            return line.empty() ? Read::end : Read::line;
        }
        if (c == '\n') {
            return Read::line;
        }
        if (line.size() < kMaxAnswer) {
            line += c;
        }
    }
    return Read::interrupted;
}

std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(" \t\r");
    return begin == std::string::npos
               ? ""
               : text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

}  // namespace

bool Prompt::somebody_there() const {
    return ::isatty(input_) != 0 && ::isatty(output_) != 0;
}

void Prompt::say(const std::string& text) const {
    for (std::size_t done = 0; done < text.size();) {
        const ssize_t wrote = ::write(output_, text.data() + done, text.size() - done);
        if (wrote < 0 && errno != EINTR) {
            return;
        }
        done += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
    }
}

Prompt find_prompt() {
    const int terminal = ::isatty(STDIN_FILENO) != 0 ? -1 : ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    return terminal < 0 ? Prompt(STDIN_FILENO, STDERR_FILENO) : Prompt(terminal, terminal);
}

void Prompt::show_typing() const {
    hidden_.reset();
}

std::string Prompt::ask(const std::string& question) const {
    show_typing();
    say(question);
    std::string line;
    const auto await_input = [this] {
        pollfd readable{input_, POLLIN, 0};
        ::poll(&readable, 1, -1);
        return true;
    };
    if (read_line(input_, line, await_input) == Read::end) {
        say("\n");
        throw Left();
    }
    return trimmed(line);
}

std::string Prompt::ask_hidden(const std::string& question) const {
    for (;;) {
        std::string line;
        if (!hidden_) {
            hidden_ = std::make_shared<HiddenInput>(input_);  // before the person can answer
        }
        say(question);
        const Read read = read_line(input_, line, [&] { return hidden_->await_input(); });
        if (read == Read::line) {
            return line;
        }
        show_typing();
        say("\n");
        if (read == Read::end) {
            throw Left();
        }
        std::raise(caught);  // after a stop, ask again
    }
}

}  // namespace sotto::program
