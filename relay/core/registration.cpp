// Section 2: hello and register.
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
constexpr Refusal kNotWritable{ErrorCode::internal,
                               "the relay can't write its registry of names; try again later"};

constexpr std::size_t kAddressesKept = 1'024;  // before those at rest are forgotten

crypto::Bytes register_terms(const Connection& connection, const wire::Register& request) {
    crypto::Bytes out;
    const auto raw = [&](const auto& bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
    const auto lp = [&](const auto& bytes) {
        const auto size = static_cast<std::uint32_t>(bytes.size());
        raw(std::array<std::uint8_t, 4>{
            static_cast<std::uint8_t>(size >> 24U), static_cast<std::uint8_t>(size >> 16U),
            static_cast<std::uint8_t>(size >> 8U), static_cast<std::uint8_t>(size)});
        raw(bytes);
    };
    lp(connection.pin);
    lp(request.user);
    raw(request.identity);
    raw(connection.nonce);
    raw(connection.exporter);
    return out;
}

}  // namespace

void Relay::Impl::on_unregistered(ConnectionId id, Connection& connection, wire::Scan& scan,
                                  std::string_view text, Time now, Actions& out) {
    const bool fresh = connection.state == Connection::State::fresh;
    const std::string_view type = scan.message.type;
    if (scan.outcome == wire::Scan::Outcome::forward) {
        refuse(id, ErrorCode::not_registered, scan.message, out);
    } else if (scan.outcome == wire::Scan::Outcome::refuse) {
        if (!type.empty()) {
            scan.reply.code = ErrorCode::not_registered;  // a chat_* or relay, malformed besides
            scan.reply.message.clear();
        }
        refuse(id, std::move(scan.reply), out);
    } else if (fresh && type == "hello") {
        on_hello(id, connection, scan, text, out);
    } else if (!fresh && type == "register") {
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
    connection.state = Connection::State::greeted;
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
    if (const auto refusal = refusal_of(connection, request, now, out)) {
        const auto& row = wire::row_of(refusal->code);
        wire::ErrorMessage reply;
        reply.code = refusal->code;
        reply.message = refusal->why;
        reply.re = "register";
        reply.id = request.id;
        refuse(id, std::move(reply), out);
        if (!row.closes) {
            close(id, wire::CloseCode::policy, std::string(row.name), out);
        }
        return;
    }
    const auto replaced = directory.go_online(request.user, request.identity, id);
    connection.state = Connection::State::registered;
    connection.user = request.user;
    waiting.erase({connection.deadline, id});
    ++counters.registrations;
    if (replaced) {
        connections.at(*replaced).state = Connection::State::closing;  // stays online, by `id`
        refuse(*replaced, ErrorCode::replaced, "", {}, out);
    }
    out.emplace_back(Send{id, wire::encode(wire::Registered{request.user})});
    out.emplace_back(Note{Note::Level::info, "registered " + request.user});
}

std::optional<Refusal> Relay::Impl::refusal_of(const Connection& connection,
                                               const wire::Register& request, Time now,
                                               Actions& out) {
    if (!wire::is_user_name(request.user)) {
        return Refusal{ErrorCode::bad_name};
    }
    Address& address = address_of(connection, now);
    if (!address.registrations.take(options.limits.registrations, now)) {
        return Refusal{ErrorCode::rate_limited};  // before the signature: that is what costs
    }
    if (!crypto::verify(request.identity, "sotto/1 register", register_terms(connection, request),
                        request.signature)) {
        return Refusal{ErrorCode::bad_signature};
    }
    take_changes(out);
    if (blocked.count(request.user) != 0) {
        return kBlocked;
    }
    const Directory::User* owner = directory.find(request.user);
    if (owner != nullptr && owner->key != request.identity) {
        return Refusal{ErrorCode::name_taken};
    }
    if (!has_version_for_one_more()) {
        return kNotWritable;
    }
    if (owner != nullptr) {
        return std::nullopt;
    }
    if (!address.new_names.take(options.limits.new_names, now)) {
        return Refusal{ErrorCode::rate_limited};
    }
    if (const auto claimed = registry.claim(request.user, request.identity); !claimed) {
        out.emplace_back(Note{Note::Level::error, "registry: " + claimed.error()});
        return kNotWritable;
    }
    ++counters.new_names;
    out.emplace_back(Note{Note::Level::info, "new name " + request.user});
    return std::nullopt;
}

void Relay::Impl::send_away(const std::string& user, const Refusal& refusal, Actions& out) {
    const Directory::User* found = directory.find(user);
    if (found != nullptr && found->connection) {
        wire::ErrorMessage reply;
        reply.code = refusal.code;
        reply.message = refusal.why;
        refuse(*found->connection, std::move(reply), out);
    }
}

void Relay::Impl::take_changes(Actions& out) {
    const auto changes = registry.changes();
    if (!changes) {
        if (!std::exchange(registry_is_silent, true)) {
            out.emplace_back(Note{Note::Level::error, "registry: " + changes.error()});
        }
        return;
    }
    registry_is_silent = false;
    for (const Registry::Standing& name : *changes) {
        if (name.blocked) {
            blocked.insert(name.user);
            send_away(name.user, kBlocked, out);
        } else {
            blocked.erase(name.user);
        }
        const Directory::User* owner = directory.find(name.user);
        if (owner != nullptr && owner->key != name.key) {
            send_away(name.user, kReleased, out);
            directory.release(name.user);
        }
        if (name.key) {
            directory.add(name.user, *name.key);
        }
        out.emplace_back(Note{Note::Level::info, "name " + name.user + " is now " +
                                                     (name.key ? "owned" : "free") +
                                                     (name.blocked ? " and blocked" : "")});
    }
}

Relay::Impl::Address& Relay::Impl::address_of(const Connection& connection, Time now) {
    return addresses
        .try_emplace(connection.address, Address{TokenBucket(options.limits.registrations, now),
                                                 TokenBucket(options.limits.new_names, now)})
        .first->second;
}

void Relay::Impl::forget_addresses(Time now) {
    if (addresses.size() < kAddressesKept) {
        return;
    }
    for (auto at = addresses.begin(); at != addresses.end();) {
        const bool rested = at->second.registrations.is_full(options.limits.registrations, now) &&
                            at->second.new_names.is_full(options.limits.new_names, now);
        at = rested ? addresses.erase(at) : std::next(at);
    }
}

}  // namespace sotto::relay
