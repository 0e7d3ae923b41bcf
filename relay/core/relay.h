#pragma once

#include "net/wire/envelope.h"
#include "net/wire/envelope_scan.h"
#include "relay/core/action.h"
#include "relay/core/counters.h"
#include "relay/core/directory.h"
#include "relay/core/limits.h"
#include "relay/core/registry.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::relay {

/// The zero-trust broker (sections 2, 3 and 10), transport-free: events and the time
/// go in, actions come out. It forwards byte for byte, checks `from`, and neither
/// stores nor logs what it forwards.
class Relay {
  public:
    struct Options {
        std::array<std::uint8_t, 32> pin{};  ///< spki_sha256 of the TLS key in use
        std::string software = "sotto-relay/0.1.0";
        std::size_t page_names = 1'000;  ///< most names in one user_list answer
        std::size_t max_message = wire::kMaxMessage;
        Limits limits;
        std::int64_t version_block = std::int64_t{1} << 30;  ///< versions reserved at a time
    };
    /// Fills bytes with fresh randomness (the hello's nonce).
    using Nonce = std::function<std::array<std::uint8_t, 32>()>;
    /// Bytes queued towards a connection, asked before a forward.
    using Queued = std::function<std::size_t(ConnectionId)>;

    /// `registry` must outlive the relay. Throws std::runtime_error with a sentence for
    /// the operator if it can't be read or no versions can be reserved.
    Relay(Registry& registry, Options options, Nonce nonce, Queued queued);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    struct Arrival {
        ConnectionId connection = 0;
        std::array<std::uint8_t, 32> exporter{};  ///< RFC 9266, of this TLS connection
        std::string address;  ///< whose limits it shares: an IPv4 address, or an IPv6 /64
        Time accepted{};      ///< when TCP was accepted
        /// Of the TLS key that it was shown; none: of the one in use now.
        std::optional<std::array<std::uint8_t, 32>> pin = std::nullopt;
    };
    void on_open(const Arrival& arrival, Time now, Actions& out);
    void on_message(ConnectionId from, std::string_view text, Time now, Actions& out);
    void on_too_large(ConnectionId from, Time now, Actions& out);
    void on_end(ConnectionId connection, Time now, Actions& out);
    /// Closes who has not registered in time and whose name was released or blocked, tries
    /// again to reserve versions where that failed. Call at least once a second.
    void on_tick(Time now, Actions& out);
    /// `shutting_down` to everyone, then closes with 1001.
    void shut_down(Actions& out);
    /// A reloaded certificate: registrations of *new* connections bind to it.
    void set_pin(const std::array<std::uint8_t, 32>& pin);
    /// Other limits, from now on and for all.
    void set_limits(const Limits& limits);

    [[nodiscard]] const Directory& directory() const noexcept;
    [[nodiscard]] const Counters& counters() const noexcept;
    [[nodiscard]] std::size_t connections() const noexcept;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::relay
