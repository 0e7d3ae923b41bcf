#pragma once

#include "net/loop/connection_limiter.h"
#include "net/loop/loop.h"
#include "net/loop/memory_budget.h"
#include "net/tls/link_facts.h"
#include "net/wire/limits.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sotto::net {

using ConnectionId = std::uint64_t;  ///< never reused within a process

/// The accepting side: WebSocket over TLS 1.3 on one loop. HTTP 400 without the
/// subprotocol or for another version, 404 for another path, 1003 for a binary message,
/// 1009 beyond `max_message` (before buffering it). Nothing a peer sends throws through
/// the loop. It may go while the loop lives, also from one of its own callbacks.
class ServerEndpoint {
  public:
    struct Options {
        std::string certificate_file;  ///< PEM, chain allowed
        std::string key_file;          ///< PEM
        std::size_t max_message = wire::kMaxMessage;
        std::size_t max_queued_bytes = 4U << 20U;  ///< hard mark: the reader is cut
        std::uint32_t handshake_seconds = wire::kHandshakeSeconds;  ///< from accept
        std::uint32_t ping_seconds = wire::kPingSeconds;
        std::uint32_t silence_seconds = wire::kSilenceSeconds;
        std::string subprotocol{wire::kSubprotocol};  ///< empty: none is asked for
        ConnectionLimiter::Limits connections;
        std::shared_ptr<ConnectionLimiter> limiter;  ///< with others; null: one of its own
        ConnectionId first_id = 1;                   ///< of its connections; they count up
        bool reuse_port = false;  ///< other endpoints may listen there too, and share who comes
        bool binary_too = false;  ///< messages that are no text are not refused
        /// Shared with other endpoints of the process; none: nothing is counted.
        std::shared_ptr<MemoryBudget> memory = nullptr;
    };

    /// The message at hand, to be forwarded as it came: same bytes.
    class Message {
      public:
        virtual ~Message() = default;
        [[nodiscard]] virtual std::string_view text() const = 0;
        [[nodiscard]] virtual bool is_binary() const = 0;
    };

    struct Callbacks {
        std::function<void(ConnectionId, const LinkFacts&)> on_open;
        std::function<void(ConnectionId, Message&)> on_message;
        /// A message over max_message was cut off. The owner may still send; the endpoint
        /// closes with 1009.
        std::function<void(ConnectionId)> on_too_large;
        /// One that was open has ended, or begun to: nothing reaches it any more.
        std::function<void(ConnectionId)> on_end;
        /// A sentence for the operator: connections can't be accepted for now.
        std::function<void(const std::string&)> on_trouble = nullptr;
    };

    /// Since the start.
    struct Totals {
        std::uint64_t accepted = 0;
        std::uint64_t refused = 0;         ///< by the limits of connections
        std::uint64_t refused_memory = 0;  ///< no room for one more
        std::uint64_t failed = 0;          ///< accepted, but never open
        std::uint64_t cut_slow = 0;        ///< past max_queued_bytes
        std::uint64_t cut_silent = 0;      ///< heard nothing for silence_seconds
        std::uint64_t cut_memory = 0;      ///< waited longest when others needed the memory
    };

    /// What a connection takes by itself, measured: in TLS and the upgrade, and open.
    static constexpr std::size_t kHalfOpenMemory = 64U << 10U;
    static constexpr std::size_t kOpenMemory = 24U << 10U;

    /// Throws std::runtime_error with a sentence for the operator if certificate or
    /// key can't be read or do not fit each other.
    ServerEndpoint(Loop& loop, const Options& options, Callbacks callbacks);
    ~ServerEndpoint();
    ServerEndpoint(const ServerEndpoint&) = delete;
    ServerEndpoint& operator=(const ServerEndpoint&) = delete;

    /// Listens; port 0 lets the kernel choose. Returns the port, or a sentence.
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen(const std::string& address,
                                                                  std::uint16_t port);
    /// Also ends what has not finished its handshake.
    void stop_listening();

    void send(ConnectionId to, std::string_view text);
    void forward(ConnectionId to, Message& message);
    void close(ConnectionId id, std::uint16_t code, const std::string& reason);
    /// Stops or resumes reading: how a fast sender is held back.
    void pause_reading(ConnectionId id, bool paused);
    [[nodiscard]] std::size_t queued_bytes(ConnectionId id) const;
    /// The same for who is to decide whether more may be sent: beyond every mark if it stands
    /// since an earlier turn and is more than an eighth of what is left for all queues. So many
    /// slow readers leave room, and one that takes all may always be sent to.
    [[nodiscard]] std::size_t pressure(ConnectionId id) const;
    [[nodiscard]] std::size_t queued_bytes() const;  ///< towards all; looks at each
    [[nodiscard]] std::size_t connections() const;   ///< open ones
    [[nodiscard]] std::size_t half_open() const;     ///< in TLS or the upgrade
    [[nodiscard]] const Totals& totals() const;
    [[nodiscard]] const Pin& pin() const;  ///< of the certificate in use

    /// Reads certificate and key again, for new connections. A sentence on failure;
    /// the old ones then stay in use.
    [[nodiscard]] tl::expected<void, std::string> reload_certificate();
    /// The same with other options: the numbers of connections and the seconds hold at once,
    /// the rest for new connections. On failure nothing has changed.
    [[nodiscard]] tl::expected<void, std::string> reload(const Options& options);

    struct Impl;

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::net
