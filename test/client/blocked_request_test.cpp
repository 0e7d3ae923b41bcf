// Requests that a block has put away, and repeats in glare.
#include "test/client/waiting.h"

using namespace sotto::test;
namespace wire = sotto::wire;
namespace crypto = sotto::crypto;

namespace {

/// Alice has blocked bob, who asks or had asked, and takes the block back.
struct Blocked {
    enum class Asks { before, meanwhile };
    explicit Blocked(std::uint64_t seed, Asks when = Asks::before) : world(seed) {
        if (when == Asks::before) {
            ask();
            world.tell(alice, command::Block{"bob"});
        } else {
            world.tell(alice, command::Block{"bob"});
            ask();
        }
    }
    void ask() {
        world.tell(bob, command::RequestChat{ChatKey::with("alice")});
        world.settle();
        request = bob.sent.back();
        BOOST_REQUIRE(is(request, "chat_request"));
    }
    /// The relay keeps his 0x02 to itself.
    void take_back_unheard() {
        world.evil = [](const std::string& to, std::string& text) {
            return to != "alice" || !is(text, "chat_terminate");
        };
        world.tell(bob, command::CancelRequest{ChatKey::with("alice")});
        world.settle();
        world.evil = nullptr;
    }
    /// After that she asks him.
    void unblock() {
        world.tell(alice, command::Unblock{"bob"});
        world.tell(alice, command::RequestChat{ChatKey::with("bob")});
        world.settle();
    }
    [[nodiscard]] bool alice_larger() const {
        return alice.identity->public_key() > bob.identity->public_key();
    }

    World world;
    Person& alice = world.add("alice");
    Person& bob = world.add("bob");
    std::string request;  ///< bob's
};

}  // namespace

BOOST_AUTO_TEST_SUITE(a_request_that_a_block_has_put_away)

BOOST_AUTO_TEST_CASE(does_not_leave_two_who_then_ask_each_other_waiting_for_ever) {
    int alice_larger = 0;
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        for (const auto when : {Blocked::Asks::before, Blocked::Asks::meanwhile}) {
            Blocked story(seed, when);
            alice_larger += story.alice_larger() ? 1 : 0;
            BOOST_TEST(story.alice.all<event::RequestArrived>().size() ==
                       (when == Blocked::Asks::before ? 1U : 0U));
            story.world.pass(seconds(11 * 60));
            story.unblock();
            story.world.pass(seconds(3));
            BOOST_TEST((story.alice.state("bob") == ChatState::open));
            BOOST_TEST((story.bob.state("alice") == ChatState::open));
            BOOST_TEST(notices(story.alice, "clock") == 0);
            check_talk(story.world, story.alice, story.bob, "friends again");
        }
    }
    BOOST_TEST(alice_larger > 0);
    BOOST_TEST(alice_larger < 12);
}

BOOST_AUTO_TEST_CASE(is_answered_to_nobody_who_does_not_ask) {
    Blocked story(larger_seed());
    story.world.inject(story.alice, story.request);
    story.world.tell(story.alice, command::Unblock{"bob"});
    story.world.inject(story.alice, story.request);
    BOOST_TEST(sent<wire::ChatResponse>(story.alice).empty());
    BOOST_TEST(story.alice.all<event::RequestArrived>().size() == 1);
    BOOST_TEST((story.alice.state("bob") == ChatState::none));
}

BOOST_AUTO_TEST_CASE(and_that_its_sender_took_back_never_comes_alive) {
    for (const auto when : {Blocked::Asks::before, Blocked::Asks::meanwhile}) {
        Blocked story(larger_seed(), when);
        story.world.tell(story.bob, command::CancelRequest{ChatKey::with("alice")});
        story.world.settle();
        story.unblock();
        story.world.inject(story.alice, story.request);
        BOOST_TEST(accepts(story.alice) == 0);
        BOOST_TEST((story.alice.state("bob") == ChatState::requested));
        BOOST_TEST((story.bob.state("alice") == ChatState::asked));
    }
}

BOOST_AUTO_TEST_CASE(and_that_its_sender_took_back_unheard_gets_no_session) {
    Blocked story(larger_seed());
    story.take_back_unheard();
    story.world.tell(story.alice, command::Unblock{"bob"});
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    story.world.settle();
    story.world.inject(story.alice, story.request);  // the relay's doing
    story.world.pass(seconds(60));
    BOOST_TEST((story.alice.state("bob") == ChatState::ended));  // his 0x02, told again
    for (const auto& change : story.alice.all<event::ChatChanged>()) {
        BOOST_TEST((change.state != ChatState::open));
    }
}

BOOST_AUTO_TEST_CASE(is_over_once_its_sender_has_asked_anew) {
    Blocked story(larger_seed());
    const std::string older = story.request;
    story.take_back_unheard();
    story.world.tell(story.alice, command::Unblock{"bob"});
    story.ask();
    story.world.tell(story.alice, command::DeclineRequest{ChatKey::with("bob"), false});
    story.world.settle();
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    story.world.settle();
    story.world.inject(story.alice, older);
    BOOST_TEST(accepts(story.alice) == 0);
    BOOST_TEST((story.alice.state("bob") == ChatState::requested));
}

BOOST_AUTO_TEST_CASE(is_over_once_its_sender_has_declined) {
    Blocked story(larger_seed());
    story.take_back_unheard();
    story.unblock();
    story.world.tell(story.bob, command::DeclineRequest{ChatKey::with("alice"), false});
    story.world.settle();
    BOOST_REQUIRE((story.alice.state("bob") == ChatState::declined));
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    story.world.settle();
    story.world.inject(story.alice, story.request);
    BOOST_TEST(accepts(story.alice) == 0);
    BOOST_TEST((story.alice.state("bob") == ChatState::requested));
}

BOOST_AUTO_TEST_CASE(is_over_once_another_chat_has_come_about) {
    Blocked story(larger_seed());
    story.take_back_unheard();
    story.world.tell(story.alice, command::Unblock{"bob"});
    story.world.befriend(story.alice, story.bob);
    story.world.pass(seconds(2));
    BOOST_REQUIRE((story.alice.state("bob") == ChatState::open));
    story.world.tell(story.alice, command::EndChat{ChatKey::with("bob")});
    story.world.settle();
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    story.world.settle();
    story.world.inject(story.alice, story.request);
    BOOST_TEST(accepts(story.alice) == 0);
    BOOST_TEST((story.alice.state("bob") == ChatState::requested));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_repeat_while_ones_own_request_waits)

BOOST_AUTO_TEST_CASE(of_one_that_was_declined_or_whose_chat_was_ended_opens_nothing) {
    for (const bool decline : {true, false}) {
        World world(larger_seed());
        auto& alice = world.add("alice");
        auto& bob = world.add("bob");
        world.tell(bob, command::RequestChat{ChatKey::with("alice")});
        world.settle();
        const std::string request = bob.sent.back();
        if (decline) {
            world.tell(alice, command::DeclineRequest{ChatKey::with("bob"), false});
        } else {
            world.tell(alice, command::AcceptRequest{ChatKey::with("bob")});
            world.settle();
            world.tell(alice, command::EndChat{ChatKey::with("bob")});
        }
        world.settle();
        const auto before = accepts(alice);
        world.tell(alice, command::RequestChat{ChatKey::with("bob")});
        world.settle();
        world.inject(alice, request);
        BOOST_TEST(accepts(alice) == before);
        BOOST_TEST((alice.state("bob") == ChatState::requested));
        BOOST_TEST((bob.state("alice") == ChatState::asked));
    }
}

BOOST_AUTO_TEST_CASE(of_one_that_was_too_late_when_first_seen_opens_nothing) {
    World world(larger_seed());
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::Block{"bob"});
    std::string request;
    world.evil = [&](const std::string& to, std::string& text) {
        if (to == "alice" && is(text, "chat_request")) {
            request = text;
            return false;
        }
        return true;
    };
    world.tell(bob, command::RequestChat{ChatKey::with("alice")});
    world.settle();
    world.tell(bob, command::CancelRequest{ChatKey::with("alice")});
    world.settle();
    world.pass(seconds(11 * 60));
    world.inject(alice, request);
    world.tell(alice, command::Unblock{"bob"});
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.inject(alice, request);
    BOOST_TEST(accepts(alice) == 0);
    BOOST_TEST((alice.state("bob") == ChatState::requested));
}

BOOST_AUTO_TEST_CASE(of_one_that_another_name_of_the_same_key_replaced_is_accepted) {
    Blocked story(larger_seed());
    story.world.tell(story.alice, command::Unblock{"bob"});
    story.world.tell(story.bob, command::CancelRequest{ChatKey::with("alice")});
    story.ask();
    wire::ChatRequest other;
    other.route = {"bob2", "alice", crypto::ChatId{1}, 1};
    other.identity = story.bob.identity->public_key();
    other.time = story.world.now.wall;
    other.signature =
        crypto::sign_request(*story.bob.identity, {{"bob2", other.identity},
                                                   {"alice", story.alice.identity->public_key()},
                                                   other.route.chat,
                                                   other.time});
    story.world.inject(story.alice, wire::encode(other));
    BOOST_REQUIRE((story.alice.state("bob2") == ChatState::asked));
    BOOST_REQUIRE((story.alice.state("bob") == ChatState::none));
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    story.world.settle();
    story.world.pass(seconds(3));
    BOOST_TEST((story.alice.state("bob") == ChatState::open));
}

BOOST_AUTO_TEST_CASE(of_one_that_is_pending_says_nothing_of_a_clock) {
    World world;
    auto& alice = world.add("alice");
    Puppet erin("erin", 5);
    const auto request = erin.ask(alice, world.now.wall);
    world.inject(alice, request.text);
    world.pass(seconds(11 * 60));
    world.inject(alice, request.text);
    BOOST_TEST(notices(alice, "clock") == 0);
    BOOST_TEST((alice.state("erin") == ChatState::asked));
}

BOOST_AUTO_TEST_SUITE_END()
