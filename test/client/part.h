#pragma once

#include "test/client/talk.h"
#include "tui/client/environment.h"
#include "tui/client/peers.h"

namespace sotto::test {

/// What a part of the client core is given, for a test of that part alone.
class Part {
  public:
    Part() {
        crypto::init();
        env.now = {client::Time(milliseconds(1'000'000)), base::WallTime(1'700'000'000'000)};
    }

    /// The events of `T` since the last call of `take`.
    template <class T>
    [[nodiscard]] std::vector<T> all() const {
        std::vector<T> found;
        for (const client::Event& one : events) {
            if (const T* what = std::get_if<T>(&one.what)) {
                found.push_back(*what);
            }
        }
        return found;
    }
    /// Takes what has come out; the types of the messages sent are in `sent`.
    void take() {
        events = out.take_events();
        effects = out.take_effects();
        sent.clear();
        for (const client::Effect& one : effects) {
            if (const auto* message = std::get_if<client::effect::Send>(&one)) {
                sent.push_back(wire::type_of(message->text).value_or("?"));
            }
        }
    }
    template <class T>
    [[nodiscard]] bool wants() const {
        return std::any_of(effects.begin(), effects.end(), [](const client::Effect& one) {
            return std::holds_alternative<T>(one);
        });
    }
    void pass(milliseconds time) {
        env.now.monotonic += time;
        env.now.wall += time;
    }

    SeededRandom random{3};
    crypto::Identity identity = crypto::Identity::generate(random);
    client::Output out{false};
    client::Environment env{
        {"alice", "relay.example:7443", "sotto/test", false, true}, identity, random, out, {}};
    std::vector<client::Event> events;
    std::vector<client::Effect> effects;
    Texts sent;
};

/// Peers have nobody to tell.
struct NobodyHears : client::Peers::Listener {
    void peer_changed(const std::string& /*user*/) override {}
    void peer_pinned(const std::string& /*user*/) override {}
    void key_change_told(const std::string& /*user*/) override {}
    void key_change_settled(const std::string& /*user*/, const std::string& /*done*/) override {}
    void peer_blocked(const std::string& /*user*/) override {}
    void suite_lowered(const std::string& /*user*/) override {}
};

}  // namespace sotto::test
