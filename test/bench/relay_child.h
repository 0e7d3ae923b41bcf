#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sotto::bench {

/// A measured relay: a process of its own, on processor 0. It prints "... port N" once it
/// listens. The destructor ends it and waits for it, and it is killed if this program dies;
/// the thread that starts it must live as long.
class Child {
  public:
    /// Throws std::runtime_error if it does not print its port within 30 s.
    explicit Child(const std::vector<std::string>& command);
    /// For a program that prints nothing but listens on `port` of 127.0.0.1 within the same time.
    Child(const std::vector<std::string>& command, std::uint16_t port);
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] double cpu_seconds() const;  ///< of all its threads
    [[nodiscard]] double resident_bytes() const;
    [[nodiscard]] std::size_t descriptors() const;  ///< open ones

  private:
    void start(const std::vector<std::string>& command);
    void stop();

    pid_t pid_ = -1;
    int output_ = -1;
    std::uint16_t port_ = 0;
};

/// An unused port of 127.0.0.1, for programs that can't let the kernel choose.
[[nodiscard]] std::uint16_t free_port();

void stay_on_processor(int number);

}  // namespace sotto::bench
