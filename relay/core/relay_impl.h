#pragma once

#include "relay/core/connection.h"
#include "relay/core/relay.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

namespace sotto::relay {

/// Why something is refused.
struct Refusal {
    wire::ErrorCode code;
    std::string_view why = {};  ///< where the code alone would not say it
};

/// The relay core, in the sources of its parts: relay.cpp forwards, registration.cpp
/// greets and registers, lookups.cpp answers about users.
class Relay::Impl {
  public:
    Impl(const Shared& shared, Options given, Nonce nonce, Queued queue)
        : presence(shared.presence),
          admission(shared.admission),
          options(std::move(given)),
          make_nonce(std::move(nonce)),
          queued(std::move(queue)) {}

    /// Null if it is not there, or no longer heard.
    [[nodiscard]] Connection* find(ConnectionId id);

    [[nodiscard]] Place place_of(ConnectionId id) const { return {options.node, options.loop, id}; }
    [[nodiscard]] bool is_here(const Place& place) const {
        return place.loop == options.loop && place.node == options.node;
    }
    /// Where a user is who is online; else why nothing can be forwarded there.
    [[nodiscard]] tl::expected<Place, wire::ErrorCode> find_receiver(Connection& sender,
                                                                     std::string_view user);

    /// Answers with an error and closes if the error's row says so.
    void refuse(ConnectionId id, wire::ErrorMessage reply, Actions& out);
    void refuse(ConnectionId id, wire::ErrorCode code, std::string_view re, wire::Id message_id,
                Actions& out);
    void refuse(ConnectionId id, const Refusal& refusal, const wire::Forwardable& message,
                Actions& out);
    void close(ConnectionId id, wire::CloseCode code, std::string reason, Actions& out);
    /// The connection no longer stands for its user.
    void leave(ConnectionId id, const Connection& connection);

    void forward(ConnectionId id, Connection& connection, const wire::Forwardable& message,
                 std::string_view text, Time now, Actions& out);
    /// Answers the sender of a message that another relay has passed on.
    void bounce(const Place& from, const Refusal& refusal, std::string_view text, Actions& out);
    /// Why a connection of this relay's gets nothing more now, if so.
    [[nodiscard]] std::optional<Refusal> refusal_at(const Forward& message, std::string_view sender,
                                                    Time now);
    /// Remembers whose chat requests the sender will welcome.
    void note_acquaintance(Connection& sender, const wire::Forwardable& message);

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
        Limit limit;
        Time now;
    };
    /// Nothing more is read until `wait` has passed.
    void hold_back(ConnectionId id, std::chrono::milliseconds wait, const Cause& cause,
                   Actions& out);
    /// An error costs more than what it answers: who gets many is not read for a while.
    void count_refusals(ConnectionId id, Connection& connection, Time now, Actions& out);

    void reached(Limit limit) { ++counters.limited[limit]; }

    Presence& presence;
    Admission& admission;
    Options options;
    Nonce make_nonce;
    Queued queued;
    Counters counters;
    std::unordered_map<ConnectionId, Connection> connections;
    std::set<std::pair<Time, ConnectionId>> waiting;  ///< not registered yet, by deadline
};

}  // namespace sotto::relay
