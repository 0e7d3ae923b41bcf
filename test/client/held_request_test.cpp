// Requests that are outstanding but not pending: held back by a key change, or by a block.
#include "test/client/talk.h"

using namespace sotto::test;
namespace wire = sotto::wire;
namespace crypto = sotto::crypto;

namespace {

std::string shown_new_key(const Person& person) {
    return person.all<event::KeyChanged>().back().new_fingerprint;
}

std::size_t accepts(const Person& person) {
    const auto answers = sent<wire::ChatResponse>(person);
    return static_cast<std::size_t>(std::count_if(
        answers.begin(), answers.end(), [](const auto& answer) { return answer.accept; }));
}

/// Alice has pinned another key for bob than the one under which he asks now.
struct NewKey {
    explicit NewKey(std::uint64_t seed = 1) : world(seed) {
        alice.store->put_contact(pinned());
        world.restart(alice);
        world.tell(bob, command::RequestChat{"alice"});
        world.settle();
        BOOST_REQUIRE((alice.state("bob") == ChatState::key_changed));
    }
    void trust() { world.tell(alice, command::AcceptKeyChange{"bob", shown_new_key(alice)}); }
    [[nodiscard]] sotto::client::StoredContact pinned() const {
        sotto::client::StoredContact contact;
        contact.user = "bob";
        contact.key = old.identity().public_key();
        return contact;
    }

    Puppet old{"bob", 77};
    World world;
    Person& alice = world.add("alice");
    Person& bob = world.add("bob");
};

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
        world.tell(bob, command::RequestChat{"alice"});
        world.settle();
        request = bob.sent.back();
        BOOST_REQUIRE(is(request, "chat_request"));
    }
    /// After that she asks him.
    void unblock() {
        world.tell(alice, command::Unblock{"bob"});
        world.tell(alice, command::RequestChat{"bob"});
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

/// A seed with which alice's key is the larger one.
std::uint64_t larger_seed() {
    for (std::uint64_t seed = 1;; ++seed) {
        World world(seed);
        const auto& alice = world.add("alice");
        const auto& bob = world.add("bob");
        if (alice.identity->public_key() > bob.identity->public_key()) {
            return seed;
        }
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_request_that_a_key_change_held_back)

BOOST_AUTO_TEST_CASE(is_shown_once_the_person_has_accepted_the_key) {
    NewKey story;
    BOOST_TEST(story.alice.all<event::RequestArrived>().empty());
    story.trust();
    const auto arrived = story.alice.all<event::RequestArrived>();
    BOOST_REQUIRE(arrived.size() == 1);
    BOOST_TEST(arrived[0].fingerprint == crypto::fingerprint(story.bob.identity->public_key()));
    BOOST_TEST((arrived[0].trust == Trust::unverified));
    BOOST_TEST((story.alice.state("bob") == ChatState::asked));
    BOOST_TEST(sent<wire::ChatResponse>(story.alice).empty());  // the person decides
    story.world.tell(story.alice, command::DeclineRequest{"bob", false});
    story.world.settle();
    BOOST_TEST((story.bob.state("alice") == ChatState::declined));
}

BOOST_AUTO_TEST_CASE(does_not_leave_two_who_then_ask_each_other_waiting_for_ever) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        NewKey story(seed);
        story.world.pass(seconds(11 * 60));  // she takes her time
        story.trust();
        story.world.tell(story.alice, command::RequestChat{"bob"});
        story.world.settle();
        story.world.pass(seconds(3));
        BOOST_TEST((story.alice.state("bob") == ChatState::open));
        BOOST_TEST((story.bob.state("alice") == ChatState::open));
        BOOST_TEST(notices(story.alice, "clock") == 0);
        check_talk(story.world, story.alice, story.bob, "at last");
    }
}

BOOST_AUTO_TEST_CASE(and_that_is_repeated_meanwhile_is_still_held_back) {
    NewKey story;
    const std::string request = story.bob.sent.back();
    story.world.inject(story.alice, request);
    story.world.tell(story.alice, command::RequestChat{"bob"});
    story.world.inject(story.alice, request);
    BOOST_TEST(story.alice.all<event::RequestArrived>().empty());
    BOOST_TEST(sent<wire::ChatResponse>(story.alice).empty());
    BOOST_TEST((story.alice.state("bob") == ChatState::key_changed));
}

BOOST_AUTO_TEST_CASE(and_that_its_sender_took_back_never_comes_alive) {
    NewKey story;
    const std::string request = story.bob.sent.back();
    story.world.tell(story.bob, command::CancelRequest{"alice"});
    story.world.settle();
    story.trust();
    BOOST_TEST(story.alice.all<event::RequestArrived>().empty());
    story.world.evil_up = [](const std::string& from, std::string& text) {
        return from != "alice" || !is(text, "chat_request");  // he is not to hear of hers
    };
    story.world.tell(story.alice, command::RequestChat{"bob"});
    story.world.settle();
    story.world.inject(story.alice, request);
    BOOST_TEST(story.alice.all<event::RequestArrived>().empty());
    BOOST_TEST(accepts(story.alice) == 0);
}

BOOST_AUTO_TEST_CASE(and_that_somebody_else_takes_back_in_its_name_stays) {
    NewKey story;
    const auto request = sent<wire::ChatRequest>(story.bob).back();
    const crypto::ChatRequest terms{{"bob", request.identity},
                                    {"alice", story.alice.identity->public_key()},
                                    request.route.chat,
                                    request.time_ms};
    const Puppet::Request theirs{terms, request.signature, ""};
    story.world.inject(story.alice, story.old.take_back(story.alice, theirs));
    story.trust();
    BOOST_TEST(story.alice.all<event::RequestArrived>().size() == 1);
}

BOOST_AUTO_TEST_CASE(is_gone_with_the_connection_of_its_sender) {
    for (const bool back : {true, false}) {
        NewKey story;
        story.world.pass(seconds(6));
        if (back) {
            story.world.cut(story.bob);
        } else {
            story.world.set_reachable(story.bob, false);
        }
        story.world.pass(seconds(9));
        BOOST_TEST((link(story.bob) == Link::connected) == back);
        story.trust();
        BOOST_TEST(story.alice.all<event::RequestArrived>().empty());
    }
}

BOOST_AUTO_TEST_CASE(and_that_is_followed_by_a_newer_one_is_forgotten) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    Puppet other("bob", 77);
    world.befriend(alice, bob);
    const auto older = other.ask(alice, world.now.wall_ms);
    const auto newer = other.ask(alice, world.now.wall_ms);
    world.inject(alice, older.text);
    world.inject(alice, newer.text);
    world.inject(alice, older.text);
    world.tell(alice, command::AcceptKeyChange{"bob", shown_new_key(alice)});
    BOOST_TEST(alice.all<event::RequestArrived>().size() == 1);
    world.tell(alice, command::DeclineRequest{"bob", false});
    BOOST_REQUIRE(!sent<wire::ChatResponse>(alice).empty());
    BOOST_TEST((sent<wire::ChatResponse>(alice).back().route.chat == newer.terms.chat));
}

BOOST_AUTO_TEST_CASE(is_not_shown_if_the_person_keeps_the_old_key) {
    NewKey story;
    const std::string request = story.bob.sent.back();
    const auto change = story.alice.all<event::KeyChanged>().back();
    story.world.tell(story.alice, command::AcceptKeyChange{"bob", change.old_fingerprint});
    story.world.inject(story.alice, request);
    BOOST_TEST(story.alice.all<event::RequestArrived>().empty());
    BOOST_TEST(sent<wire::ChatResponse>(story.alice).empty());
}

BOOST_AUTO_TEST_CASE(under_the_old_key_is_shown_if_the_person_keeps_it) {
    for (const bool before : {true, false}) {
        World world;
        auto& alice = world.add("alice");
        Puppet bob("bob", 76);
        Puppet other("bob", 77);
        world.inject(alice, bob.ask(alice, world.now.wall_ms).text);
        world.tell(alice, command::AcceptRequest{"bob"});
        world.tell(alice, command::EndChat{"bob"});
        const auto request = bob.ask(alice, world.now.wall_ms);
        if (before) {
            world.inject(alice, request.text);
        }
        world.inject(alice, other.ask(alice, world.now.wall_ms).text);
        if (!before) {
            world.inject(alice, request.text);
        }
        BOOST_REQUIRE((alice.state("bob") == ChatState::key_changed));
        const auto seen = alice.all<event::RequestArrived>().size();
        world.tell(alice, command::AcceptKeyChange{
                              "bob", alice.all<event::KeyChanged>().back().old_fingerprint});
        BOOST_TEST(alice.all<event::RequestArrived>().size() == seen + 1);
        BOOST_TEST((alice.state("bob") == ChatState::asked));
    }
}

BOOST_AUTO_TEST_CASE(under_the_old_key_ends_if_the_person_accepts_the_new_one) {
    World world;
    auto& alice = world.add("alice");
    Puppet bob("bob", 76);
    Puppet other("bob", 77);
    world.inject(alice, bob.ask(alice, world.now.wall_ms).text);
    world.tell(alice, command::AcceptRequest{"bob"});
    world.tell(alice, command::EndChat{"bob"});
    const auto request = bob.ask(alice, world.now.wall_ms);
    world.inject(alice, request.text);
    world.inject(alice, other.ask(alice, world.now.wall_ms).text);
    world.tell(alice, command::AcceptKeyChange{"bob", shown_new_key(alice)});
    BOOST_TEST(alice.all<event::RequestArrived>().back().fingerprint == shown_new_key(alice));
    world.inject(alice, request.text);  // that key would be a change once more, and is held back
    BOOST_TEST(accepts(alice) == 1);
}

BOOST_AUTO_TEST_SUITE_END()

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
        story.world.tell(story.bob, command::CancelRequest{"alice"});
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
    story.world.evil = [](const std::string& to, std::string& text) {
        return to != "alice" || !is(text, "chat_terminate");
    };
    story.world.tell(story.bob, command::CancelRequest{"alice"});
    story.world.settle();
    story.world.evil = nullptr;
    story.world.tell(story.alice, command::Unblock{"bob"});
    story.world.tell(story.alice, command::RequestChat{"bob"});
    story.world.settle();
    story.world.inject(story.alice, story.request);  // the relay's doing
    story.world.pass(seconds(60));
    BOOST_TEST((story.alice.state("bob") == ChatState::ended));  // his 0x02, told again
    for (const auto& change : story.alice.all<event::ChatChanged>()) {
        BOOST_TEST((change.state != ChatState::open));
    }
}

BOOST_AUTO_TEST_CASE(is_over_once_another_chat_has_come_about) {
    Blocked story(larger_seed());
    story.world.tell(story.alice, command::Unblock{"bob"});
    story.world.tell(story.bob, command::CancelRequest{"alice"});  // she does not hear of it
    story.world.evil = [](const std::string& to, std::string& text) {
        return to != "alice" || !is(text, "chat_terminate");
    };
    story.world.settle();
    story.world.evil = nullptr;
    story.world.befriend(story.alice, story.bob);
    story.world.pass(seconds(2));
    BOOST_REQUIRE((story.alice.state("bob") == ChatState::open));
    story.world.tell(story.alice, command::EndChat{"bob"});
    story.world.settle();
    story.world.tell(story.alice, command::RequestChat{"bob"});
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
        world.tell(bob, command::RequestChat{"alice"});
        world.settle();
        const std::string request = bob.sent.back();
        if (decline) {
            world.tell(alice, command::DeclineRequest{"bob", false});
        } else {
            world.tell(alice, command::AcceptRequest{"bob"});
            world.settle();
            world.tell(alice, command::EndChat{"bob"});
        }
        world.settle();
        const auto before = accepts(alice);
        world.tell(alice, command::RequestChat{"bob"});
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
    world.tell(bob, command::RequestChat{"alice"});
    world.settle();
    world.tell(bob, command::CancelRequest{"alice"});
    world.settle();
    world.pass(seconds(11 * 60));
    world.inject(alice, request);
    world.tell(alice, command::Unblock{"bob"});
    world.tell(alice, command::RequestChat{"bob"});
    world.settle();
    world.inject(alice, request);
    BOOST_TEST(accepts(alice) == 0);
    BOOST_TEST((alice.state("bob") == ChatState::requested));
}

BOOST_AUTO_TEST_CASE(of_one_that_another_name_of_the_same_key_replaced_is_accepted) {
    Blocked story(larger_seed());
    story.world.tell(story.alice, command::Unblock{"bob"});
    story.world.tell(story.bob, command::CancelRequest{"alice"});
    story.ask();
    wire::ChatRequest other;
    other.route = {"bob2", "alice", crypto::ChatId{1}, 1};
    other.identity = story.bob.identity->public_key();
    other.time_ms = story.world.now.wall_ms;
    other.signature =
        crypto::sign_request(*story.bob.identity, {{"bob2", other.identity},
                                                   {"alice", story.alice.identity->public_key()},
                                                   other.route.chat,
                                                   other.time_ms});
    story.world.inject(story.alice, wire::encode(other));
    BOOST_REQUIRE((story.alice.state("bob2") == ChatState::asked));
    BOOST_REQUIRE((story.alice.state("bob") == ChatState::none));
    story.world.tell(story.alice, command::RequestChat{"bob"});
    story.world.settle();
    story.world.pass(seconds(3));
    BOOST_TEST((story.alice.state("bob") == ChatState::open));
}

BOOST_AUTO_TEST_CASE(of_one_that_is_pending_says_nothing_of_a_clock) {
    World world;
    auto& alice = world.add("alice");
    Puppet erin("erin", 5);
    const auto request = erin.ask(alice, world.now.wall_ms);
    world.inject(alice, request.text);
    world.pass(seconds(11 * 60));
    world.inject(alice, request.text);
    BOOST_TEST(notices(alice, "clock") == 0);
    BOOST_TEST((alice.state("erin") == ChatState::asked));
}

BOOST_AUTO_TEST_SUITE_END()
