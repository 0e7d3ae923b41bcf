// Section 2: hello and register.
#include "crypto/base/enum_table.h"
#include "crypto/base/octet_writer.h"
#include "crypto/identity.h"
#include "net/wire/user_name.h"
#include "relay/core/relay_impl.h"

#include <algorithm>
#include <utility>

namespace sotto::relay {

using wire::ErrorCode;

namespace {

constexpr Refusal kBlocked{ErrorCode::name_taken,
                           "the operator of this relay has blocked this name"};
constexpr Refusal kReleased{ErrorCode::not_registered,
                            "the operator of this relay has released this name"};
constexpr Refusal kChanged{ErrorCode::internal, "this name is changing its owner; try again"};
constexpr Refusal kFull{ErrorCode::rate_limited, "this relay accepts no more names"};
constexpr Refusal kNotWritable{ErrorCode::internal,
                               "the relay can't write its registry of names; try again later"};

/// With what a registration ends that the presence refuses. All of it happens between a look
/// at the name and the arrival, as when two keys race for a name.
struct RefusalRow {
    Presence::Refused key;
    Refusal refusal;
};
constexpr base::EnumTable<Presence::Refused, RefusalRow> kRefusals({
    {Presence::Refused::unowned, kChanged},
    {Presence::Refused::not_the_owner, {ErrorCode::name_taken}},
    {Presence::Refused::blocked, kBlocked},
    {Presence::Refused::no_version, kNotWritable},
});

base::Bytes register_terms(const Connection& connection, const wire::Register& request) {
    return base::OctetWriter()
        .lp(connection.pin)
        .lp(request.user)
        .raw(request.identity)
        .raw(connection.nonce)
        .raw(connection.exporter)
        .bytes();
}

}  // namespace

void Relay::Impl::on_unregistered(ConnectionId id, Connection& connection, wire::Scan& scan,
                                  std::string_view text, Time now, Actions& out) {
    const bool fresh = connection.is(Connection::State::fresh);
    const std::string_view type = scan.message.type;
    if (scan.outcome == wire::Scan::Outcome::forward) {
        refuse(id, {ErrorCode::not_registered}, scan.message, out);
    } else if (scan.outcome == wire::Scan::Outcome::refuse) {
        if (!type.empty()) {
            scan.reply->code = ErrorCode::not_registered;  // a chat_* or relay, malformed besides
            scan.reply->message.clear();
        }
        refuse(id, std::move(*scan.reply), out);
    } else if (fresh && type == "hello") {
        on_hello(id, connection, scan, text, out);
    } else if (connection.is(Connection::State::greeted) && type == "register") {
        on_register(id, connection, text, now, out);
    } else {
        const bool again = !fresh && type == "hello";
        refuse(id, again ? ErrorCode::bad_message : ErrorCode::not_registered, type,
               scan.message.id, out);
    }
}

void Relay::Impl::on_hello(ConnectionId id, Connection& connection, const wire::Scan& scan,
                           std::string_view text, Actions& out) {
    const auto message = wire::decode_from_client(text);
    if (!message) {
        refuse(id, message.error().reply, out);
        return;
    }
    const auto& versions = std::get<wire::ClientHello>(*message).versions;
    if (std::find(versions.begin(), versions.end(), wire::kVersion) == versions.end()) {
        refuse(id, ErrorCode::unsupported_version, "hello", scan.message.id, out);
        return;
    }
    connection.become(Connection::State::greeted);
    connection.nonce = make_nonce();
    wire::RelayHello hello;
    hello.nonce = connection.nonce;
    hello.max_message = static_cast<std::int64_t>(options.max_message);
    hello.software = options.software;
    out.emplace_back(Send{id, wire::encode(hello)});
}

void Relay::Impl::on_register(ConnectionId id, Connection& connection, std::string_view text,
                              Time now, Actions& out) {
    const auto message = wire::decode_from_client(text);
    if (!message) {
        refuse(id, message.error().reply, out);
        return;
    }
    const auto& request = std::get<wire::Register>(*message);
    if (const auto refusal = refusal_of(connection, request, now)) {
        refuse_registration(id, *refusal, request.id, out);
        return;
    }
    connection.user = request.user;
    if (presence.find(request.user)) {
        complete(id, connection, request.identity, request.id, out);
    } else {
        connection.become(Connection::State::claiming);
        out.emplace_back(Claim{place_of(id), request.user, request.identity, request.id});
    }
}

std::optional<Refusal> Relay::Impl::refusal_of(const Connection& connection,
                                               const wire::Register& request, Time now) {
    if (!wire::is_user_name(request.user)) {
        return Refusal{ErrorCode::bad_name};
    }
    const Limits& limits = options.limits;
    if (!connection.network->registrations.take(limits.registrations, now)) {
        reached(Limit::registrations);
        return Refusal{ErrorCode::rate_limited};  // before the signature: that is what costs
    }
    if (!crypto::verify(request.identity, "sotto/1 register", register_terms(connection, request),
                        request.signature)) {
        return Refusal{ErrorCode::bad_signature};
    }
    if (presence.is_blocked(request.user)) {
        return kBlocked;
    }
    const auto owner = presence.find(request.user);
    if (owner && owner->key != request.identity) {
        return Refusal{ErrorCode::name_taken};
    }
    if (!owner && limits.max_names != 0 && presence.registered() >= limits.max_names) {
        reached(Limit::max_names);
        return kFull;
    }
    if (!owner && !connection.network->new_names.take(limits.new_names, now)) {
        reached(Limit::new_names);
        return Refusal{ErrorCode::rate_limited};
    }
    return std::nullopt;
}

void Relay::Impl::refuse_registration(ConnectionId id, const Refusal& refusal, wire::Id message_id,
                                      Actions& out) {
    const auto& row = wire::row_of(refusal.code);
    wire::ErrorMessage reply;
    reply.code = refusal.code;
    reply.message = refusal.why;
    reply.re = "register";
    reply.id = message_id;
    refuse(id, std::move(reply), out);
    if (!row.closes) {
        close(id, wire::CloseCode::policy, std::string(row.name), out);
    }
}

void Relay::Impl::complete(ConnectionId id, Connection& connection, const IdentityKey& key,
                           wire::Id message_id, Actions& out) {
    const auto arrival = presence.arrive(connection.user, key, place_of(id));
    if (!arrival) {
        refuse_registration(id, kRefusals[arrival.error()].refusal, message_id, out);
        return;
    }
    connection.become(Connection::State::registered);
    connection.allowance = admission.of_user(connection.user);
    waiting.erase({connection.deadline, id});
    ++counters.registrations;
    if (arrival->replaced) {
        out.emplace_back(Replace{*arrival->replaced});
    }
    out.emplace_back(Send{id, wire::encode(wire::Registered{connection.user})});
    out.emplace_back(Note{Note::Level::info, "registered " + connection.user});
}

void Relay::on_claimed(const Claimed& claimed, Actions& out) {
    using Result = Claimed::Result;
    const Claim& claim = claimed.claim;
    const ConnectionId id = claim.claimant.connection;
    if (claimed.result == Result::owned) {
        ++impl_->counters.new_names;
        out.emplace_back(Note{Note::Level::info, "new name " + claim.user});
    }
    Connection* connection = impl_->find(id);
    if (connection == nullptr) {
        return;  // the name stays its key's
    }
    if (claimed.result == Result::owned) {
        impl_->complete(id, *connection, claim.key, claim.message_id, out);
        return;
    }
    const Refusal refusal = claimed.result == Result::blocked ? kBlocked
                            : claimed.result == Result::taken ? Refusal{ErrorCode::name_taken}
                                                              : kNotWritable;
    impl_->refuse_registration(id, refusal, claim.message_id, out);
}

void Relay::on_replaced(ConnectionId connection, Actions& out) {
    if (impl_->find(connection) != nullptr) {
        impl_->refuse(connection, ErrorCode::replaced, "", {}, out);
    }
}

void Relay::on_dismissed(const Dismissal& dismissal, Actions& out) {
    const ConnectionId id = dismissal.place.connection;
    if (impl_->find(id) != nullptr) {
        const Refusal& refusal = dismissal.why == Dismissal::Why::blocked ? kBlocked : kReleased;
        wire::ErrorMessage reply;
        reply.code = refusal.code;
        reply.message = refusal.why;
        impl_->refuse(id, std::move(reply), out);
    }
}

}  // namespace sotto::relay
