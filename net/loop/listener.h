#pragma once

#include "crypto/base/say_once.h"
#include "net/loop/poller.h"
#include "net/system/descriptor.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace sotto::net {

/// Accepts TCP connections. When the system has no more descriptors or memory for one it
/// waits a little, rather than being woken for it again and again. It says so once, until a
/// minute has passed without that: each connection that goes makes room for one.
class Listener final : private Poller::Watcher {
  public:
    /// Who connected.
    struct Caller {
        std::string address;  ///< without port; IPv4 in its own notation
        std::string network;  ///< the address, of IPv6 its /64
    };
    using OnAccept = std::function<void(Descriptor socket, const Caller& caller)>;
    using OnTrouble = std::function<void(const std::string& sentence)>;

    Listener(Loop& loop, OnAccept on_accept, OnTrouble on_trouble);
    ~Listener() override;
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;

    /// Returns the port (0 lets the kernel choose), or a sentence for the operator.
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen(const std::string& address,
                                                                  std::uint16_t port,
                                                                  bool reuse_port);
    void stop();

  private:
    void on_ready(Poller::Ready ready) override;
    void on_turn_end() override {}

    Loop& loop_;
    OnAccept on_accept_;
    OnTrouble on_trouble_;
    Descriptor socket_;
    Loop::Timer retry_;
    base::SayOnce<Loop::Clock::time_point> trouble_{std::chrono::minutes(1)};
};

}  // namespace sotto::net
