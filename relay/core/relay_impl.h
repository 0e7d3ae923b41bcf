#pragma once

#include "relay/core/relay.h"
#include "relay/core/token_bucket.h"

#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

namespace sotto::relay {

/// One connection's place in the protocol.
struct Connection {
    enum class State { fresh, greeted, registered, closing };
    State state = State::fresh;
    std::array<std::uint8_t, 32> exporter{};
    std::array<std::uint8_t, 32> nonce{};
    std::array<std::uint8_t, 32> pin{};  ///< of the certificate this connection saw
    Time deadline{};                     ///< for its registration
    std::string address;
    std::string user;
    TokenBucket lookups;
    TokenBucket requests;
    TokenBucket relay_bytes;
    std::int64_t listing = 0;     ///< the version at which its listing of everyone started
    std::int64_t listing_at = 0;  ///< where that listing goes on; 0: none under way
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
    /// What the connections of one address share.
    struct Address {
        TokenBucket registrations;
        TokenBucket new_names;
    };

    Impl(Registry& names, Options given, Nonce nonce, Queued queue);

    /// Answers with an error and closes if the error's row says so.
    void refuse(ConnectionId id, wire::ErrorMessage reply, Actions& out);
    void refuse(ConnectionId id, wire::ErrorCode code, std::string_view re, wire::Id message_id,
                Actions& out);
    void refuse(ConnectionId id, wire::ErrorCode code, const wire::Forwardable& message,
                Actions& out);
    void close(ConnectionId id, wire::CloseCode code, std::string reason, Actions& out);
    /// The connection no longer stands for its user.
    void leave(Connection& connection);

    void forward(ConnectionId id, Connection& connection, const wire::Forwardable& message,
                 std::size_t size, Time now, Actions& out);

    /// Before registration: the only message that is expected, and what is said to others.
    void on_unregistered(ConnectionId id, Connection& connection, wire::Scan& scan,
                         std::string_view text, Time now, Actions& out);
    void on_hello(ConnectionId id, Connection& connection, const wire::Scan& scan,
                  std::string_view text, Actions& out);
    void on_register(ConnectionId id, Connection& connection, std::string_view text, Time now,
                     Actions& out);
    /// With what a registration is refused, if it is. If not, a new name is durable.
    [[nodiscard]] std::optional<Refusal> refusal_of(const Connection& connection,
                                                    const wire::Register& request, Time now,
                                                    Actions& out);
    [[nodiscard]] Address& address_of(const Connection& connection, Time now);
    void forget_addresses(Time now);

    /// Takes over what an operator has released or blocked meanwhile; who is concerned goes.
    void take_changes(Actions& out);
    void send_away(const std::string& user, const Refusal& refusal, Actions& out);

    void on_lookup(ConnectionId id, Connection& connection, const wire::Scan& scan,
                   std::string_view text, Time now, Actions& out);
    void answer(ConnectionId id, const wire::GetPubkey& request, Actions& out);
    void answer(ConnectionId id, Connection& connection, const wire::GetUserList& request,
                Actions& out);

    /// No version above `reserved` is given out: each that may yet be needed is held back.
    [[nodiscard]] bool has_version_for_one_more() const;
    void reserve_versions(Actions& out);

    void count(const wire::Scan& scan, std::size_t size);

    Registry& registry;
    Options options;
    Nonce make_nonce;
    Queued queued;
    std::int64_t reserved;
    Directory directory;
    Counters counters;
    std::unordered_map<ConnectionId, Connection> connections;
    std::set<std::pair<Time, ConnectionId>> waiting;  ///< not registered yet, by deadline
    std::unordered_map<std::string, Address> addresses;
    std::unordered_set<std::string> blocked;
    bool registry_is_silent = false;  ///< its changes can't be read; said so
};

}  // namespace sotto::relay
