#include "test/abuse/honest_pair.h"

#include <algorithm>
#include <stdexcept>

namespace sotto::abuse {

namespace {

constexpr auto kBetween = std::chrono::milliseconds(10);
constexpr auto kPatience = std::chrono::seconds(10);
constexpr std::size_t kPayload = 256;

using Milliseconds = std::chrono::duration<double, std::milli>;

wire::Bytes payload_of(std::int64_t number) {
    wire::Bytes out(kPayload);
    for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = static_cast<std::uint8_t>(static_cast<std::size_t>(number) * 31 + i);
    }
    return out;
}

template <class Done>
bool run_until(net::Loop& loop, const Done& done) {
    const auto deadline = net::Loop::Clock::now() + kPatience;
    while (!done() && net::Loop::Clock::now() < deadline) {
        loop.run_for(std::chrono::milliseconds(5));
    }
    return done();
}

}  // namespace

HonestPair::HonestPair(net::Loop& loop, std::uint16_t port)
    : loop_(loop),
      alice_(loop, port, "alice", alice_key_),
      bob_(loop, port, "bob", bob_key_),
      there_{&alice_, &bob_, 0, {}},
      back_{&bob_, &alice_, 0, {}} {
    bob_.on_relay = [this](const wire::Relay& message) { hear(there_, message); };
    alice_.on_relay = [this](const wire::Relay& message) { hear(back_, message); };
    if (!run_until(loop_, [this] { return alice_.joined() && bob_.joined(); })) {
        throw std::runtime_error("the honest users can't register");
    }
}

void HonestPair::say(Direction& way) {
    way.under_way.push_back(Clock::now());
    ++way.sent;
    way.from->say(wire::encode(wire::Relay{
        {way.from->name(), way.to->name(), {1, 2, 3}, way.sent}, "record", payload_of(way.sent)}));
}

void HonestPair::hear(Direction& way, const wire::Relay& message) {
    const auto expected = way.sent - static_cast<std::int64_t>(way.under_way.size()) + 1;
    if (way.under_way.empty() || message.route.from != way.from->name() ||
        message.route.id != expected || message.payload != payload_of(expected)) {
        ++wrong_;
        return;
    }
    late_.push_back(Milliseconds(Clock::now() - way.under_way.front()).count());
    way.under_way.pop_front();
}

std::size_t HonestPair::under_way() const {
    return there_.under_way.size() + back_.under_way.size();
}

void HonestPair::talk_until(const std::function<bool()>& done,
                            const std::function<void()>& each_turn) {
    late_.clear();
    wrong_ = 0;
    refused_before_ = alice_.refused("") + bob_.refused("");
    auto next = Clock::now();
    while (!done()) {
        for (; Clock::now() >= next; next += kBetween) {
            say(there_);
            say(back_);
        }
        loop_.run_for(std::chrono::milliseconds(2));
        each_turn();
    }
    run_until(loop_, [this] { return under_way() == 0; });
}

void HonestPair::talk_for(double seconds) {
    const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                        std::chrono::duration<double>(seconds));
    talk_until([&] { return Clock::now() >= end; }, [] {});
}

HonestPair::Figures HonestPair::figures() const {
    std::vector<double> sorted = late_;
    std::sort(sorted.begin(), sorted.end());
    const auto at = [&](double which) {
        return sorted.empty() ? 0
                              : sorted[static_cast<std::size_t>(
                                    which * static_cast<double>(sorted.size() - 1))];
    };
    Figures out{at(0.5), at(0.99), at(1), sorted.size(), under_way(), wrong_};
    out.wrong += alice_.refused("") + bob_.refused("") - refused_before_;
    return out;
}

}  // namespace sotto::abuse
