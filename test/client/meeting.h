#pragma once

#include "test/client/stranger.h"
#include "test/client/talk.h"
#include "test/sim/settle_claims.h"

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace sotto::test {

/// Alice is the house's client core, Bob the stranger; the relay core between them.
class Meeting {
    static constexpr relay::ConnectionId kAlices = 1;
    static constexpr relay::ConnectionId kStrangers = 2;

  public:
    explicit Meeting(stranger::Octets suites = stranger::u8(1), std::uint8_t seed = 9)
        : bob("bob", seed, suites) {
        crypto::init();
        options_.pin.fill(7);
        relay_ = std::make_unique<relay::Relay>(
            hub_, options_,
            [this] {
                base::RelayNonce nonce;
                random_.fill(nonce);
                return nonce;
            },
            [](relay::ConnectionId) { return std::size_t{0}; });
        client::Client::Options own;
        own.user = "alice";
        own.relay = "relay.example:7443";
        client_ = std::make_unique<client::Client>(own, identity_, store_, random_);
        bob.now_ms = now.wall.ms();
        tell(command::Connect{});
        connect_bob();
        settle();
        BOOST_REQUIRE(bob.registered);
    }

    void tell(const client::Command& command) {
        client_->execute(command, now);
        settle();
    }
    void connect_bob() {
        arrive(kStrangers);
        bob.connected(stranger::Octets(32, '\7'),
                      stranger::Octets(32, static_cast<char>(kStrangers)));
        settle();
    }
    void cut_bob() {
        relay::Actions actions;
        relay_->on_end(kStrangers, now.monotonic, actions);
        bob.disconnected();
        perform(actions);
    }
    void pass(milliseconds time) {
        for (const auto end = now.monotonic + time; now.monotonic < end;) {
            now.monotonic += milliseconds(250);
            now.wall += std::chrono::milliseconds(250);
            bob.now_ms = now.wall.ms();
            client_->on_tick(now);
            settle();
        }
    }
    /// What a lying relay gives to Alice, past the one between them.
    void to_alice(const std::string& text) {
        client_->on_message(text, now);
        settle();
    }
    /// Carries everything until nothing moves.
    void settle() {
        for (bool moved = true; moved;) {
            moved = take_alices();
            while (!bob.out.empty() && !hold_bobs) {
                const std::string text = bob.out.front();
                bob.out.pop_front();
                to_relay(kStrangers, text);
                moved = true;
            }
        }
    }
    /// They talk: under Alice's request or under Bob's.
    void befriend(bool alice_asks) {
        if (alice_asks) {
            tell(command::RequestChat{ChatKey::with("bob")});
            BOOST_REQUIRE(bob.theirs.has_value());
            bob.answer(true);
        } else {
            bob.ask("alice");
            settle();
            tell(command::AcceptRequest{ChatKey::with("bob")});
        }
        settle();
        BOOST_REQUIRE((state() == ChatState::open));
        BOOST_REQUIRE((bob.session && bob.session->confirmed));
    }
    void check_talk(const std::string& words) {
        const auto before = texts.size();
        const auto id = bob.say(words);
        settle();
        BOOST_REQUIRE(texts.size() == before + 1);
        BOOST_TEST(texts.back() == words);
        BOOST_TEST((!bob.acknowledged.empty() && bob.acknowledged.back() == id));
        tell(command::SendText{ChatKey::with("bob"), words + " too"});
        BOOST_TEST(bob.texts.back() == words + " too");
        BOOST_TEST((last<event::DeliveryChanged>().delivery == Delivery::delivered));
    }
    template <class T>
    [[nodiscard]] T last() const {
        for (auto at = events.rbegin(); at != events.rend(); ++at) {
            if (const T* one = std::get_if<T>(&at->what)) {
                return *one;
            }
        }
        BOOST_FAIL("no such event");
        throw std::logic_error("unreachable");
    }
    [[nodiscard]] ChatState state() const { return last<event::ChatChanged>().state; }

    stranger::Stranger bob;
    bool hold_bobs = false;             ///< what he sends is on its way
    std::vector<client::Event> events;  ///< Alice's
    std::vector<std::string> texts;     ///< of Bob, as Alice sees them
    client::Now now{client::Time(milliseconds(1'000'000)), base::WallTime(1'700'000'000'000)};

  private:
    void arrive(relay::ConnectionId connection) {
        relay::Relay::Arrival arrival;
        arrival.connection = connection;
        arrival.exporter.fill(static_cast<std::uint8_t>(connection));
        arrival.accepted = now.monotonic;
        relay::Actions actions;
        relay_->on_open(arrival, now.monotonic, actions);
        perform(actions);
    }
    bool take_alices() {
        for (auto& event : client_->take_events()) {
            if (const auto* added = std::get_if<event::MessageAdded>(&event.what)) {
                if (!added->own) {
                    texts.push_back(added->text.str());
                }
            }
            events.push_back(std::move(event));
        }
        const auto effects = client_->take_effects();
        for (const auto& effect : effects) {
            if (std::holds_alternative<client::effect::Open>(effect)) {
                arrive(kAlices);
                client::Client::LinkUp up;
                up.pin.fill(7);
                up.exporter.fill(kAlices);
                client_->on_link_up(up, now);
            } else if (const auto* send = std::get_if<client::effect::Send>(&effect)) {
                to_relay(kAlices, send->text);
            }
        }
        return !effects.empty();
    }
    void to_relay(relay::ConnectionId from, const std::string& text) {
        relay::Actions actions;
        relay_->on_message(from, text, now.monotonic, actions);
        sim::settle_claims(hub_, *relay_, actions);
        perform(actions);
    }
    void perform(const relay::Actions& actions) {
        for (const auto& action : actions) {
            BOOST_REQUIRE(!std::holds_alternative<relay::Close>(action));
            if (const auto* send = std::get_if<relay::Send>(&action)) {
                deliver(send->to, send->text);
            } else if (const auto* forward = std::get_if<relay::Forward>(&action)) {
                deliver(forward->to.connection, std::string(forward->text));
            }
        }
    }
    void deliver(relay::ConnectionId to, const std::string& text) {
        if (to == kStrangers) {
            bob.receive(text);
        } else {
            client_->on_message(text, now);
        }
    }

    SeededRandom random_{5};
    sim::MemoryRegistry registry_;
    relay::Hub hub_{registry_};
    relay::Relay::Options options_;
    std::unique_ptr<relay::Relay> relay_;
    crypto::Identity identity_ = crypto::Identity::generate(random_);
    client::MemoryStore store_;
    std::unique_ptr<client::Client> client_;
};

}  // namespace sotto::test
