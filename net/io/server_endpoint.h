#pragma once

#include "net/io/link_facts.h"
#include "net/io/loop.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sotto::net {

using ConnectionId = std::uint64_t;  ///< never reused within a process

/// The accepting side: WebSocket over TLS 1.3 on one loop. HTTP 400 without the
/// subprotocol, 404 for another path, 1003 for a binary message, 1009 beyond
/// `max_message` (before buffering it). Nothing a peer sends throws through the loop.
class ServerEndpoint {
  public:
    struct Options {
        std::string certificate_file;  ///< PEM, chain allowed
        std::string key_file;          ///< PEM
        std::size_t max_message = 65'536;
        std::size_t max_queued_bytes = 4U << 20U;  ///< hard mark: the reader is cut
        std::uint32_t handshake_seconds = 10;      ///< TLS and upgrade together
        std::uint32_t ping_seconds = 10;
        std::uint32_t silence_seconds = 20;
        bool reuse_port = false;
    };

    /// The message at hand, to be forwarded as it came: same bytes, no copy.
    class Message {
      public:
        virtual ~Message() = default;
        [[nodiscard]] virtual std::string_view text() const = 0;
    };

    struct Callbacks {
        std::function<void(ConnectionId, const LinkFacts&)> on_open;
        std::function<void(ConnectionId, Message&)> on_message;
        /// A message over max_message was cut off; the owner sends `too_large` and closes.
        std::function<void(ConnectionId)> on_too_large;
        std::function<void(ConnectionId)> on_end;
    };

    /// Throws std::runtime_error with a sentence for the operator if certificate or
    /// key can't be read or do not fit each other.
    ServerEndpoint(Loop& loop, const Options& options, Callbacks callbacks);
    ~ServerEndpoint();
    ServerEndpoint(const ServerEndpoint&) = delete;
    ServerEndpoint& operator=(const ServerEndpoint&) = delete;

    /// Listens; port 0 lets the kernel choose. Returns the port, or a sentence.
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen(const std::string& address,
                                                                  std::uint16_t port);
    void stop_listening();

    void send(ConnectionId to, std::string text);
    void forward(ConnectionId to, Message& message);
    void close(ConnectionId id, std::uint16_t code, const std::string& reason);
    /// Stops or resumes reading: how a fast sender is held back.
    void pause_reading(ConnectionId id, bool paused);
    [[nodiscard]] std::size_t queued_bytes(ConnectionId id) const;
    [[nodiscard]] std::size_t connections() const;
    [[nodiscard]] const Pin& pin() const;  ///< of the certificate in use

    /// Reads certificate and key again, for new connections. A sentence on failure;
    /// the old ones then stay in use.
    [[nodiscard]] tl::expected<void, std::string> reload_certificate();

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::net
