#include "relay/core/relay_impl.h"

#include <algorithm>
#include <utility>

namespace sotto::relay {

using wire::ErrorCode;
using wire::ErrorMessage;

namespace {

constexpr Time kRegisterBy = std::chrono::seconds(wire::kRegisterSeconds);
constexpr Time kLeastPause{100};      // a pause costs something, too
constexpr std::size_t kMaxEcho = 64;  // of a type that an error repeats: no amplifier

}  // namespace

Connection* Relay::Impl::find(ConnectionId id) {
    const auto at = connections.find(id);
    const bool heard = at != connections.end() && at->second.state != Connection::State::closing;
    return heard ? &at->second : nullptr;
}

tl::expected<ConnectionId, ErrorCode> Relay::Impl::find_receiver(Connection& sender,
                                                                 std::string_view user) {
    Receiver& last = sender.receiver;
    // Before the lookup: what changes meanwhile is seen the next time.
    const std::int64_t version = hub.directory().version();
    if (last.as_of == version && last.user == user) {
        return last.connection;
    }
    const auto there = hub.directory().find(user);
    if (!there || !there->connection) {
        return tl::unexpected(there ? ErrorCode::offline : ErrorCode::not_found);
    }
    last.user = user;
    last.connection = *there->connection;
    last.as_of = version;
    return last.connection;
}

void Relay::Impl::refuse(ConnectionId id, ErrorMessage reply, Actions& out) {
    const auto& row = wire::row_of(*reply.code);
    ++counters.refused[static_cast<std::size_t>(*reply.code)];
    if (reply.message.empty()) {
        reply.message = row.meaning;
    }
    out.emplace_back(Send{id, wire::encode(reply)});
    const auto at = connections.find(id);
    if (at != connections.end()) {
        ++at->second.refused;
    }
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
        leave(id, at->second);
        at->second.state = Connection::State::closing;
    }
    out.emplace_back(Close{id, code, std::move(reason)});
}

void Relay::Impl::leave(ConnectionId id, const Connection& connection) {
    if (connection.state == Connection::State::registered) {
        hub.directory().go_offline(connection.user, id);
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
        counters.reached(Counters::Limit::requests);
        refuse(id, ErrorCode::rate_limited, message, out);
        return;
    }
    const auto to = find_receiver(connection, message.to);
    if (!to) {
        refuse(id, to.error(), message, out);
        return;
    }
    const auto waiting_for_it = queued(*to);
    if (waiting_for_it.value_or(0) > limits.busy_mark) {
        refuse(id, ErrorCode::busy, message, out);
        return;
    }
    if (waiting_for_it) {  // else the other relay counts it
        ++counters.forwarded.messages;
        counters.forwarded.bytes += size;
    }
    out.emplace_back(Forward{*to});
    hold_back(id, connection.relay_bytes.owe(limits.relay_bytes, static_cast<double>(size), now),
              {Counters::Limit::relay_bytes, now}, out);
}

void Relay::Impl::hold_back(ConnectionId id, Time wait, const Cause& cause, Actions& out) {
    if (wait > Time::zero()) {
        ++counters.pauses;
        counters.reached(cause.limit);
        out.emplace_back(Pause{id, cause.now + wait});
    }
}

void Relay::Impl::count_refusals(ConnectionId id, Connection& connection, Time now, Actions& out) {
    const auto refused = std::exchange(connection.refused, 0U);
    if (refused != 0 && connection.state != Connection::State::closing) {
        const Time wait = connection.refusals.owe(options.limits.refusals, refused, now);
        hold_back(id, wait > Time::zero() ? std::max(wait, kLeastPause) : wait,
                  {Counters::Limit::refusals, now}, out);
    }
}

void Relay::Impl::refuse_delivery(ConnectionId from, ErrorCode code, std::string_view text,
                                  Actions& out) {
    refuse(from, code, wire::scan_from_client(text).message, out);
}

Relay::Relay(Hub& hub, Options options, Nonce nonce, Queued queued)
    : impl_(std::make_unique<Impl>(hub, std::move(options), std::move(nonce), std::move(queued))) {}
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
                          TokenBucket(limits.relay_bytes, now),
                          TokenBucket(limits.refusals, now)};
    impl_->waiting.emplace(connection.deadline, arrival.connection);
    impl_->connections.emplace(arrival.connection, std::move(connection));
}

void Relay::on_message(ConnectionId from, std::string_view text, Time now, Actions& out) {
    Connection* found = impl_->find(from);
    if (found == nullptr) {
        return;
    }
    Connection& connection = *found;
    wire::Scan scan = wire::scan_from_client(text);
    impl_->count(scan, text.size());
    if (connection.state != Connection::State::registered) {
        impl_->on_unregistered(from, connection, scan, text, now, out);
    } else if (scan.outcome == wire::Scan::Outcome::forward) {
        impl_->forward(from, connection, scan.message, text.size(), now, out);
    } else if (scan.outcome == wire::Scan::Outcome::refuse) {
        impl_->refuse(from, std::move(*scan.reply), out);
    } else {
        impl_->on_lookup(from, connection, scan, text, now, out);
    }
    impl_->count_refusals(from, connection, now, out);
}

void Relay::on_too_large(ConnectionId from, Time /*now*/, Actions& out) {
    if (impl_->find(from) != nullptr) {
        impl_->refuse(from, ErrorCode::too_large, "", {}, out);
    }
}

void Relay::on_end(ConnectionId connection, Time /*now*/, Actions& /*out*/) {
    const auto at = impl_->connections.find(connection);
    if (at != impl_->connections.end()) {
        impl_->leave(connection, at->second);
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
    impl_->hub.admission().forget_rested(impl_->options.limits, now);
}

void Relay::on_delivery(ConnectionId from, ConnectionId to, std::string_view text, Actions& out) {
    const Connection* receiver = impl_->find(to);
    if (receiver == nullptr) {
        impl_->refuse_delivery(from, ErrorCode::offline, text, out);
    } else if (impl_->queued(to).value_or(0) > impl_->options.limits.busy_mark) {
        impl_->refuse_delivery(from, ErrorCode::busy, text, out);
    } else {
        ++impl_->counters.forwarded.messages;
        impl_->counters.forwarded.bytes += text.size();
        out.emplace_back(Forward{to});
    }
}

void Relay::on_refused(ConnectionId from, std::string error, Time now, Actions& out) {
    if (Connection* const sender = impl_->find(from)) {
        ++sender->refused;
        out.emplace_back(Send{from, std::move(error)});
        impl_->count_refusals(from, *sender, now, out);
    }
}

void Relay::on_undelivered(ConnectionId from, std::string_view text, Actions& out) {
    if (impl_->find(from) != nullptr) {
        impl_->refuse_delivery(from, ErrorCode::busy, text, out);
    }
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

void Relay::set_pin(const base::Pin& pin) {
    impl_->options.pin = pin;
}
void Relay::set_limits(const Limits& limits) {
    impl_->options.limits = limits;
}
const Counters& Relay::counters() const noexcept {
    return impl_->counters;
}
std::size_t Relay::connections() const noexcept {
    return impl_->connections.size();
}

}  // namespace sotto::relay
