#include "relay/core/relay_impl.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sotto::relay {

using wire::ErrorCode;
using wire::ErrorMessage;

namespace {

constexpr std::chrono::milliseconds kRegisterBy = std::chrono::seconds(wire::kRegisterSeconds);
constexpr std::chrono::milliseconds kLeastPause{100};  // a pause costs something, too
constexpr std::size_t kMaxEcho = 64;  // of a type that an error repeats: no amplifier

constexpr Refusal kCrowded{ErrorCode::rate_limited,
                           "this user gets too many chat requests; try again later"};

ErrorMessage reply_to(const Refusal& refusal, const wire::Forwardable& message) {
    ErrorMessage reply;
    reply.code = refusal.code;
    reply.message = refusal.why.empty() ? wire::row_of(refusal.code).meaning : refusal.why;
    reply.re = message.type;
    reply.id = message.id;
    reply.to = std::string(message.to);
    wire::decode_chat(message.chat, reply.chat);
    return reply;
}

Note note_of_refusal(ErrorCode code, const wire::Forwardable& message) {
    return {Note::Level::debug,
            "refused " + std::string(message.type) + ": " + std::string(wire::row_of(code).name)};
}

}  // namespace

Connection* Relay::Impl::find(ConnectionId id) {
    const auto at = connections.find(id);
    const bool heard = at != connections.end() && !at->second.is(Connection::State::closing);
    return heard ? &at->second : nullptr;
}

tl::expected<Place, ErrorCode> Relay::Impl::find_receiver(Connection& sender,
                                                          std::string_view user) {
    Receiver& last = sender.receiver;
    // Before the lookup: what changes meanwhile is seen the next time.
    const std::int64_t version = presence.version();
    if (last.as_of == version && last.user == user) {
        return last.place;
    }
    const auto there = presence.find(user);
    if (!there || !there->place) {
        return tl::unexpected(there ? ErrorCode::offline : ErrorCode::not_found);
    }
    if (last.user != user) {
        last.user = user;
        last.is_known = false;
    }
    last.place = *there->place;
    last.as_of = version;
    return last.place;
}

void Relay::Impl::refuse(ConnectionId id, ErrorMessage reply, Actions& out) {
    const auto& row = wire::row_of(*reply.code);
    ++counters.refused[*reply.code];
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

void Relay::Impl::refuse(ConnectionId id, const Refusal& refusal, const wire::Forwardable& message,
                         Actions& out) {
    out.emplace_back(note_of_refusal(refusal.code, message));
    refuse(id, reply_to(refusal, message), out);
}

void Relay::Impl::bounce(const Place& from, const Refusal& refusal, std::string_view text,
                         Actions& out) {
    const wire::Scan scan = wire::scan_from_client(text);
    ++counters.refused[refusal.code];
    out.emplace_back(note_of_refusal(refusal.code, scan.message));
    out.emplace_back(Bounce{from, wire::encode(reply_to(refusal, scan.message))});
}

void Relay::Impl::close(ConnectionId id, wire::CloseCode code, std::string reason, Actions& out) {
    const auto at = connections.find(id);
    if (at != connections.end() && !at->second.is(Connection::State::closing)) {
        leave(id, at->second);
        at->second.become(Connection::State::closing);
    }
    out.emplace_back(Close{id, code, std::move(reason)});
}

void Relay::Impl::leave(ConnectionId id, const Connection& connection) {
    if (connection.is(Connection::State::registered)) {
        presence.leave(connection.user, place_of(id));
    }
}

void Relay::Impl::count(const wire::Scan& scan, std::size_t size) {
    const auto row = std::find_if(kMessageTypes.begin(), kMessageTypes.end(),
                                  [&](const auto& one) { return one.name == scan.message.type; });
    counters.received[row == kMessageTypes.end() ? MessageType::other : row->key].add(size);
}

void Relay::Impl::note_acquaintance(Connection& sender, const wire::Forwardable& message) {
    Receiver& last = sender.receiver;
    if (message.type == "chat_terminate") {
        sender.allowance->acquaintances.remove(last.user);
        last.is_known = false;
    } else if (!last.is_known && message.type != "chat_response") {  // which may say no
        sender.allowance->acquaintances.add(last.user);
        last.is_known = true;
    }
}

std::optional<Refusal> Relay::Impl::refusal_at(const Forward& message, std::string_view sender,
                                               Time now) {
    Connection* const receiver = find(message.to.connection);
    if (receiver == nullptr || !receiver->is(Connection::State::registered)) {
        return Refusal{ErrorCode::offline};
    }
    if (queued(message.to.connection) > options.limits.busy_mark) {
        return Refusal{ErrorCode::busy};
    }
    if (message.is_request && !receiver->allowance->acquaintances.has(sender) &&
        !receiver->allowance->stranger_requests.take(options.limits.stranger_requests, now)) {
        reached(Limit::stranger_requests);
        return kCrowded;
    }
    return std::nullopt;
}

void Relay::Impl::forward(ConnectionId id, Connection& connection, const wire::Forwardable& message,
                          std::string_view text, Time now, Actions& out) {
    if (message.from != connection.user) {
        refuse(id, {ErrorCode::forbidden}, message, out);
        return;
    }
    // Never to `relay`: it would look like loss. Nothing more is read for a while instead.
    const auto& limits = options.limits;
    const bool is_request = message.type == "chat_request";
    if (is_request && !connection.allowance->requests.take(limits.requests, now)) {
        reached(Limit::requests);
        refuse(id, {ErrorCode::rate_limited}, message, out);
        return;
    }
    const auto to = find_receiver(connection, message.to);
    if (!to) {
        refuse(id, {to.error()}, message, out);
        return;
    }
    const Forward forwarded{place_of(id), *to, text, is_request};
    if (is_here(*to)) {  // else the relay there looks, and counts
        if (const auto refusal = refusal_at(forwarded, connection.user, now)) {
            refuse(id, *refusal, message, out);
            return;
        }
        counters.forwarded.add(text.size());
    }
    note_acquaintance(connection, message);
    out.emplace_back(forwarded);
    const auto size = static_cast<double>(text.size());
    hold_back(id, connection.allowance->relay_bytes.owe(limits.relay_bytes, size, now),
              {Limit::relay_bytes, now}, out);
}

void Relay::Impl::hold_back(ConnectionId id, std::chrono::milliseconds wait, const Cause& cause,
                            Actions& out) {
    if (wait > std::chrono::milliseconds::zero()) {
        ++counters.pauses;
        reached(cause.limit);
        out.emplace_back(Pause{id, cause.now + wait});
    }
}

void Relay::Impl::count_refusals(ConnectionId id, Connection& connection, Time now, Actions& out) {
    const auto refused = std::exchange(connection.refused, 0U);
    if (refused != 0 && !connection.is(Connection::State::closing)) {
        TokenBucket& refusals =
            connection.allowance ? connection.allowance->refusals : connection.network->refusals;
        const std::chrono::milliseconds wait = refusals.owe(options.limits.refusals, refused, now);
        hold_back(id, wait > std::chrono::milliseconds::zero() ? std::max(wait, kLeastPause) : wait,
                  {Limit::refusals, now}, out);
    }
}

Relay::Relay(Shared shared, Options options, Nonce nonce, Queued queued)
    : impl_(std::make_unique<Impl>(shared, std::move(options), std::move(nonce),
                                   std::move(queued))) {}
Relay::~Relay() = default;

void Relay::on_open(const Arrival& arrival, Time /*now*/, Actions& /*out*/) {
    Connection connection;
    connection.exporter = arrival.exporter;
    connection.pin = arrival.pin.value_or(impl_->options.pin);
    connection.deadline = arrival.accepted + kRegisterBy;
    connection.network = impl_->admission.of_network(arrival.address);
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
    if (!connection.is(Connection::State::registered)) {
        impl_->on_unregistered(from, connection, scan, text, now, out);
    } else if (scan.outcome == wire::Scan::Outcome::forward) {
        impl_->forward(from, connection, scan.message, text, now, out);
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
        if (!impl_->connections.at(late).is(Connection::State::closing)) {
            impl_->close(late, wire::CloseCode::policy, "not registered in time", out);
        }
    }
    impl_->admission.forget_rested(now);
}

void Relay::on_delivery(const Forward& message, Time now, Actions& out) {
    // Only for a request does it matter who sent it: others are not read again.
    const wire::Scan scan =
        message.is_request ? wire::scan_from_client(message.text) : wire::Scan();
    if (const auto refusal = impl_->refusal_at(message, scan.message.from, now)) {
        impl_->bounce(message.from, *refusal, message.text, out);
        return;
    }
    impl_->counters.forwarded.add(message.text.size());
    out.emplace_back(message);
}

void Relay::on_bounce(ConnectionId to, std::string error, Time now, Actions& out) {
    if (Connection* const sender = impl_->find(to)) {
        ++sender->refused;
        out.emplace_back(Send{to, std::move(error)});
        impl_->count_refusals(to, *sender, now, out);
    }
}

void Relay::on_undelivered(ConnectionId from, std::string_view text, Actions& out) {
    if (impl_->find(from) != nullptr) {
        impl_->refuse(from, {ErrorCode::busy}, wire::scan_from_client(text).message, out);
    }
}

void Relay::shut_down(Actions& out) {
    std::vector<ConnectionId> all;
    for (const auto& [id, connection] : impl_->connections) {
        if (!connection.is(Connection::State::closing)) {
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
