#include "test/client/talk.h"

using namespace sotto::test;
namespace wire = sotto::wire;
namespace crypto = sotto::crypto;

BOOST_AUTO_TEST_SUITE(a_request)

BOOST_AUTO_TEST_CASE(to_someone_who_has_asked_already_accepts_theirs) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(bob, command::RequestChat{ChatKey::with("alice")});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::open));
    BOOST_TEST((bob.state("alice") == ChatState::open));
    BOOST_TEST(sent<wire::ChatRequest>(bob).empty());
}

BOOST_AUTO_TEST_CASE(more_than_ten_minutes_off_the_clock_is_ignored_and_said) {
    constexpr std::chrono::minutes minute(1);
    World world;
    auto& bob = world.add("bob");
    Puppet erin("erin", 5);
    const auto now = world.now.wall;
    for (const auto time : {now - 11 * minute, now + 11 * minute, sotto::base::WallTime()}) {
        world.inject(bob, erin.ask(bob, time).text);
        world.pass(seconds(2));
    }
    BOOST_TEST(bob.all<event::RequestArrived>().empty());
    BOOST_TEST(bob.all<event::Notice>().size() == 3);
    world.inject(bob, erin.ask(bob, now - 9 * minute).text);
    BOOST_TEST(bob.all<event::RequestArrived>().size() == 1);
}

BOOST_AUTO_TEST_CASE(is_shown_once_even_across_a_restart) {
    World world;
    auto& bob = world.add("bob");
    Puppet erin("erin", 5);
    const auto request = erin.ask(bob, world.now.wall);
    world.inject(bob, request.text);
    world.inject(bob, request.text);
    BOOST_TEST(bob.all<event::RequestArrived>().size() == 1);
    world.restart(bob);
    world.inject(bob, request.text);
    BOOST_TEST(bob.all<event::RequestArrived>().empty());
}

BOOST_AUTO_TEST_CASE(that_is_newer_replaces_the_pending_one_without_an_answer) {
    World world;
    auto& bob = world.add("bob");
    Puppet erin("erin", 5);
    world.inject(bob, erin.ask(bob, world.now.wall).text);
    const auto newer = erin.ask(bob, world.now.wall);
    world.inject(bob, newer.text);
    BOOST_TEST(sent<wire::ChatResponse>(bob).empty());
    world.tell(bob, command::DeclineRequest{ChatKey::with("erin"), false});
    BOOST_REQUIRE(sent<wire::ChatResponse>(bob).size() == 1);
    BOOST_TEST((sent<wire::ChatResponse>(bob)[0].route.chat == newer.terms.chat));
    world.tell(bob, command::DeclineRequest{ChatKey::with("erin"), false});
    BOOST_TEST(contains(last_refusal(bob), "no request"));
}

BOOST_AUTO_TEST_CASE(of_one_key_under_two_names_is_pending_once) {
    World world;
    auto& bob = world.add("bob");
    Puppet erin("erin", 5);
    Puppet frank("frank", 5);  // the same seed, so the same key
    world.inject(bob, erin.ask(bob, world.now.wall).text);
    const auto other = frank.ask(bob, world.now.wall + milliseconds(1));
    world.inject(bob, other.text);
    // Seen chats are kept per key: the same random chat would be a repeat.
    world.inject(bob, frank.ask(bob, world.now.wall + milliseconds(2)).text);
    const auto gone = bob.all<event::RequestGone>();
    BOOST_REQUIRE(gone.size() == 1);
    BOOST_TEST(gone[0].chat.name() == "erin");
    BOOST_TEST((bob.state("frank") == ChatState::asked));
    BOOST_TEST((bob.state("erin") == ChatState::none));
}

BOOST_AUTO_TEST_CASE(that_was_answered_gets_the_same_bytes_again_whatever_its_time) {
    for (const bool accept : {true, false}) {
        World world;
        auto& bob = world.add("bob");
        Puppet erin("erin", 5);
        const auto request = erin.ask(bob, world.now.wall);
        world.inject(bob, request.text);
        if (accept) {
            world.tell(bob, command::AcceptRequest{ChatKey::with("erin")});
        } else {
            world.tell(bob, command::DeclineRequest{ChatKey::with("erin"), false});
        }
        world.now.wall += std::chrono::hours(1);
        world.inject(bob, request.text);
        const auto answers = sent<wire::ChatResponse>(bob);
        BOOST_REQUIRE(answers.size() == 2);
        BOOST_TEST((answers[0].signature == answers[1].signature));
        BOOST_TEST(answers[0].accept == accept);
        BOOST_TEST(answers[1].accept == accept);
        BOOST_TEST(bob.all<event::RequestArrived>().size() == 1);
    }
}

BOOST_AUTO_TEST_CASE(whose_chat_was_terminated_is_answered_no_more) {
    World world;
    auto& bob = world.add("bob");
    Puppet erin("erin", 5);
    const auto request = erin.ask(bob, world.now.wall);
    world.inject(bob, request.text);
    world.tell(bob, command::AcceptRequest{ChatKey::with("erin")});
    world.tell(bob, command::EndChat{ChatKey::with("erin")});
    world.inject(bob, request.text);
    BOOST_TEST(sent<wire::ChatResponse>(bob).size() == 1);

    const auto second = erin.ask(bob, world.now.wall);
    world.inject(bob, second.text);
    world.tell(bob, command::AcceptRequest{ChatKey::with("erin")});
    world.inject(bob, erin.take_back(bob, second));  // and by the peer
    BOOST_TEST((bob.state("erin") == ChatState::ended));
    world.inject(bob, second.text);
    BOOST_TEST(sent<wire::ChatResponse>(bob).size() == 2);
}

BOOST_AUTO_TEST_CASE(that_is_new_but_for_a_chat_that_was_ended_here_is_dropped) {
    World world;
    auto& bob = world.add("bob");
    Puppet erin("erin", 5);
    const auto request = erin.ask(bob, world.now.wall);
    world.inject(bob, request.text);
    world.tell(bob, command::AcceptRequest{ChatKey::with("erin")});
    world.tell(bob, command::EndChat{ChatKey::with("erin")});
    world.now.wall += std::chrono::hours(1);  // it is no longer among the chats seen of late
    world.inject(bob, erin.ask(bob, world.now.wall, request.terms.chat).text);
    BOOST_TEST(bob.all<event::RequestArrived>().size() == 1);
    BOOST_TEST((bob.state("erin") == ChatState::ended));
    world.inject(bob, erin.ask(bob, world.now.wall).text);
    BOOST_TEST(bob.all<event::RequestArrived>().size() == 2);
}

BOOST_AUTO_TEST_CASE(that_was_made_for_another_key_is_reported_but_can_not_flood_the_screen) {
    World world;
    auto& bob = world.add("bob");
    auto& mallory = world.add("mallory");
    Puppet erin("erin", 5);
    for (int i = 0; i < 50; ++i) {
        std::string text = erin.ask(mallory, world.now.wall).text;
        text.replace(text.find("\"to\":\"mallory\""), 14, "\"to\":\"bob\"");
        world.inject(bob, text);
    }
    BOOST_TEST(bob.all<event::RequestArrived>().empty());
    BOOST_REQUIRE(bob.all<event::Notice>().size() == 1);
    BOOST_TEST(contains(bob.all<event::Notice>()[0].text.str(), "not made for your key"));
}

BOOST_AUTO_TEST_CASE(that_was_made_for_another_key_is_reported_whoever_else_draws_warnings) {
    World world;
    auto& bob = world.add("bob");
    auto& mallory = world.add("mallory");
    constexpr std::chrono::minutes kLongAgo(11);
    for (std::uint8_t i = 0; i < 20; ++i) {
        Puppet stale("stale" + std::to_string(i), static_cast<std::uint8_t>(10 + i));
        world.inject(bob, stale.ask(bob, world.now.wall - kLongAgo).text);
    }
    BOOST_TEST(bob.all<event::Notice>().size() == 8U);
    Puppet erin("erin", 5);
    std::string text = erin.ask(mallory, world.now.wall).text;
    text.replace(text.find("\"to\":\"mallory\""), 14, "\"to\":\"bob\"");
    world.inject(bob, text);
    BOOST_TEST(contains(bob.all<event::Notice>().back().text.str(), "not made for your key"));
    world.pass(seconds(1));
    world.inject(bob, text);
    BOOST_TEST(bob.all<event::Notice>().size() == 10U);
}

BOOST_AUTO_TEST_CASE(can_be_taken_back_even_while_the_key_is_looked_up) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.evil_up = [](const std::string&, std::string& text) { return !is(text, "get_pubkey"); };
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    BOOST_TEST(contains(last_refusal(alice), "already"));
    world.tell(alice, command::CancelRequest{ChatKey::with("bob")});
    BOOST_TEST((alice.state("bob") == ChatState::none));
    world.evil_up = nullptr;
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(bob.all<event::RequestArrived>().size() == 1);
}

BOOST_AUTO_TEST_CASE(to_nobody_or_to_someone_offline_says_so_and_leaves_no_trace) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("nobody")});
    world.settle();
    BOOST_TEST((alice.state("nobody") == ChatState::none));
    BOOST_TEST(contains(alice.all<event::Notice>().back().text.str(), "nobody is registered"));
    world.tell(alice, command::ShowContact{"nobody"});
    BOOST_TEST(alice.all<event::Contact>().back().fingerprint.empty());

    world.tell(bob, command::Disconnect{});
    world.settle();
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::none));
    BOOST_TEST(contains(alice.all<event::Notice>().back().text.str(), "bob is not online"));
    world.tell(bob, command::Connect{});
    world.settle();
    world.befriend(alice, bob);  // what was refused can be asked again
    BOOST_TEST((bob.state("alice") == ChatState::open));
}

BOOST_AUTO_TEST_CASE(is_gone_when_the_connection_of_its_sender_is) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.set_reachable(alice, false);
    world.pass(seconds(10));
    BOOST_TEST((alice.state("bob") == ChatState::none));
    BOOST_TEST((bob.state("alice") == ChatState::none));
    BOOST_TEST(bob.all<event::RequestGone>().size() == 1);
    world.set_reachable(alice, true);
    world.pass(seconds(40));
    BOOST_TEST((bob.state("alice") == ChatState::none));
    world.befriend(alice, bob);  // asked anew, not "already"
    BOOST_TEST((bob.state("alice") == ChatState::open));
}

BOOST_AUTO_TEST_CASE(is_gone_too_when_its_sender_left_and_came_back_between_two_polls) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.pass(seconds(6));
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.pass(seconds(6));  // an answer to a poll lies between
    BOOST_TEST((bob.state("alice") == ChatState::asked));
    world.cut(alice);
    world.pass(seconds(9));
    BOOST_REQUIRE((link(alice) == Link::connected));
    BOOST_REQUIRE(bob.all<event::RequestGone>().size() == 1);
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});  // on her return: that one stays
    world.settle();
    world.pass(seconds(20));
    BOOST_TEST(bob.all<event::RequestGone>().size() == 1);
    BOOST_TEST((bob.state("alice") == ChatState::asked));
}

BOOST_AUTO_TEST_CASE(of_a_contact_is_heard_however_many_strangers_have_asked) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.restart(bob);
    Puppet mallory("m", 5);
    for (int i = 0; i < 10'050; ++i) {
        world.inject(bob, mallory.as("m" + std::to_string(i)).ask(bob, world.now.wall).text);
    }
    const auto heard = bob.all<event::RequestArrived>();
    BOOST_TEST(heard.size() == 10'000);
    world.tell(alice, command::EndChat{ChatKey::with("bob")});
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(bob.all<event::RequestArrived>().back().chat.name() == "alice");
}

BOOST_AUTO_TEST_CASE(is_gone_too_when_its_sender_left_while_we_were_away) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.set_reachable(bob, false);
    world.set_reachable(alice, false);
    world.set_reachable(bob, true);
    world.pass(seconds(10));
    BOOST_TEST((bob.state("alice") == ChatState::none));
}

BOOST_AUTO_TEST_CASE(after_a_chat_that_ended_says_nothing_of_how_it_ended) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(bob, alice);
    world.tell(bob, command::Quit{});
    world.settle();
    BOOST_REQUIRE(contains(last_why(alice), "closed the program"));
    world.restart(bob);
    const auto before = alice.events.size();
    world.befriend(bob, alice);
    world.pass(seconds(2));
    std::vector<ChatState> states;
    for (auto at = alice.events.begin() + static_cast<std::ptrdiff_t>(before);
         at != alice.events.end(); ++at) {
        if (const auto* change = std::get_if<event::ChatChanged>(&at->what)) {
            BOOST_TEST(change->why.str() == "");
            if (states.empty() || states.back() != change->state) {
                states.push_back(change->state);
            }
        }
    }
    BOOST_TEST(
        (states == std::vector<ChatState>{ChatState::asked, ChatState::securing, ChatState::open}));
}

BOOST_AUTO_TEST_CASE(that_is_taken_back_after_a_chat_that_ended_does_not_end_it_again) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(bob, alice);
    world.tell(bob, command::EndChat{ChatKey::with("alice")});
    world.settle();
    world.tell(bob, command::RequestChat{ChatKey::with("alice")});
    world.settle();
    world.tell(bob, command::CancelRequest{ChatKey::with("alice")});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::none));
    BOOST_TEST(last_why(alice) == "");
}

BOOST_AUTO_TEST_CASE(while_a_chat_is_broken_shows_the_request_and_not_what_broke) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(bob, alice);
    world.set_reachable(bob, false);
    world.pass(seconds(10));
    BOOST_REQUIRE((alice.state("bob") == ChatState::broken));
    wire::ChatRequest anew;
    anew.route = {"bob", "alice", crypto::ChatId{1}, 1};
    anew.identity = bob.identity->public_key();
    anew.time = world.now.wall;
    anew.signature = crypto::sign_request(*bob.identity, {{"bob", anew.identity},
                                                          {"alice", alice.identity->public_key()},
                                                          anew.route.chat,
                                                          anew.time});
    world.inject(alice, wire::encode(anew));
    BOOST_TEST((alice.state("bob") == ChatState::asked));
    BOOST_TEST(last_why(alice) == "");
}

BOOST_AUTO_TEST_CASE(can_not_be_made_to_oneself_or_to_what_is_no_name) {
    World world;
    auto& alice = world.add("alice");
    for (const char* who : {"alice", "", "Bob", "-x", "a b", "\x1B[2J"}) {
        const auto before = alice.all<event::Refused>().size();
        world.tell(alice, command::RequestChat{ChatKey::with(who)});
        BOOST_TEST(alice.all<event::Refused>().size() == before + 1);
    }
    BOOST_TEST(count(alice.sent, "get_pubkey") == 0);
}

BOOST_AUTO_TEST_CASE(to_someone_who_leaves_without_an_answer_ends_and_says_so) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.pass(seconds(6));
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(bob, command::Disconnect{});
    world.settle();
    world.pass(seconds(11));
    BOOST_TEST((alice.state("bob") == ChatState::none));
    BOOST_TEST(last_why(alice) == "bob left before answering");
    BOOST_TEST(sent<wire::ChatTerminate>(alice).size() == 1U);
    world.tell(bob, command::Connect{});
    world.settle();
    world.pass(seconds(6));
    world.befriend(alice, bob);  // asked anew, not "already"
}

BOOST_AUTO_TEST_CASE(to_someone_who_is_back_before_that_is_noticed_ends_too) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.pass(seconds(6));
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.pass(seconds(11));
    BOOST_TEST((alice.state("bob") == ChatState::requested));
    world.restart(bob);
    world.pass(seconds(11));
    BOOST_TEST((alice.state("bob") == ChatState::none));
    BOOST_TEST(last_why(alice) == "bob left before answering");
    world.befriend(alice, bob);
}

BOOST_AUTO_TEST_CASE(to_someone_who_leaves_and_is_back_at_once_is_made_again) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.pass(seconds(6));
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.restart(bob);
    world.pass(seconds(11));
    BOOST_TEST((alice.state("bob") == ChatState::requested));
    BOOST_TEST((bob.state("alice") == ChatState::asked));
    world.tell(bob, command::AcceptRequest{ChatKey::with("alice")});
    world.settle();
    check_talk(world, alice, bob, "hello");
}

BOOST_AUTO_TEST_CASE(to_someone_who_has_just_come_goes_on_when_the_list_says_that_they_came) {
    World world;
    auto& alice = world.add("alice");
    world.pass(seconds(6));
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.pass(seconds(30));
    BOOST_TEST((alice.state("bob") == ChatState::requested));
    BOOST_TEST((bob.state("alice") == ChatState::asked));
    BOOST_TEST(sent<wire::ChatRequest>(alice).size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
