#include "test/client/talk.h"

#include <map>
#include <set>

using namespace sotto::test;

namespace {

/// Three people who do anything, on a network that does anything, from one seed.
class Walk {
  public:
    explicit Walk(std::uint64_t seed) : random_(seed), world_(seed) {
        for (const char* name : {"alice", "bob", "carol"}) {
            people_.push_back(&world_.add(name));
        }
        world_.evil = [this](const std::string& to, std::string& text) {
            return pass_on(to, text);
        };
    }

    void run(int steps) {
        for (int i = 0; i < steps; ++i) {
            act();
            if (pick(3) != 0) {
                world_.settle();
            }
            if (pick(2) == 0) {
                world_.pass(milliseconds(250 * (1 + pick(12))));
            }
            check();
        }
    }

    /// Everybody is reachable and nothing is lost any more: what can come, comes.
    void heal() {
        faulty_ = false;
        for (Person* person : people_) {
            world_.set_reachable(*person, true);
        }
        world_.pass(seconds(150));
        check();
        for (Person* one : people_) {
            for (Person* other : people_) {
                if (one == other || one->state(other->name) != ChatState::open) {
                    continue;
                }
                ++open_;
                const Texts& said = said_[{one->name, other->name}];
                const ChatState there = other->state(one->name);
                // A lost terminate is heard of when something is said next.
                BOOST_TEST((there == ChatState::open || there == ChatState::ended));
                BOOST_TEST((there == ChatState::ended || heard(*other, *one) == said));
            }
        }
    }

    [[nodiscard]] int open() const { return open_; }

  private:
    std::size_t pick(std::size_t below) {
        std::array<std::uint8_t, 2> bytes{};
        random_.fill(bytes);
        return (bytes[0] * 256U + bytes[1]) % below;
    }

    bool pass_on(const std::string& to, const std::string& text) {
        const bool ours = is(text, "relay") || contains(text, "\"type\":\"chat_");
        if (!faulty_ || !ours) {
            return true;
        }
        switch (pick(40)) {
            case 0:
                return false;  // lost
            case 1:
                late_.emplace_back(to, text);  // overtaken
                return false;
            case 2:
                late_.emplace_back(to, text);  // repeated later
                return true;
            default:
                return true;
        }
    }

    void act() {
        Person& one = *people_[pick(people_.size())];
        Person& other = *people_[(static_cast<std::size_t>(one.name[0] - 'a') + 1 + pick(2)) % 3];
        switch (pick(24)) {
            case 0:
            case 1:
            case 2:
                world_.tell(one, command::RequestChat{ChatKey::with(other.name)});
                break;
            case 3:
            case 4:
            case 5:
                world_.tell(one, command::AcceptRequest{ChatKey::with(other.name)});
                break;
            case 6:
                world_.tell(one, command::DeclineRequest{ChatKey::with(other.name), false});
                break;
            case 7:
                world_.tell(one, command::CancelRequest{ChatKey::with(other.name)});
                break;
            case 8:
                world_.tell(one, command::EndChat{ChatKey::with(other.name)});
                break;
            case 9:
                world_.cut(one);
                break;
            case 10:
                world_.set_reachable(one, !one.reachable);
                break;
            case 11:
                world_.tell(one, command::SetTyping{ChatKey::with(other.name), true});
                break;
            case 12:
                deliver_late();
                break;
            case 13:
                world_.tell(one, command::Connect{});
                break;
            default:
                say(one, other);
        }
    }

    void say(Person& one, Person& other) {
        const auto before = one.all<event::MessageAdded>().size();
        const std::string text = std::to_string(++last_text_);
        world_.tell(one, command::SendText{ChatKey::with(other.name), text});
        if (one.all<event::MessageAdded>().size() > before) {
            said_[{one.name, other.name}].push_back(text);
        }
    }

    void deliver_late() {
        const auto late = std::exchange(late_, {});
        for (const auto& [to, text] : late) {
            for (Person* person : people_) {
                if (person->name == to && person->state("") == ChatState::none) {
                    world_.inject(*person, text);
                }
            }
        }
    }

    static Texts heard(const Person& by, const Person& from) {
        Texts out;
        for (const auto& message : by.all<event::MessageAdded>()) {
            if (!message.own && message.chat.name() == from.name) {
                out.push_back(message.text.str());
            }
        }
        return out;
    }

    /// Whatever happens: each text once, in order, nothing invented, and what is
    /// shown as delivered has arrived.
    void check() {
        for (Person* one : people_) {
            for (Person* other : people_) {
                if (one == other) {
                    continue;
                }
                const Texts& said = said_[{one->name, other->name}];
                const Texts got = heard(*other, *one);
                BOOST_REQUIRE(got.size() <= said.size());
                BOOST_REQUIRE(std::equal(got.begin(), got.end(), said.begin()));
                std::size_t delivered = 0;
                for (const auto& change : one->all<event::DeliveryChanged>()) {
                    delivered +=
                        change.chat.name() == other->name && change.delivery == Delivery::delivered
                            ? 1
                            : 0;
                }
                BOOST_REQUIRE(delivered <= got.size());
                BOOST_REQUIRE(one->all<event::KeyChanged>().empty());
            }
        }
    }

    SeededRandom random_;
    World world_;
    std::vector<Person*> people_;
    std::map<std::pair<std::string, std::string>, Texts> said_;
    std::vector<std::pair<std::string, std::string>> late_;
    bool faulty_ = true;
    int last_text_ = 0;
    int open_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(whatever_people_and_network_do)

BOOST_AUTO_TEST_CASE(texts_come_once_in_order_and_all_of_them_in_the_end) {
    int open = 0;
    for (std::uint64_t seed = 1; seed <= 30; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            Walk walk(seed);
            walk.run(150);
            walk.heal();
            open += walk.open();
        }
    }
    BOOST_TEST(open >= 20);  // or the walk has shown nothing
}

BOOST_AUTO_TEST_SUITE_END()
