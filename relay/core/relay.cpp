#include "relay/core/relay_impl.h"

#include <algorithm>
#include <utility>

namespace sotto::relay {

using wire::ErrorCode;
using wire::ErrorMessage;

namespace {

constexpr Time kRegisterBy = std::chrono::seconds(wire::kRegisterSeconds);
constexpr std::size_t kMaxEcho = 64;  // of a type that an error repeats: no amplifier

std::int64_t reserve_or_throw(Registry& registry, std::int64_t at_least) {
    const auto reserved = registry.reserve_versions(at_least);
    if (!reserved) {
        throw std::runtime_error("the registry: " + reserved.error());
    }
    return *reserved;
}

}  // namespace

Relay::Impl::Impl(Registry& names, Options given, Nonce nonce, Queued queue)
    : registry(names),
      options(std::move(given)),
      make_nonce(std::move(nonce)),
      queued(std::move(queue)),
      reserved(reserve_or_throw(registry, 0)),
      directory(reserved) {
    for (Registry::Name& name : registry.all()) {
        directory.add(std::move(name.user), name.key);
    }
    for (std::string& user : registry.blocked()) {
        blocked.insert(std::move(user));
    }
    reserved = reserve_or_throw(registry, reserved + options.version_block);
}

bool Relay::Impl::has_version_for_one_more() const {
    // Whoever is online will take one to go; who comes takes one to come and one to go.
    return directory.version() + static_cast<std::int64_t>(directory.online()) + 2 < reserved;
}

void Relay::Impl::reserve_versions(Actions& out) {
    if (reserved - directory.version() > options.version_block / 2) {
        return;
    }
    const auto more = registry.reserve_versions(directory.version() + options.version_block);
    if (more) {
        reserved = *more;
    } else {
        out.emplace_back(Note{Note::Level::error, "registry: " + more.error()});
    }
}

void Relay::Impl::refuse(ConnectionId id, ErrorMessage reply, Actions& out) {
    const auto& row = wire::row_of(*reply.code);
    ++counters.refused[static_cast<std::size_t>(*reply.code)];
    if (reply.message.empty()) {
        reply.message = row.meaning;
    }
    out.emplace_back(Send{id, wire::encode(reply)});
    if (row.closes) {
        close(id, *row.closes, std::string(row.name), out);
    }
}

void Relay::Impl::refuse(ConnectionId id, ErrorCode code, std::string_view re, wire::Id message_id,
                         Actions& out) {
    ErrorMessage reply;
    reply.code = code;
    reply.re = re.size() <= kMaxEcho ? re : std::string_view();
    reply.id = message_id;
    refuse(id, std::move(reply), out);
}

void Relay::Impl::refuse(ConnectionId id, ErrorCode code, const wire::Forwardable& message,
                         Actions& out) {
    ErrorMessage reply;
    reply.code = code;
    reply.re = message.type;
    reply.id = message.id;
    reply.to = std::string(message.to);
    wire::decode_chat(message.chat, reply.chat);
    out.emplace_back(Note{Note::Level::debug, "refused " + std::string(message.type) + ": " +
                                                  std::string(wire::row_of(code).name)});
    refuse(id, std::move(reply), out);
}

void Relay::Impl::close(ConnectionId id, wire::CloseCode code, std::string reason, Actions& out) {
    const auto at = connections.find(id);
    if (at != connections.end()) {
        leave(at->second);
        at->second.state = Connection::State::closing;
    }
    out.emplace_back(Close{id, code, std::move(reason)});
}

void Relay::Impl::leave(Connection& connection) {
    if (connection.state == Connection::State::registered) {
        directory.go_offline(connection.user);
    }
}

void Relay::Impl::count(const wire::Scan& scan, std::size_t size) {
    static constexpr auto& kTypes = Counters::kTypes;
    const auto at = std::find(kTypes.begin(), kTypes.end() - 1, scan.message.type);
    Counters::Traffic& traffic = counters.received[static_cast<std::size_t>(at - kTypes.begin())];
    ++traffic.messages;
    traffic.bytes += size;
}

void Relay::Impl::forward(ConnectionId id, Connection& connection, const wire::Forwardable& message,
                          std::size_t size, Time now, Actions& out) {
    if (message.from != connection.user) {
        refuse(id, ErrorCode::forbidden, message, out);
        return;
    }
    // Never to `relay`: it would look like loss. Nothing more is read for a while instead.
    const auto& limits = options.limits;
    if (message.type == "chat_request" && !connection.requests.take(limits.requests, now)) {
        refuse(id, ErrorCode::rate_limited, message, out);
        return;
    }
    const Directory::User* to = directory.find(message.to);
    if (to == nullptr || !to->connection) {
        refuse(id, to == nullptr ? ErrorCode::not_found : ErrorCode::offline, message, out);
        return;
    }
    if (queued(*to->connection) > limits.busy_mark) {
        refuse(id, ErrorCode::busy, message, out);
        return;
    }
    ++counters.forwarded.messages;
    counters.forwarded.bytes += size;
    out.emplace_back(Forward{*to->connection});
    const auto wait =
        connection.relay_bytes.owe(limits.relay_bytes, static_cast<double>(size), now);
    if (wait > Time::zero()) {
        ++counters.pauses;
        out.emplace_back(Pause{id, now + wait});
    }
}

Relay::Relay(Registry& registry, Options options, Nonce nonce, Queued queued)
    : impl_(std::make_unique<Impl>(registry, std::move(options), std::move(nonce),
                                   std::move(queued))) {}
Relay::~Relay() = default;

void Relay::on_open(const Arrival& arrival, Time now, Actions& /*out*/) {
    const Limits& limits = impl_->options.limits;
    Connection connection{Connection::State::fresh,
                          arrival.exporter,
                          {},
                          arrival.pin.value_or(impl_->options.pin),
                          arrival.accepted + kRegisterBy,
                          arrival.address,
                          {},
                          TokenBucket(limits.lookups, now),
                          TokenBucket(limits.requests, now),
                          TokenBucket(limits.relay_bytes, now)};
    impl_->waiting.emplace(connection.deadline, arrival.connection);
    impl_->connections.emplace(arrival.connection, std::move(connection));
}

void Relay::on_message(ConnectionId from, std::string_view text, Time now, Actions& out) {
    const auto at = impl_->connections.find(from);
    if (at == impl_->connections.end() || at->second.state == Connection::State::closing) {
        return;
    }
    Connection& connection = at->second;
    wire::Scan scan = wire::scan_from_client(text);
    impl_->count(scan, text.size());
    if (connection.state != Connection::State::registered) {
        impl_->on_unregistered(from, connection, scan, text, now, out);
    } else if (scan.outcome == wire::Scan::Outcome::forward) {
        impl_->forward(from, connection, scan.message, text.size(), now, out);
    } else if (scan.outcome == wire::Scan::Outcome::refuse) {
        impl_->refuse(from, std::move(scan.reply), out);
    } else {
        impl_->on_lookup(from, connection, scan, text, now, out);
    }
}

void Relay::on_too_large(ConnectionId from, Time /*now*/, Actions& out) {
    const auto at = impl_->connections.find(from);
    if (at != impl_->connections.end() && at->second.state != Connection::State::closing) {
        impl_->refuse(from, ErrorCode::too_large, "", {}, out);
    }
}

void Relay::on_end(ConnectionId connection, Time /*now*/, Actions& /*out*/) {
    const auto at = impl_->connections.find(connection);
    if (at != impl_->connections.end()) {
        impl_->leave(at->second);
        impl_->waiting.erase({at->second.deadline, connection});
        impl_->connections.erase(at);
    }
}

void Relay::on_tick(Time now, Actions& out) {
    auto& waiting = impl_->waiting;
    while (!waiting.empty() && waiting.begin()->first <= now) {
        const ConnectionId late = waiting.begin()->second;
        waiting.erase(waiting.begin());
        if (impl_->connections.at(late).state != Connection::State::closing) {
            impl_->close(late, wire::CloseCode::policy, "not registered in time", out);
        }
    }
    impl_->forget_addresses(now);
    impl_->reserve_versions(out);
    impl_->take_changes(out);
}

void Relay::shut_down(Actions& out) {
    std::vector<ConnectionId> all;
    for (const auto& [id, connection] : impl_->connections) {
        if (connection.state != Connection::State::closing) {
            all.push_back(id);
        }
    }
    for (const ConnectionId id : all) {
        impl_->refuse(id, ErrorCode::shutting_down, "", {}, out);
    }
}

void Relay::set_pin(const std::array<std::uint8_t, 32>& pin) {
    impl_->options.pin = pin;
}
void Relay::set_limits(const Limits& limits) {
    impl_->options.limits = limits;
}
const Directory& Relay::directory() const noexcept {
    return impl_->directory;
}
const Counters& Relay::counters() const noexcept {
    return impl_->counters;
}
std::size_t Relay::connections() const noexcept {
    return impl_->connections.size();
}

}  // namespace sotto::relay
