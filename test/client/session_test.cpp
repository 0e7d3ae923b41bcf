#include "test/client/talk.h"

using namespace sotto::test;
namespace wire = sotto::wire;

namespace {

std::vector<int> terminates(const Person& person) {
    std::vector<int> out;
    for (const auto& one : sent<wire::ChatTerminate>(person)) {
        out.push_back(one.payload[0]);
    }
    return out;
}

bool drop_relay(const std::string& /*who*/, std::string& text) {
    return !is(text, "relay");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(an_end)

BOOST_AUTO_TEST_CASE(is_told_inside_the_session_while_one_stands_and_signed_otherwise) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(bob, command::EndChat{ChatKey::with("alice")});
    world.settle();
    BOOST_TEST(terminates(bob) == std::vector<int>{1});
    BOOST_TEST((alice.state("bob") == ChatState::ended));
    BOOST_TEST(contains(last_why(alice), "bob ended the chat"));

    world.evil = drop_relay;
    world.befriend(alice, bob);
    world.tell(bob, command::EndChat{ChatKey::with("alice")});
    world.settle();
    BOOST_TEST(terminates(bob) == (std::vector<int>{1, 2}));
    BOOST_TEST((alice.state("bob") == ChatState::ended));
}

BOOST_AUTO_TEST_CASE(of_the_program_ends_every_chat_and_says_so) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    auto& carol = world.add("carol");
    world.befriend(alice, bob);
    world.befriend(carol, alice);
    world.tell(alice, command::Quit{});
    world.settle();
    BOOST_TEST(alice.all<event::Finished>().size() == 1);
    BOOST_TEST(std::holds_alternative<event::Finished>(alice.events.back().what));
    for (const Person* other : {&bob, &carol}) {
        BOOST_TEST((other->state("alice") == ChatState::ended));
        BOOST_TEST(contains(last_why(*other), "closed the program"));
    }
    const auto events = alice.events.size();
    world.pass(seconds(60));
    BOOST_TEST(alice.events.size() == events);
}

BOOST_AUTO_TEST_CASE(that_was_not_heard_is_told_again_to_a_step_1_under_it) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.evil = [](const std::string&, std::string& text) { return !is(text, "chat_terminate"); };
    world.tell(alice, command::EndChat{ChatKey::with("bob")});
    world.settle();
    world.evil = nullptr;
    BOOST_TEST((bob.state("alice") == ChatState::open));
    world.tell(bob, command::SendText{ChatKey::with("alice"),
                                      "anybody there?"});  // dropped without a word
    world.settle();
    BOOST_TEST(alice.texts().empty());
    BOOST_TEST(terminates(alice) == std::vector<int>{1});
    world.cut(bob);
    world.pass(seconds(3));
    BOOST_TEST(terminates(alice) == (std::vector<int>{1, 2}));
    BOOST_TEST((bob.state("alice") == ChatState::ended));
    BOOST_TEST((alice.state("bob") == ChatState::ended));
}

BOOST_AUTO_TEST_CASE(answers_at_most_once_a_second_per_peer) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.evil = [](const std::string&, std::string& text) { return !is(text, "chat_terminate"); };
    world.tell(alice, command::EndChat{ChatKey::with("bob")});
    world.settle();
    std::string step1;
    world.evil = [&](const std::string& to, std::string& text) {
        if (to == "alice" && step(text) == 1) {
            step1 = text;
        }
        return to != "bob" || !is(text, "chat_terminate");
    };
    world.cut(bob);
    world.pass(seconds(2));
    BOOST_REQUIRE(!step1.empty());
    world.pass(seconds(1));
    const auto before = terminates(alice).size();
    for (int i = 0; i < 20; ++i) {
        world.inject(alice, step1);
    }
    BOOST_TEST(terminates(alice).size() == before + 1);
    world.now.monotonic += seconds(1);
    world.inject(alice, step1);
    BOOST_TEST(terminates(alice).size() == before + 2);
}

BOOST_AUTO_TEST_CASE(by_a_restart_is_told_to_the_peer_who_has_to_ask_again) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.restart(bob);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "are you there?"});
    world.settle();
    world.pass(seconds(40));
    BOOST_TEST(terminates(bob).size() >= 1);
    BOOST_TEST((alice.state("bob") == ChatState::ended));
    BOOST_TEST(contains(last_why(alice), "ask again"));
    BOOST_TEST(bob.texts().empty());
    world.befriend(alice, bob);  // the outbox outlived all that
    BOOST_TEST(bob.texts() == Texts{"are you there?"});
    BOOST_TEST(alice.delivered() == 1);
}

BOOST_AUTO_TEST_CASE(by_a_restart_is_seen_at_the_next_poll_even_if_nothing_is_said) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.pass(seconds(12));
    world.restart(bob);
    world.pass(seconds(12));
    BOOST_TEST((alice.state("bob") == ChatState::ended));
}

BOOST_AUTO_TEST_CASE(that_does_not_verify_is_none) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    const auto chat = sent<wire::ChatRequest>(alice)[0].route.chat;
    for (const char kind : {'\1', '\2', '\3', '\4', '\x7F'}) {
        for (const std::size_t size : {std::size_t{1}, std::size_t{65}, std::size_t{300}}) {
            wire::ChatTerminate forged;
            forged.route = {"bob", "alice", chat, 99};
            forged.payload.assign(size, 0x5A);
            forged.payload[0] = static_cast<std::uint8_t>(kind);
            world.inject(alice, wire::encode(forged));
        }
    }
    BOOST_TEST((alice.state("bob") == ChatState::open));
    check_talk(world, alice, bob, "still here");
}

BOOST_AUTO_TEST_CASE(of_one_chat_can_not_be_replayed_against_the_next) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.evil = drop_relay;
    world.befriend(alice, bob);
    world.tell(bob, command::EndChat{ChatKey::with("alice")});
    world.settle();
    const auto old = sent<wire::ChatTerminate>(bob).back();
    world.evil = nullptr;
    world.befriend(alice, bob);
    world.pass(seconds(2));  // attempts start at least 1 s apart
    BOOST_TEST((alice.state("bob") == ChatState::open));
    wire::ChatTerminate replay = old;
    world.inject(alice, wire::encode(replay));
    replay.route.chat = sent<wire::ChatRequest>(alice).back().route.chat;
    world.inject(alice, wire::encode(replay));
    BOOST_TEST((alice.state("bob") == ChatState::open));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_session)

BOOST_AUTO_TEST_CASE(with_each_of_several_peers_is_its_own) {
    World world;
    std::vector<Person*> people;
    for (const char* name : {"alice", "bob", "carol", "dave"}) {
        people.push_back(&world.add(name));
    }
    for (std::size_t i = 0; i < people.size(); ++i) {
        for (std::size_t j = i + 1; j < people.size(); ++j) {
            world.befriend(*people[i], *people[j]);
        }
    }
    for (Person* one : people) {
        for (Person* other : people) {
            if (one != other) {
                world.tell(*one, command::SendText{ChatKey::with(other->name),
                                                   one->name + ">" + other->name});
            }
        }
    }
    world.settle();
    for (Person* one : people) {
        BOOST_TEST(one->texts().size() == 3);
        for (const auto& text : one->all<event::MessageAdded>()) {
            BOOST_TEST((text.own || text.text.str() == text.chat.name() + ">" + one->name));
        }
    }
    world.tell(*people[0], command::EndChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST((people[1]->state("alice") == ChatState::ended));
    check_talk(world, *people[0], *people[2], "on we go");
}

BOOST_AUTO_TEST_CASE(numbers_the_messages_of_every_chat_from_1) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    auto& carol = world.add("carol");
    world.befriend(alice, bob);
    world.befriend(alice, carol);
    check_talk(world, alice, bob, "b");
    check_talk(world, alice, carol, "c");
    std::map<wire::ChatId, std::int64_t> last;
    const auto next = [&](const wire::Route& route) {
        BOOST_REQUIRE(route.id.has_value());
        BOOST_TEST(*route.id == ++last[route.chat]);
    };
    for (const std::string& text : alice.sent) {
        const auto message = wire::decode_from_relay(text);
        if (!message) {
            continue;
        }
        if (const auto* request = std::get_if<wire::ChatRequest>(&*message)) {
            next(request->route);
        } else if (const auto* relay = std::get_if<wire::Relay>(&*message)) {
            next(relay->route);
        }
    }
    BOOST_TEST(last.size() == 2);
}

BOOST_AUTO_TEST_CASE(carries_that_the_peer_is_typing) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::SetTyping{ChatKey::with("bob"), true});  // no session: nothing
    world.befriend(alice, bob);
    world.tell(alice, command::SetTyping{ChatKey::with("bob"), true});
    world.tell(alice, command::SetTyping{ChatKey::with("bob"), false});
    world.settle();
    const auto typing = bob.all<event::PeerTyping>();
    BOOST_REQUIRE(typing.size() == 2);
    BOOST_TEST(typing[0].on);
    BOOST_TEST(!typing[1].on);
}

BOOST_AUTO_TEST_CASE(that_the_relay_refuses_a_record_of_is_made_anew_and_nothing_is_lost) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    bool refused = false;
    std::string answer;
    world.evil_up = [&](const std::string& from, std::string& text) {
        if (from != "alice" || !is_record(text) || std::exchange(refused, true)) {
            return true;
        }
        const auto message = wire::decode_from_relay(text);
        const auto& route = std::get<wire::Relay>(*message).route;
        wire::ErrorMessage error;
        error.code = wire::ErrorCode::busy;
        error.re = "relay";
        error.id = route.id;
        error.to = route.to;
        error.chat = route.chat;
        answer = wire::encode(error);
        return false;
    };
    world.tell(alice, command::SendText{ChatKey::with("bob"), "one"});
    world.settle();
    world.inject(alice, answer);
    BOOST_TEST((alice.state("bob") == ChatState::broken));
    BOOST_TEST(contains(last_why(alice), "too slow"));
    BOOST_TEST((alice.all<event::DeliveryChanged>().back().delivery == Delivery::waiting));
    world.inject(alice, answer);  // once more changes nothing
    world.pass(seconds(5));
    BOOST_TEST((alice.state("bob") == ChatState::open));
    BOOST_TEST(bob.texts() == Texts{"one"});
    BOOST_TEST(alice.delivered() == 1);
    world.inject(alice, answer);  // of a session long gone
    BOOST_TEST((alice.state("bob") == ChatState::open));
}

BOOST_AUTO_TEST_CASE(under_a_newer_consent_replaces_the_older_one_with_all_that_waits) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.restart(bob);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "lost on a dead session"});
    world.settle();
    world.tell(bob, command::RequestChat{ChatKey::with("alice")});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::asked));
    world.tell(alice, command::AcceptRequest{ChatKey::with("bob")});
    world.settle();
    world.pass(seconds(2));
    BOOST_TEST((alice.state("bob") == ChatState::open));
    BOOST_TEST(bob.texts() == Texts{"lost on a dead session"});
    BOOST_TEST(alice.delivered() == 1);
}

BOOST_AUTO_TEST_CASE(is_shown_as_gone_when_the_peer_is_and_comes_back_with_it) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.set_reachable(bob, false);
    world.pass(seconds(6));
    BOOST_TEST((alice.state("bob") == ChatState::broken));
    BOOST_TEST(contains(last_why(alice), "offline") == false);  // by then an attempt was refused
    world.tell(alice, command::SendText{ChatKey::with("bob"), "for later"});
    world.pass(seconds(120));
    BOOST_TEST((alice.state("bob") != ChatState::open));
    world.set_reachable(bob, true);
    world.pass(seconds(35));
    BOOST_TEST((alice.state("bob") == ChatState::open));
    BOOST_TEST(bob.texts() == Texts{"for later"});
}

BOOST_AUTO_TEST_CASE(given_up_as_dead_leaves_the_handshake_beside_it_alone) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.pass(seconds(12));  // an answer to a poll lies between
    std::string step3;
    world.evil_up = [&](const std::string& from, std::string& text) {
        const bool held = from == "bob" && step(text) == 3;
        step3 = held ? text : step3;
        return !held;
    };
    world.cut(bob);
    world.pass(seconds(2));
    BOOST_REQUIRE(!step3.empty());
    BOOST_REQUIRE((alice.state("bob") == ChatState::open));
    world.pass(seconds(5));  // and so does the answer that lists him anew
    BOOST_TEST((alice.state("bob") == ChatState::broken));
    BOOST_TEST(contains(last_why(alice), "connected anew"));
    world.evil_up = nullptr;
    world.inject(alice, step3);
    BOOST_TEST((alice.state("bob") == ChatState::open));
    BOOST_TEST((bob.state("alice") == ChatState::open));
    check_talk(world, alice, bob, "in the session of that handshake");
}

BOOST_AUTO_TEST_CASE(is_not_attempted_more_than_once_a_second) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.set_reachable(bob, false);
    const auto attempts = [&] {
        return std::count_if(alice.sent.begin(), alice.sent.end(),
                             [](const std::string& text) { return step(text) == 1; });
    };
    const auto before = attempts();
    world.pass(seconds(300));
    BOOST_TEST(attempts() - before >= 8);  // every half minute in the end
    BOOST_TEST(attempts() - before <= 40);
}

BOOST_AUTO_TEST_CASE(remembers_the_best_suite_and_takes_no_less_until_the_person_lowers_it) {
    using sotto::crypto::Suite;
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    const auto floor = [&] { return alice.store->contacts()[0].best_suite; };
    BOOST_TEST((floor() == sotto::crypto::best_suite()));
    if (sotto::crypto::best_suite() == Suite::x25519_mlkem768) {
        return;
    }
    // A contact of another day, when this program had the better suite.
    auto contact = alice.store->contacts()[0];
    contact.best_suite = Suite::x25519_mlkem768;
    alice.store->put_contact(contact);
    world.restart(alice);
    world.befriend(alice, bob);
    world.pass(seconds(30));
    BOOST_TEST((alice.state("bob") == ChatState::broken));
    BOOST_TEST(contains(last_why(alice), "this program has less than suite 2"));
    BOOST_TEST(contains(last_why(alice), "/lower bob"));
    BOOST_TEST(alice.all<event::ChatChanged>().back().needs_suite == 2);
    BOOST_TEST(notices(alice, "/lower bob") == 1);
    BOOST_TEST(std::count_if(alice.sent.begin(), alice.sent.end(),
                             [](const std::string& text) { return step(text) == 1; }) == 1);
    world.tell(alice, command::LowerSuite{"bob"});
    world.pass(seconds(30));
    BOOST_TEST((alice.state("bob") == ChatState::open));
    BOOST_TEST((floor() == Suite::x25519));
    BOOST_TEST(alice.all<event::ChatChanged>().back().needs_suite == 0);
    world.tell(alice, command::LowerSuite{"bob"});
    BOOST_TEST(contains(last_refusal(alice), "nothing better"));
    world.tell(alice, command::LowerSuite{"nobody"});
    BOOST_TEST(contains(last_refusal(alice), "nothing better"));
}

BOOST_AUTO_TEST_SUITE_END()
