#pragma once

#include <poll.h>
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sotto::test {

/// A program that a test runs: its input and outputs are pipes, every wait has a deadline
/// and polls, and it is killed with the object. A wait that is in vain
/// throws std::runtime_error with all that the program said. While one is awaited all of
/// them are listened to. For one thread.
class ChildProcess {
  public:
    struct Options {
        std::vector<std::string> arguments;
        std::map<std::string, std::string> environment;  ///< beside the parent's
    };
    ChildProcess(const std::string& program, Options options);
    ~ChildProcess();
    ChildProcess(const ChildProcess&) = delete;
    ChildProcess& operator=(const ChildProcess&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Hands `text` to its input, and meanwhile reads what it says: neither waits for the other.
    void write(const std::string& text);
    void write_line(const std::string& line) { write(line + "\n"); }
    void close_input();

    /// The next line of its standard output, without its end.
    [[nodiscard]] std::string read_line();
    /// Reads lines until `wanted` is in one; that line.
    std::string read_until(const std::string& wanted);
    /// Its exit status; 128 and the signal's number if one ended it.
    int wait();
    void send_signal(int signal) const;
    void kill();  ///< at once, and waits until it is gone

    [[nodiscard]] const std::string& said() const { return out_; }           ///< standard output
    [[nodiscard]] const std::string& complained() const { return errors_; }  ///< standard error
    /// Both, for a message.
    [[nodiscard]] std::string transcript() const;

  private:
    /// Reads and writes until `done`; throws once nothing can come of it any more.
    void until(const std::string& what, const std::function<bool()>& done);
    static void turn(std::chrono::milliseconds wait);
    void take_turn(const pollfd* ready);
    [[nodiscard]] static std::vector<ChildProcess*>& living();
    [[nodiscard]] std::optional<std::string> take_line();
    [[noreturn]] void give_up(const std::string& what) const;

    std::string name_;
    pid_t pid_ = -1;
    int input_ = -1;
    int output_ = -1;
    int error_ = -1;
    int alive_ = -1;  ///< a pipe whose other end the child holds until it is gone
    std::string to_write_;
    std::string out_;
    std::string errors_;
    std::size_t read_ = 0;  ///< so much of out_ was handed out
    std::optional<int> status_;
};

}  // namespace sotto::test
