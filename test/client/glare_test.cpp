// Two who ask each other at the same time.
#include "test/client/talk.h"

using namespace sotto::test;
namespace wire = sotto::wire;
namespace crypto = sotto::crypto;

namespace {

/// The relay says that it could not deliver what `person` answered.
void refuse_the_answer(World& world, Person& person) {
    const wire::Route route = sent<wire::ChatResponse>(person).front().route;
    wire::ErrorMessage error;
    error.code = wire::ErrorCode::busy;
    error.re = "chat_response";
    error.id = route.id;
    error.to = route.to;
    error.chat = route.chat;
    world.inject(person, wire::encode(error));
    BOOST_REQUIRE(contains(last_why(person), "did not arrive"));
}

/// Alice and Bob have asked each other at once, and their handshake does not get through.
/// Who has the larger key has answered, and keeps the own request for a late answer.
struct Glare {
    explicit Glare(std::uint64_t seed) : world(seed) {
        world.evil_up = [](const std::string&, std::string& text) { return !is(text, "relay"); };
        world.tell(alice, command::RequestChat{ChatKey::with("bob")});
        world.tell(bob, command::RequestChat{ChatKey::with("alice")});
        world.settle();
        BOOST_REQUIRE((larger.state(smaller.name) == ChatState::securing));
        BOOST_REQUIRE((smaller.state(larger.name) == ChatState::securing));
    }

    World world;
    Person& alice = world.add("alice");
    Person& bob = world.add("bob");
    const bool alices = alice.identity->public_key() > bob.identity->public_key();
    Person& larger = alices ? alice : bob;
    Person& smaller = alices ? bob : alice;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(who_ask_each_other_at_once)

BOOST_AUTO_TEST_CASE(talk_without_being_asked_whoevers_key_is_larger) {
    int alice_larger = 0;
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        World world(seed);
        auto& alice = world.add("alice");
        auto& bob = world.add("bob");
        alice_larger += alice.identity->public_key() > bob.identity->public_key() ? 1 : 0;
        world.tell(alice, command::RequestChat{ChatKey::with("bob")});
        world.tell(bob, command::RequestChat{ChatKey::with("alice")});
        world.settle();
        world.pass(seconds(3));
        BOOST_TEST(alice.all<event::RequestArrived>().empty());
        BOOST_TEST(bob.all<event::RequestArrived>().empty());
        BOOST_TEST((alice.state("bob") == ChatState::open));
        BOOST_TEST((bob.state("alice") == ChatState::open));
        check_talk(world, alice, bob, "jinx");
    }
    BOOST_TEST(alice_larger > 0);
    BOOST_TEST(alice_larger < 8);
}

BOOST_AUTO_TEST_CASE(talk_even_if_the_request_of_the_larger_key_was_lost) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        for (const char* loser : {"alice", "bob"}) {
            World world(seed);
            auto& alice = world.add("alice");
            auto& bob = world.add("bob");
            bool lost = false;
            world.evil_up = [&](const std::string& from, std::string& text) {
                return !(from == loser && is(text, "chat_request") && !std::exchange(lost, true));
            };
            world.tell(alice, command::RequestChat{ChatKey::with("bob")});
            world.tell(bob, command::RequestChat{ChatKey::with("alice")});
            world.settle();
            world.pass(seconds(20));
            BOOST_TEST(lost);
            BOOST_TEST((alice.state("bob") == ChatState::open));
            BOOST_TEST((bob.state("alice") == ChatState::open));
        }
    }
}

BOOST_AUTO_TEST_CASE(and_end_it_before_it_stands_are_both_rid_of_it) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        World world(seed);
        auto& alice = world.add("alice");
        auto& bob = world.add("bob");
        world.evil_up = [](const std::string&, std::string& text) { return !is(text, "relay"); };
        world.tell(alice, command::RequestChat{ChatKey::with("bob")});
        world.tell(bob, command::RequestChat{ChatKey::with("alice")});
        world.settle();
        world.tell(alice, command::EndChat{ChatKey::with("bob")});
        world.evil_up = nullptr;
        world.settle();
        // The larger key has answered, but its own request was still good for a late answer.
        const bool larger = alice.identity->public_key() > bob.identity->public_key();
        BOOST_TEST(sent<wire::ChatTerminate>(alice).size() == (larger ? 2U : 1U));
        world.pass(seconds(40));
        BOOST_TEST((alice.state("bob") == ChatState::ended));
        BOOST_TEST((bob.state("alice") == ChatState::ended));
    }
}

BOOST_AUTO_TEST_CASE(and_take_back_what_is_agreed_already_are_told_how_to_end_it) {
    Glare glare(1);
    glare.world.tell(glare.larger, command::CancelRequest{ChatKey::with(glare.smaller.name)});
    BOOST_TEST(contains(last_refusal(glare.larger), "/close " + glare.smaller.name));
    BOOST_TEST(count(glare.larger.sent, "chat_terminate") == 0U);
    glare.world.evil_up = nullptr;
    glare.world.pass(seconds(30));
    check_talk(glare.world, glare.alice, glare.bob, "agreed");
}

BOOST_AUTO_TEST_CASE(and_are_ended_by_the_smaller_key_can_both_ask_anew_and_are_asked) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        for (const bool larger_asks : {true, false}) {
            Glare glare(seed);
            auto& asker = larger_asks ? glare.larger : glare.smaller;
            auto& asked = larger_asks ? glare.smaller : glare.larger;
            glare.world.tell(glare.smaller, command::EndChat{ChatKey::with(glare.larger.name)});
            glare.world.settle();
            BOOST_TEST((glare.larger.state(glare.smaller.name) == ChatState::ended));
            glare.world.evil_up = nullptr;
            glare.world.tell(asker, command::RequestChat{ChatKey::with(asked.name)});
            glare.world.settle();
            BOOST_TEST(last_refusal(asker) == "");
            BOOST_TEST(asked.all<event::RequestArrived>().size() == 1);
            BOOST_TEST((asked.state(asker.name) == ChatState::asked));
        }
    }
}

BOOST_AUTO_TEST_CASE(and_one_restarts_before_it_stands_are_asked_the_next_time) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Glare glare(seed);
        glare.world.restart(glare.smaller);
        glare.world.evil_up = nullptr;
        glare.world.pass(seconds(20));  // a step 1 from there is answered by 0x03
        BOOST_TEST((glare.larger.state(glare.smaller.name) == ChatState::ended));
        glare.world.tell(glare.smaller, command::RequestChat{ChatKey::with(glare.larger.name)});
        glare.world.settle();
        BOOST_TEST(glare.larger.all<event::RequestArrived>().size() == 1);
        BOOST_TEST((glare.larger.state(glare.smaller.name) == ChatState::asked));
    }
}

BOOST_AUTO_TEST_CASE(and_whose_answer_was_refused_take_their_own_back_when_they_block) {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        Glare glare(seed);
        refuse_the_answer(glare.world, glare.larger);
        glare.world.tell(glare.larger, command::Block{glare.smaller.name});
        glare.world.settle();
        const auto own = sent<wire::ChatRequest>(glare.larger).front();
        const auto terminates = sent<wire::ChatTerminate>(glare.larger);
        BOOST_REQUIRE(terminates.size() == 1);
        BOOST_TEST((terminates[0].route.chat == own.route.chat));
        BOOST_TEST(terminates[0].payload[0] == 2);

        const crypto::ChatRequest terms{{glare.larger.name, own.identity},
                                        {glare.smaller.name, glare.smaller.identity->public_key()},
                                        own.route.chat,
                                        own.time};
        wire::ChatResponse late;
        late.route = {glare.smaller.name, glare.larger.name, own.route.chat, 99};
        late.accept = true;
        late.signature = crypto::sign_response(*glare.smaller.identity,
                                               crypto::request_hash(terms, own.signature), true);
        glare.world.inject(glare.larger, wire::encode(late));
        BOOST_TEST((glare.larger.state(glare.smaller.name) == ChatState::none));
    }
}

BOOST_AUTO_TEST_CASE(after_an_accept_that_was_refused_talk_whoevers_key_is_larger) {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        World world(seed);
        auto& alice = world.add("alice");
        auto& bob = world.add("bob");
        world.tell(alice, command::RequestChat{ChatKey::with("bob")});
        world.settle();
        world.evil_up = [](const std::string&, std::string& text) {
            return !is(text, "chat_response");
        };
        world.tell(bob, command::AcceptRequest{ChatKey::with("alice")});
        world.settle();
        world.evil_up = nullptr;
        refuse_the_answer(world, bob);
        BOOST_TEST((bob.state("alice") == ChatState::none));
        world.tell(bob, command::RequestChat{ChatKey::with("alice")});  // hers is outstanding yet
        world.settle();
        BOOST_TEST((alice.state("bob") == ChatState::open));
        BOOST_TEST((bob.state("alice") == ChatState::open));
        check_talk(world, alice, bob, "after all");
    }
}

BOOST_AUTO_TEST_SUITE_END()
