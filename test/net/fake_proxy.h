#pragma once

#include "net/system/descriptor.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sotto::test {

/// A proxy on loopback for one connection, in a thread of its own: for each step it reads what the
/// client says and answers, then it passes bytes between the client and `target` on 127.0.0.1
/// until either ends.
class FakeProxy {
  public:
    struct Step {
        std::string until;     ///< the client has said what ends so, or ...
        std::size_t size = 0;  ///< ... so many bytes
        std::string answer;
    };
    FakeProxy(std::vector<Step> steps, std::uint16_t target);
    ~FakeProxy();
    FakeProxy(const FakeProxy&) = delete;
    FakeProxy& operator=(const FakeProxy&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    /// All that the client said before the relay was reached.
    [[nodiscard]] std::string heard() const;

  private:
    void serve();
    void pass_on(int client) const;

    std::vector<Step> steps_;
    std::uint16_t target_;
    std::uint16_t port_ = 0;
    net::Descriptor listener_;
    std::atomic<bool> stopping_{false};
    mutable std::mutex lock_;
    std::string heard_;
    std::thread thread_;
};

}  // namespace sotto::test
