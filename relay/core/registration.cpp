// Section 2: hello and register.
#include "crypto/identity.h"
#include "net/wire/user_name.h"
#include "relay/core/relay_impl.h"

#include <algorithm>

namespace sotto::relay {

using wire::ErrorCode;

namespace {

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
    if (const auto code = refusal_of(connection, request, now, out)) {
        refuse(id, *code, "register", request.id, out);
        if (!wire::row_of(*code).closes) {
            close(id, wire::CloseCode::policy, std::string(wire::row_of(*code).name), out);
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

std::optional<ErrorCode> Relay::Impl::refusal_of(const Connection& connection,
                                                 const wire::Register& request, Time now,
                                                 Actions& out) {
    if (!wire::is_user_name(request.user)) {
        return ErrorCode::bad_name;
    }
    Address& address = address_of(connection, now);
    if (!address.registrations.take(options.limits.registrations, now)) {
        return ErrorCode::rate_limited;  // before a signature is looked at: that is what costs
    }
    if (!crypto::verify(request.identity, "sotto/1 register", register_terms(connection, request),
                        request.signature)) {
        return ErrorCode::bad_signature;
    }
    const Directory::User* owner = directory.find(request.user);
    if (owner != nullptr && owner->key != request.identity) {
        return ErrorCode::name_taken;
    }
    if (!has_version_for_one_more()) {
        return ErrorCode::internal;
    }
    if (owner != nullptr) {
        return std::nullopt;
    }
    if (!address.new_names.take(options.limits.new_names, now)) {
        return ErrorCode::rate_limited;
    }
    if (const auto claimed = registry.claim(request.user, request.identity); !claimed) {
        out.emplace_back(Note{Note::Level::error, "registry: " + claimed.error()});
        return ErrorCode::internal;
    }
    ++counters.new_names;
    out.emplace_back(Note{Note::Level::info, "new name " + request.user});
    return std::nullopt;
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
