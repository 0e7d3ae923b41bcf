// Two channels and a relay that loses, repeats, reorders, reflects, alters and
// refuses, from one seed: what is shown is what was sent, once and in order, and
// the two find each other again as soon as the relay is honest.
#include "crypto/secure_channel.h"
#include "test/support/seeded_random.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <deque>
#include <random>
#include <string>
#include <vector>

namespace sotto::crypto {
namespace {

using namespace std::chrono_literals;

struct Message {
    bool handshake = false;
    Bytes payload;
    Ticket ticket;
};

/// One end: what it was shown, and what waits at the relay for the other end.
struct End {
    End(std::string own, std::uint64_t seed)
        : name(std::move(own)), random(seed), identity(Identity::generate(random)) {}

    std::string name;
    test::SeededRandom random;
    Identity identity;
    std::optional<SecureChannel> channel;
    std::deque<Message> outgoing;
    std::vector<Message> seen;  ///< by the relay, for replays
    std::uint64_t next_text = 1;
    std::vector<std::uint64_t> shown;  ///< time_ms of each text opened: the other end's numbers
    std::vector<std::string> forged;   ///< texts whose words do not belong to their number
    unsigned epochs = 0;
    unsigned sessions = 0;
};

std::string words(const std::string& author, std::uint64_t number) {
    return author + " says " + std::to_string(number);
}

class EvilRelay {
  public:
    EvilRelay(std::uint64_t seed, unsigned evil_in_10000)
        : alice_("alice", seed * 2), bob_("bob", seed * 2 + 1), evil_(evil_in_10000), dice_(seed) {
        for (auto [one, other] : {std::pair(&alice_, &bob_), std::pair(&bob_, &alice_)}) {
            one->channel.emplace(
                one->identity,
                SecureChannel::Names{one->name, {other->name, other->identity.public_key()}},
                SuitePolicy{}, one->random);
            one->channel->hold_consent(ChatId{1}, ConsentHash{2});
        }
    }

    void be_honest() {
        evil_ = 0;
        for (End* end : {&alice_, &bob_}) {
            end->outgoing.clear();  // what is under way is lost: the last evil deed
        }
    }

    void run(int steps) {
        for (int step = 0; step < steps; ++step) {
            End& actor = roll(2) == 0 ? alice_ : bob_;
            switch (roll(4)) {
                case 0:
                    speak(actor);
                    break;
                case 1:
                    now_ += std::chrono::milliseconds(roll(100) == 0 ? 3000 : roll(60));
                    perform(actor, actor.channel->on_tick(now_));
                    break;
                default:
                    relay(actor);
            }
        }
    }

    End& alice() { return alice_; }
    End& bob() { return bob_; }

  private:
    std::uint64_t roll(std::uint64_t sides) { return dice_() % sides; }
    bool does_evil() { return roll(10000) < evil_; }
    End& other(const End& end) { return &end == &alice_ ? bob_ : alice_; }

    /// Sends a text, or tries to get a session first.
    void speak(End& end) {
        if (!end.channel->established()) {
            if (auto out = end.channel->initiate(now_)) {
                perform(end, std::move(*out));
            }
            return;
        }
        Text text;
        text.time = base::WallTime(end.next_text);
        text.utf8 = words(end.name, end.next_text);
        if (auto out = end.channel->send(text, now_)) {
            ++end.next_text;
            perform(end, std::move(*out));
        }
    }

    /// Carries the oldest message of `from`, or does what it should not.
    void relay(End& from) {
        End& to = other(from);
        if (does_evil() && !from.seen.empty()) {
            // A replay, to the right end or reflected to where it came from.
            deliver(roll(2) == 0 ? to : from, from.seen[roll(from.seen.size())]);
        }
        if (from.outgoing.empty()) {
            return;
        }
        if (does_evil()) {
            std::swap(from.outgoing.front(), from.outgoing[roll(from.outgoing.size())]);
        }
        Message message = std::move(from.outgoing.front());
        from.outgoing.pop_front();
        from.seen.push_back(message);
        if (does_evil()) {
            perform(from, from.channel->on_refused(message.ticket, now_));
        } else if (does_evil()) {
            Message altered = message;
            const std::size_t bit = roll(altered.payload.size() * 8);
            altered.payload[bit / 8] =
                static_cast<std::uint8_t>(altered.payload[bit / 8] ^ (1U << (bit % 8)));
            deliver(to, altered);
            deliver(to, message);
        } else if (!does_evil()) {  // otherwise it is lost
            deliver(to, message);
        }
    }

    void deliver(End& to, const Message& message) {
        perform(to, message.handshake ? to.channel->on_handshake(message.payload, now_)
                                      : to.channel->on_record(message.payload, now_));
    }

    void perform(End& end, ChannelOutputs outputs) {
        for (ChannelOutput& output : outputs) {
            if (auto* step = std::get_if<channel::SendHandshake>(&output)) {
                end.outgoing.push_back({true, std::move(step->payload), step->ticket});
            } else if (auto* record = std::get_if<channel::SendRecord>(&output)) {
                end.outgoing.push_back({false, std::move(record->payload), record->ticket});
            } else if (auto* opened = std::get_if<channel::Opened>(&output)) {
                if (const auto* text = std::get_if<Text>(&opened->content)) {
                    end.shown.push_back(text->time.ms());
                    if (text->utf8 != words(other(end).name, text->time.ms())) {
                        end.forged.push_back(text->utf8);
                    }
                }
            }
            end.epochs += std::holds_alternative<channel::NewEpoch>(output) ? 1U : 0U;
            end.sessions += std::holds_alternative<channel::Established>(output) ? 1U : 0U;
        }
    }

    End alice_;
    End bob_;
    unsigned evil_;
    std::mt19937_64 dice_;
    Time now_{std::chrono::seconds(1'000)};
};

/// Strictly rising, and nothing that the author never sent.
void check_shown(const End& reader, const End& author) {
    BOOST_TEST(reader.forged.empty());
    std::uint64_t last = 0;
    for (const std::uint64_t number : reader.shown) {
        if (number <= last || number >= author.next_text) {
            BOOST_ERROR(reader.name << " was shown text " << number << " after " << last);
        }
        last = number;
    }
}

void run_with(std::uint64_t seed, unsigned evil_in_10000, int steps) {
    BOOST_TEST_CONTEXT("seed " << seed << ", evil " << evil_in_10000) {
        EvilRelay world(seed, evil_in_10000);
        world.run(steps);
        check_shown(world.alice(), world.bob());
        check_shown(world.bob(), world.alice());
        BOOST_TEST(world.alice().sessions > 1U);  // the relay did break something
        BOOST_TEST(world.bob().channel->dropped() > 0U);

        world.be_honest();
        // Long enough for the deadlines of sections 5 and 7 to end what hangs.
        world.run(8000);
        BOOST_TEST(world.alice().channel->established());
        BOOST_TEST(world.bob().channel->established());
        const std::size_t alice_had = world.alice().shown.size();
        const std::size_t bob_had = world.bob().shown.size();
        world.run(1000);
        check_shown(world.alice(), world.bob());
        check_shown(world.bob(), world.alice());
        BOOST_TEST(world.alice().shown.size() > alice_had);
        BOOST_TEST(world.bob().shown.size() > bob_had);
        BOOST_TEST(world.alice().epochs > 0U);
        BOOST_TEST(world.bob().epochs > 0U);
    }
}

}  // namespace

struct Libraries {
    Libraries() { init(); }
};

BOOST_AUTO_TEST_SUITE(evil_relay, *boost::unit_test::fixture<Libraries>())

BOOST_AUTO_TEST_CASE(an_honest_relay_shows_every_text_once_and_one_session_is_enough) {
    EvilRelay world(7, 0);
    world.run(4000);
    check_shown(world.alice(), world.bob());
    check_shown(world.bob(), world.alice());
    BOOST_TEST(world.alice().sessions == 1U);
    BOOST_TEST(world.bob().sessions == 1U);
    // Without losses nothing is missing but what is still under way.
    BOOST_TEST(world.bob().shown.size() + world.alice().outgoing.size() + 2 >=
               world.alice().next_text - 1);
    BOOST_TEST(!world.bob().shown.empty());
    BOOST_TEST(world.bob().shown.back() == world.bob().shown.size());
}

BOOST_AUTO_TEST_CASE(a_relay_that_is_seldom_evil_forges_and_repeats_nothing) {
    for (const std::uint64_t seed : {11U, 12U, 13U}) {
        run_with(seed, 40, 6000);
    }
}

BOOST_AUTO_TEST_CASE(a_relay_that_is_often_evil_forges_and_repeats_nothing) {
    for (const std::uint64_t seed : {21U, 22U, 23U}) {
        run_with(seed, 1000, 6000);
    }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace sotto::crypto
