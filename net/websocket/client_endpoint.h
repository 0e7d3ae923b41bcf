#pragma once

#include "net/loop/loop.h"
#include "net/proxy/proxy.h"
#include "net/tls/link_facts.h"
#include "net/wire/limits.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::net {

/// Why a link ended or never came to be.
struct LinkEnd {
    enum class How {
        unresolved,   ///< no address for the host
        unreachable,  ///< TCP refused or timed out, or closed before TLS said anything
        tls_failed,   ///< handshake failed (an older TLS, not TLS at all)
        untrusted,    ///< `judge` refused the relay's certificate
        not_a_relay,  ///< the upgrade was refused or lacks the subprotocol
        closed,       ///< the relay closed; `code` and `reason` are its
        lost,         ///< broke, or silent for 20 s
        closed_here,  ///< by `close`
    };
    How how = How::lost;
    int code = 0;        ///< WebSocket close code, if there was one
    std::string reason;  ///< the other end's bytes: hostile until made safe
};

/// The relay's certificate as the client saw it, before anything was sent.
struct RelayCertificate {
    Pin pin{};
    bool chain_verified = false;  ///< against the CA store, host name included
};

/// How an open link is watched (section 1).
struct LinkPace {
    Loop::Clock::duration ping = std::chrono::seconds(wire::kPingSeconds);
    Loop::Clock::duration silence = std::chrono::seconds(wire::kSilenceSeconds);
};

/// A WebSocket connection to one relay over TLS 1.3, subprotocol sotto.v1. Pings
/// every 10 s and gives up on a link that has been silent for 20 s (section 1).
/// All callbacks come on the loop; after on_end nothing more comes until the next connect.
/// It may go while the loop lives, also from one of its own callbacks.
class ClientEndpoint {
  public:
    struct Callbacks {
        /// Decides on the certificate inside the TLS handshake; false ends it (untrusted).
        std::function<bool(const RelayCertificate&)> judge;
        std::function<void(const LinkFacts&)> on_open;
        std::function<void(std::string_view text)> on_message;
        std::function<void(const LinkEnd&)> on_end;
    };

    /// With a proxy, every connection goes through it.
    ClientEndpoint(Loop& loop, Callbacks callbacks, LinkPace pace = {},
                   std::optional<Proxy> proxy = std::nullopt);
    ~ClientEndpoint();
    ClientEndpoint(const ClientEndpoint&) = delete;
    ClientEndpoint& operator=(const ClientEndpoint&) = delete;

    /// Starts connecting; any connection that stands is dropped silently first.
    void connect(const std::string& host, std::uint16_t port);
    void send(std::string text);  ///< ignored unless open
    /// Starts a clean close; on_end(closed_here) follows within 2 s.
    void close(std::uint16_t code, const std::string& reason);
    [[nodiscard]] bool is_open() const;
    [[nodiscard]] std::size_t queued_bytes() const;

    struct Impl;

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::net
