#include "net/wire/base64.h"
#include "test/support/print.h"
#include "test/support/world.h"

#include <boost/test/unit_test.hpp>

namespace command = sotto::client::command;
namespace event = sotto::client::event;
using sotto::client::ChatKey;
using sotto::client::ChatState;
using sotto::client::Trust;
using sotto::test::World;

BOOST_AUTO_TEST_SUITE(two_people)

BOOST_AUTO_TEST_CASE(ask_accept_and_talk_both_ways) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(bob.all<event::RequestArrived>().size() == 1);
    BOOST_TEST((bob.state("alice") == ChatState::asked));

    world.tell(bob, command::AcceptRequest{ChatKey::with("alice")});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::open));
    BOOST_TEST((bob.state("alice") == ChatState::open));

    world.tell(alice, command::SendText{ChatKey::with("bob"), "hello bob"});
    world.tell(bob, command::SendText{ChatKey::with("alice"), "hello alice"});
    world.settle();
    BOOST_TEST(bob.texts() == std::vector<std::string>{"hello bob"});
    BOOST_TEST(alice.texts() == std::vector<std::string>{"hello alice"});
    BOOST_TEST(alice.delivered() == 1);
}

BOOST_AUTO_TEST_CASE(the_relay_sees_no_plaintext) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "a secret between us"});
    world.settle();
    BOOST_TEST(bob.texts().size() == 1);
    BOOST_TEST(!world.forwarded.empty());
    for (const std::string& text : world.forwarded) {
        BOOST_TEST(text.find("secret") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(a_declined_request_is_told_to_its_sender) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(bob, command::DeclineRequest{ChatKey::with("alice"), false});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::declined));
}

BOOST_AUTO_TEST_CASE(a_request_that_is_taken_back_disappears) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(alice, command::CancelRequest{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(bob.all<event::RequestGone>().size() == 1);
    world.tell(bob, command::AcceptRequest{ChatKey::with("alice")});
    BOOST_TEST(bob.all<event::Refused>().size() == 1);
}

BOOST_AUTO_TEST_CASE(who_asks_each_other_at_once_talk_without_being_asked) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.tell(bob, command::RequestChat{ChatKey::with("alice")});
    world.settle();
    world.pass(std::chrono::seconds(2));
    BOOST_TEST((alice.state("bob") == ChatState::open));
    BOOST_TEST((bob.state("alice") == ChatState::open));
    world.tell(alice, command::SendText{ChatKey::with("bob"), "jinx"});
    world.settle();
    BOOST_TEST(bob.texts() == std::vector<std::string>{"jinx"});
}

BOOST_AUTO_TEST_CASE(a_chat_that_one_ends_is_ended_for_both) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::EndChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::ended));
    BOOST_TEST((bob.state("alice") == ChatState::ended));
}

BOOST_AUTO_TEST_CASE(texts_written_while_the_link_is_down_arrive_once_and_in_order) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "one"});
    world.settle();
    world.cut(bob);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "two"});
    world.tell(alice, command::SendText{ChatKey::with("bob"), "three"});
    world.settle();
    world.pass(std::chrono::seconds(60));
    BOOST_TEST(bob.texts() == (std::vector<std::string>{"one", "two", "three"}));
    BOOST_TEST(alice.delivered() == 3);
}

BOOST_AUTO_TEST_CASE(a_long_conversation_moves_to_new_epochs) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    for (int i = 0; i < 300; ++i) {
        world.tell(
            i % 2 == 0 ? alice : bob,
            command::SendText{ChatKey::with(i % 2 == 0 ? "bob" : "alice"), std::to_string(i)});
        world.settle();
    }
    BOOST_TEST(bob.texts().size() == 150);
    BOOST_TEST(alice.texts().size() == 150);
    BOOST_TEST(bob.all<event::ChatChanged>().back().epoch >= 3U);
}

BOOST_AUTO_TEST_CASE(both_see_the_same_safety_number) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::ShowSafetyNumber{"bob"});
    world.tell(bob, command::ShowSafetyNumber{"alice"});
    const auto one = alice.all<event::SafetyNumber>();
    const auto other = bob.all<event::SafetyNumber>();
    BOOST_REQUIRE(one.size() == 1);
    BOOST_TEST(one[0].digits.size() == 60);
    BOOST_TEST(one[0].digits == other[0].digits);
    world.tell(alice, command::SetVerified{"bob", true});
    BOOST_TEST((alice.all<event::ChatChanged>().back().trust == Trust::verified));
}

BOOST_AUTO_TEST_CASE(a_blocked_peer_can_not_ask) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(bob, command::Block{"alice"});
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(bob.all<event::RequestArrived>().empty());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(an_evil_relay)

BOOST_AUTO_TEST_CASE(that_swaps_a_key_is_found_out_at_the_first_request) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    auto& mallory = world.add("mallory");
    const std::string bobs = sotto::wire::base64(bob.identity->public_key());
    const std::string mallorys = sotto::wire::base64(mallory.identity->public_key());
    world.evil = [&](const std::string& to, std::string& text) {
        const auto at = text.find(bobs);
        if (to == "alice" && at != std::string::npos) {
            text.replace(at, bobs.size(), mallorys);
        }
        return true;
    };
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(bob.all<event::RequestArrived>().empty());
    BOOST_TEST(bob.all<event::Notice>().size() == 1);
}

BOOST_AUTO_TEST_CASE(that_loses_a_record_is_noticed_and_nothing_is_lost) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    bool dropped = false;
    world.evil = [&](const std::string& to, std::string& text) {
        const bool record = text.find("\"kind\":\"record\"") != std::string::npos;
        return !(to == "bob" && record && !std::exchange(dropped, true));
    };
    world.tell(alice, command::SendText{ChatKey::with("bob"), "one"});
    world.tell(alice, command::SendText{ChatKey::with("bob"), "two"});
    world.settle();
    BOOST_TEST(dropped);
    BOOST_TEST(bob.texts().empty());
    BOOST_TEST((bob.state("alice") == ChatState::broken));
    world.pass(std::chrono::seconds(60));
    BOOST_TEST(bob.texts() == (std::vector<std::string>{"one", "two"}));
    BOOST_TEST(alice.delivered() == 2);
}

BOOST_AUTO_TEST_CASE(that_repeats_everything_changes_nothing) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "once"});
    world.settle();
    const auto seen = world.forwarded;
    for (const std::string& text : seen) {
        bob.client->on_message(text, world.now);
        alice.client->on_message(text, world.now);
    }
    world.tell(alice, command::SendText{ChatKey::with("bob"), "again"});
    world.settle();
    world.pass(std::chrono::seconds(5));
    BOOST_TEST(bob.texts() == (std::vector<std::string>{"once", "again"}));
}

BOOST_AUTO_TEST_CASE(a_changed_key_blocks_until_the_person_accepts_it) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::EndChat{ChatKey::with("bob")});
    world.settle();
    const std::string bobs = sotto::wire::base64(bob.identity->public_key());
    const std::string others = sotto::wire::base64(alice.identity->public_key());
    world.evil = [&](const std::string& /*to*/, std::string& text) {
        const auto at = text.find(bobs);
        if (at != std::string::npos) {
            text.replace(at, bobs.size(), others);
        }
        return true;
    };
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_REQUIRE(alice.all<event::KeyChanged>().size() == 1);
    BOOST_TEST((alice.state("bob") == ChatState::key_changed));
    const auto before = alice.all<event::Refused>().size();
    world.tell(alice, command::SendText{ChatKey::with("bob"), "no"});
    BOOST_TEST(alice.all<event::Refused>().size() == before + 1);
    world.tell(alice,
               command::AcceptKeyChange{"bob", alice.all<event::KeyChanged>()[0].new_fingerprint});
    BOOST_TEST((alice.all<event::ChatChanged>().back().trust == Trust::unverified));
}

BOOST_AUTO_TEST_SUITE_END()
