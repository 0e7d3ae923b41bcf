#include "test/bench/relay/crowd.h"

#include "net/wire/envelope.h"

#include <algorithm>

namespace sotto::bench {

namespace {

std::string envelope(const Role& sender, std::size_t size) {
    wire::Relay message;
    message.route.from = sender.name;
    message.route.to = sender.partner;
    message.route.id = 9;
    message.kind = "record";
    message.payload.assign(size, 0xA5);
    return wire::encode(message);
}

}  // namespace

Crowd::Crowd(net::Loop& loop, const Peer& peer, std::uint16_t port, const Shape& shape)
    : shape_(shape), pairs_(shape.pairs) {
    for (std::size_t i = 0; i < pairs_.size(); ++i) {
        Pair& pair = pairs_[i];
        const Role sender{"from" + std::to_string(i), "to" + std::to_string(i), 0};
        const std::string text = envelope(sender, shape.size);
        const Role receiver{sender.partner, sender.name, text.size()};
        pair.receiver = std::make_unique<User>(loop, peer, port, receiver);
        pair.sender = std::make_unique<User>(loop, peer, port, sender);
        pair.message = pair.sender->message(text);
        pair.receiver->on_messages = [this, &pair](std::size_t count) { came(pair, count); };
    }
    const auto all_joined = [&] {
        return std::all_of(pairs_.begin(), pairs_.end(), [](const Pair& pair) {
            return pair.receiver->has_reached(Speech::Step::joined) &&
                   pair.sender->has_reached(Speech::Step::joined);
        });
    };
    run_until(loop, all_joined, "joining");
}

void Crowd::start() {
    for (Pair& pair : pairs_) {
        fill(pair);
    }
}

void Crowd::send_due(Clock::time_point since) {
    const std::chrono::duration<double> past = Clock::now() - since;
    while (static_cast<double>(sent_) < past.count() * shape_.per_second) {
        send(pairs_[sent_ % pairs_.size()]);
    }
}

void Crowd::send(Pair& pair) {
    ++sent_;
    pair.under_way.push_back(Clock::now());
    pair.sender->send(pair.message);
}

void Crowd::fill(Pair& pair) {
    while (shape_.per_second == 0 && pair.under_way.size() < shape_.window) {
        send(pair);
    }
}

void Crowd::came(Pair& pair, std::size_t count) {
    received += count;
    const auto now = Clock::now();
    for (; count > 0 && !pair.under_way.empty(); --count) {
        const std::chrono::duration<double, std::milli> late = now - pair.under_way.front();
        latencies.push_back(late.count());
        pair.under_way.pop_front();
    }
    fill(pair);
}

}  // namespace sotto::bench
