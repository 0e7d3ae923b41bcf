#pragma once

#include <sys/types.h>
#include <termios.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sotto::test {

/// What to run.
struct Program {
    std::vector<std::string> arguments;  ///< the first one is its path, or is looked up
    /// Over a small, fixed environment: PATH, TERM=xterm-256color, LC_ALL=C.UTF-8, TZ=UTC.
    std::vector<std::pair<std::string, std::string>> environment;
};

/// A program in the foreground of a pty. Its session belongs to a process that does nothing
/// but wait for it, as a shell would: when the process that a session belongs to ends, Linux
/// resets the modes of the terminal, and nobody could tell what the program left behind.
class Job {
  public:
    /// Runs it on `slave`, a pty that is no session's yet. Throws std::system_error.
    Job(const Program& program, int slave);
    /// Kills what still runs.
    ~Job();
    Job(const Job&) = delete;
    Job& operator=(const Job&) = delete;

    [[nodiscard]] pid_t pid() const noexcept { return pid_; }
    void signal(int number) const;

    /// Readable when the job changed; then `update` takes note. It blocks before that, and
    /// is false if nothing can be known any more.
    [[nodiscard]] int descriptor() const noexcept { return changes_; }
    bool update();

    [[nodiscard]] bool stopped() const noexcept { return stopped_; }
    [[nodiscard]] bool ended() const noexcept { return status_.has_value(); }
    /// The exit status; none if it still runs or ended by a signal.
    [[nodiscard]] std::optional<int> exit_status() const;
    /// The signal by which it ended; none if it still runs or ended by itself.
    [[nodiscard]] std::optional<int> end_signal() const;

  private:
    pid_t holder_ = -1;
    pid_t pid_ = -1;
    int changes_ = -1;
    bool stopped_ = false;
    std::optional<int> status_;  ///< as of waitpid(2)
};

}  // namespace sotto::test
