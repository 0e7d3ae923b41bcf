#include "test/client/talk.h"

using namespace sotto::test;
namespace wire = sotto::wire;
namespace crypto = sotto::crypto;

BOOST_AUTO_TEST_SUITE(an_accept)

BOOST_AUTO_TEST_CASE(is_followed_by_ones_own_step_1_if_none_comes_in_15_seconds) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.evil_up = [](const std::string& from, std::string& text) {
        return !(from == "alice" && is(text, "relay"));
    };
    world.befriend(alice, bob);
    const auto steps = [&] {
        return std::count_if(bob.sent.begin(), bob.sent.end(),
                             [](const std::string& text) { return step(text) == 1; });
    };
    world.pass(seconds(14));
    BOOST_TEST(steps() == 0);
    world.pass(seconds(2));
    BOOST_TEST(steps() == 1);
    world.evil_up = nullptr;
    world.pass(seconds(40));
    BOOST_TEST((alice.state("bob") == ChatState::open));
    check_talk(world, alice, bob, "after all");
}

BOOST_AUTO_TEST_CASE(that_does_not_arrive_ends_the_consent_and_says_so) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.set_reachable(alice, false);
    world.tell(bob, command::AcceptRequest{ChatKey::with("alice")});
    world.settle();
    BOOST_TEST((bob.state("alice") == ChatState::none));
    BOOST_TEST(contains(last_why(bob), "did not arrive"));
    world.pass(seconds(60));
    BOOST_TEST(std::none_of(bob.sent.begin(), bob.sent.end(),
                            [](const std::string& text) { return step(text) != 0; }));
}

BOOST_AUTO_TEST_CASE(of_a_request_taken_back_meanwhile_hears_of_it_at_its_step_1) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.evil = [](const std::string&, std::string& text) {
        return !is(text, "chat_response") && !is(text, "chat_terminate");
    };
    world.befriend(alice, bob);
    world.tell(alice, command::CancelRequest{ChatKey::with("bob")});
    world.settle();
    world.evil = nullptr;
    BOOST_TEST((bob.state("alice") == ChatState::securing));
    world.pass(seconds(20));
    const auto terminates = sent<wire::ChatTerminate>(alice);
    BOOST_REQUIRE(terminates.size() == 2);
    BOOST_TEST(terminates[1].payload[0] == 2);
    BOOST_TEST((terminates[0].payload == terminates[1].payload));
    BOOST_TEST((bob.state("alice") == ChatState::ended));
}

BOOST_AUTO_TEST_CASE(that_is_a_no_is_told_once) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(bob, command::DeclineRequest{ChatKey::with("alice"), false});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::declined));
    BOOST_TEST(last_why(alice) == "");  // the state says it
}

BOOST_AUTO_TEST_CASE(that_nobody_asked_for_or_does_not_verify_is_dropped) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    std::string response;
    world.evil = [&](const std::string& to, std::string& text) {
        if (to == "alice" && is(text, "chat_response")) {
            response = text;
            const auto at = text.find("\"accept\":false");
            text.replace(at, 14, "\"accept\":true");  // the signature says no
        }
        return true;
    };
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(bob, command::DeclineRequest{ChatKey::with("alice"), false});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::requested));
    world.inject(alice, response);
    BOOST_TEST((alice.state("bob") == ChatState::declined));
    const auto changes = alice.all<event::ChatChanged>().size();
    world.inject(alice, response);
    BOOST_TEST(alice.all<event::ChatChanged>().size() == changes);
}

BOOST_AUTO_TEST_SUITE_END()
