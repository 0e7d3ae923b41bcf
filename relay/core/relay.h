#pragma once

#include "net/wire/envelope.h"
#include "net/wire/envelope_scan.h"
#include "relay/core/action.h"
#include "relay/core/admission.h"
#include "relay/core/claimed.h"
#include "relay/core/counters.h"
#include "relay/core/limits.h"
#include "relay/core/presence.h"

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
/// stores nor logs what it forwards. One serves the connections of one loop, on its
/// thread.
class Relay {
  public:
    /// What it shares with the relays of other loops; all of it must outlive the relay.
    struct Shared {
        Presence& presence;
        Admission& admission;
    };
    struct Options {
        std::uint32_t node = 0;  ///< these two are where its connections are
        std::uint32_t loop = 0;
        base::Pin pin{};  ///< spki_sha256 of the TLS key in use
        std::string software = "sotto-relay/0.1.0";
        std::size_t page_names = 1'000;  ///< most names in one user_list answer
        std::size_t max_message = wire::kMaxMessage;
        Limits limits;
    };
    /// Fills bytes with fresh randomness (the hello's nonce).
    using Nonce = std::function<base::RelayNonce()>;
    /// Bytes queued towards a connection of the relay's, asked before a forward.
    using Queued = std::function<std::size_t(ConnectionId)>;

    Relay(Shared shared, Options options, Nonce nonce, Queued queued);
    ~Relay();
    Relay(const Relay&) = delete;
    Relay& operator=(const Relay&) = delete;

    struct Arrival {
        ConnectionId connection = 0;
        base::Exporter exporter{};  ///< RFC 9266, of this TLS connection
        std::string address;        ///< whose limits it shares: an IPv4 address, or an IPv6 /64
        Time accepted{};            ///< when TCP was accepted
        /// Of the TLS key that it was shown; none: of the one in use now.
        std::optional<base::Pin> pin = std::nullopt;
    };
    void on_open(const Arrival& arrival, Time now, Actions& out);
    void on_message(ConnectionId from, std::string_view text, Time now, Actions& out);
    void on_too_large(ConnectionId from, Time now, Actions& out);
    void on_end(ConnectionId connection, Time now, Actions& out);
    /// Closes who has not registered in time. Call at least once a second.
    void on_tick(Time now, Actions& out);

    // What other relays and the registry have for a connection of this relay's, which may have
    // gone meanwhile.

    /// A message that another relay has passed on: forward it, or answer its sender.
    void on_delivery(const Forward& message, Time now, Actions& out);
    /// The error with which another relay answers a message that was passed on to it: for
    /// the sender, whose errors are counted here.
    void on_bounce(ConnectionId to, std::string error, Time now, Actions& out);
    /// A message of a connection of this relay's that the other relay had no room for.
    void on_undelivered(ConnectionId from, std::string_view text, Actions& out);
    void on_claimed(const Claimed& claimed, Actions& out);
    void on_replaced(ConnectionId connection, Actions& out);
    void on_dismissed(const Dismissal& dismissal, Actions& out);

    /// `shutting_down` to everyone, then closes with 1001.
    void shut_down(Actions& out);
    /// A reloaded certificate: registrations of *new* connections bind to it.
    void set_pin(const base::Pin& pin);
    /// Other limits, from now on and for all.
    void set_limits(const Limits& limits);

    [[nodiscard]] const Counters& counters() const noexcept;
    [[nodiscard]] std::size_t connections() const noexcept;

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::relay
