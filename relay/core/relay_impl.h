#pragma once

#include "relay/core/relay.h"
#include "relay/core/token_bucket.h"

#include <tl/expected.hpp>

#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace sotto::relay {

/// Who a connection wrote to last, for as long as the directory stays as it was: who talks
/// mostly writes to the same again, and then no table is looked into, and no lock taken.
struct Receiver {
    std::string user;
    ConnectionId connection = 0;
    std::int64_t as_of = 0;  ///< version of the directory
};

/// One connection's place in the protocol.
struct Connection {
    enum class State { fresh, greeted, claiming, registered, closing };
    State state = State::fresh;
    base::Exporter exporter{};
    base::RelayNonce nonce{};
    base::Pin pin{};  ///< of the certificate this connection saw
    Time deadline{};  ///< for its registration
    std::string address;
    std::string user;
    TokenBucket lookups;
    TokenBucket requests;
    TokenBucket relay_bytes;
    TokenBucket refusals;
    std::uint32_t refused = 0;    ///< errors that `refusals` does not count yet
    std::int64_t listing = 0;     ///< the version at which its listing of everyone started
    std::int64_t listing_at = 0;  ///< where that listing goes on; 0: none under way
    Receiver receiver = {};
};

/// Why a registration is refused, or a user sent away.
struct Refusal {
    wire::ErrorCode code;
    std::string_view why = {};  ///< where the code alone would not say it
};

/// The relay core, in the sources of its parts: relay.cpp forwards, registration.cpp
/// greets and registers, lookups.cpp answers about users.
class Relay::Impl {
  public:
    Impl(Hub& shared, Options given, Nonce nonce, Queued queue)
        : hub(shared),
          options(std::move(given)),
          make_nonce(std::move(nonce)),
          queued(std::move(queue)) {}

    /// Null if it is not there, or no longer heard.
    [[nodiscard]] Connection* find(ConnectionId id);

    /// The connection of a user who is online; else why nothing can be forwarded there.
    [[nodiscard]] tl::expected<ConnectionId, wire::ErrorCode> find_receiver(Connection& sender,
                                                                            std::string_view user);

    /// Answers with an error and closes if the error's row says so.
    void refuse(ConnectionId id, wire::ErrorMessage reply, Actions& out);
    void refuse(ConnectionId id, wire::ErrorCode code, std::string_view re, wire::Id message_id,
                Actions& out);
    void refuse(ConnectionId id, wire::ErrorCode code, const wire::Forwardable& message,
                Actions& out);
    void close(ConnectionId id, wire::CloseCode code, std::string reason, Actions& out);
    /// The connection no longer stands for its user.
    void leave(ConnectionId id, const Connection& connection);

    void forward(ConnectionId id, Connection& connection, const wire::Forwardable& message,
                 std::size_t size, Time now, Actions& out);
    /// Answers the sender of a message that was passed on between relays.
    void refuse_delivery(ConnectionId from, wire::ErrorCode code, std::string_view text,
                         Actions& out);

    /// Before registration: the only message that is expected, and what is said to others.
    void on_unregistered(ConnectionId id, Connection& connection, wire::Scan& scan,
                         std::string_view text, Time now, Actions& out);
    void on_hello(ConnectionId id, Connection& connection, const wire::Scan& scan,
                  std::string_view text, Actions& out);
    void on_register(ConnectionId id, Connection& connection, std::string_view text, Time now,
                     Actions& out);
    /// With what a registration is refused, if it is, before the registry is asked.
    [[nodiscard]] std::optional<Refusal> refusal_of(const Connection& connection,
                                                    const wire::Register& request, Time now);
    void refuse_registration(ConnectionId id, const Refusal& refusal, wire::Id message_id,
                             Actions& out);
    /// The name belongs to the key.
    void complete(ConnectionId id, Connection& connection, const IdentityKey& key,
                  wire::Id message_id, Actions& out);

    void on_lookup(ConnectionId id, Connection& connection, const wire::Scan& scan,
                   std::string_view text, Time now, Actions& out);
    void answer(ConnectionId id, const wire::GetPubkey& request, Actions& out);
    void answer(ConnectionId id, Connection& connection, const wire::GetUserList& request,
                Actions& out);

    void count(const wire::Scan& scan, std::size_t size);
    /// What holds somebody back, and since when.
    struct Cause {
        Counters::Limit limit;
        Time now;
    };
    /// Nothing more is read until `wait` has passed.
    void hold_back(ConnectionId id, Time wait, const Cause& cause, Actions& out);
    /// An error costs more than what it answers: who gets many is not read for a while.
    void count_refusals(ConnectionId id, Connection& connection, Time now, Actions& out);

    Hub& hub;
    Options options;
    Nonce make_nonce;
    Queued queued;
    Counters counters;
    std::unordered_map<ConnectionId, Connection> connections;
    std::set<std::pair<Time, ConnectionId>> waiting;  ///< not registered yet, by deadline
};

}  // namespace sotto::relay
