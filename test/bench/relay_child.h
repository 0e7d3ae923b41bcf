#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sotto::bench {

/// A relay under measurement: a process of its own, on processor 0. It prints
/// "... port N" once it listens. Ended and waited for with the object, and killed if this
/// program ends without a word; the thread that starts it must live as long.
class Child {
  public:
    /// Throws std::runtime_error if it does not say its port within 30 s.
    explicit Child(const std::vector<std::string>& command);
    /// One that says nothing, but was told to listen on `port` of 127.0.0.1; it has as long.
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

/// A port of 127.0.0.1 that nobody listens on, for who can't let the kernel choose.
[[nodiscard]] std::uint16_t free_port();

void stay_on_processor(int number);

}  // namespace sotto::bench
