// Requests that an unsettled key change holds back.
#include "test/client/waiting.h"

using namespace sotto::test;
namespace wire = sotto::wire;
namespace crypto = sotto::crypto;

namespace {

std::string shown_new_key(const Person& person) {
    return person.all<event::KeyChanged>().back().new_fingerprint;
}

/// Alice has pinned another key for bob than the one under which he asks now.
struct NewKey {
    explicit NewKey(std::uint64_t seed = 1) : world(seed) {
        alice.store->put_contact(pinned());
        world.restart(alice);
        world.tell(bob, command::RequestChat{ChatKey::with("alice")});
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
    story.world.tell(story.alice, command::DeclineRequest{ChatKey::with("bob"), false});
    story.world.settle();
    BOOST_TEST((story.bob.state("alice") == ChatState::declined));
}

BOOST_AUTO_TEST_CASE(does_not_leave_two_who_then_ask_each_other_waiting_for_ever) {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
        NewKey story(seed);
        story.world.pass(seconds(11 * 60));  // she takes her time
        story.trust();
        story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
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
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    story.world.inject(story.alice, request);
    BOOST_TEST(story.alice.all<event::RequestArrived>().empty());
    BOOST_TEST(sent<wire::ChatResponse>(story.alice).empty());
    BOOST_TEST((story.alice.state("bob") == ChatState::key_changed));
}

BOOST_AUTO_TEST_CASE(and_that_its_sender_took_back_never_comes_alive) {
    NewKey story;
    const std::string request = story.bob.sent.back();
    story.world.tell(story.bob, command::CancelRequest{ChatKey::with("alice")});
    story.world.settle();
    story.trust();
    BOOST_TEST(story.alice.all<event::RequestArrived>().empty());
    story.world.evil_up = [](const std::string& from, std::string& text) {
        return from != "alice" || !is(text, "chat_request");  // he is not to hear of hers
    };
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
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
                                    request.time};
    const Puppet::Request theirs{terms, request.signature, ""};
    story.world.inject(story.alice, story.old.take_back(story.alice, theirs));
    story.trust();
    BOOST_TEST(story.alice.all<event::RequestArrived>().size() == 1);
}

BOOST_AUTO_TEST_CASE(shows_both_keys_where_one_looks_up_its_sender) {
    NewKey story;
    story.world.tell(story.alice, command::ShowContact{"bob"});
    const auto contact = story.alice.all<event::Contact>().back();
    BOOST_TEST(contact.fingerprint == crypto::fingerprint(story.old.identity().public_key()));
    BOOST_TEST(contact.changed_fingerprint ==
               crypto::fingerprint(story.bob.identity->public_key()));
    story.trust();
    story.world.tell(story.alice, command::ShowContact{"bob"});
    BOOST_TEST(story.alice.all<event::Contact>().back().changed_fingerprint.empty());
}

BOOST_AUTO_TEST_CASE(is_gone_with_the_connection_of_its_sender) {
    for (const bool back : {true, false}) {
        NewKey story;
        story.world.pass(seconds(12));  // bob has asked again, for alice had come back
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
    const auto older = other.ask(alice, world.now.wall);
    const auto newer = other.ask(alice, world.now.wall);
    world.inject(alice, older.text);
    world.inject(alice, newer.text);
    world.inject(alice, older.text);
    world.tell(alice, command::AcceptKeyChange{"bob", shown_new_key(alice)});
    BOOST_TEST(alice.all<event::RequestArrived>().size() == 1);
    world.tell(alice, command::DeclineRequest{ChatKey::with("bob"), false});
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
    BOOST_TEST(story.alice.all<event::KeyChanged>().size() == 1);  // that is settled
}

BOOST_AUTO_TEST_CASE(is_gone_too_if_its_sender_left_and_came_back_before_it_was_shown) {
    NewKey story;
    story.world.pass(seconds(12));  // bob has asked again, for alice had come back
    story.world.cut(story.bob);
    story.trust();
    BOOST_REQUIRE((story.alice.state("bob") == ChatState::asked));
    story.world.pass(seconds(9));
    BOOST_REQUIRE((link(story.bob) == Link::connected));
    BOOST_TEST((story.alice.state("bob") == ChatState::none));
}

BOOST_AUTO_TEST_CASE(is_not_shown_while_its_sender_is_blocked_but_still_counts_then) {
    NewKey story(larger_seed());
    story.world.tell(story.alice, command::Block{"bob"});
    story.trust();
    BOOST_TEST(story.alice.all<event::RequestArrived>().empty());
    story.world.tell(story.alice, command::Unblock{"bob"});
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    story.world.settle();
    story.world.pass(seconds(3));
    BOOST_TEST((story.alice.state("bob") == ChatState::open));
}

BOOST_AUTO_TEST_CASE(under_the_old_key_is_shown_if_the_person_keeps_it) {
    for (const bool before : {true, false}) {
        World world;
        auto& alice = world.add("alice");
        Puppet bob("bob", 76);
        Puppet other("bob", 77);
        world.inject(alice, bob.ask(alice, world.now.wall).text);
        world.tell(alice, command::AcceptRequest{ChatKey::with("bob")});
        world.tell(alice, command::EndChat{ChatKey::with("bob")});
        const auto request = bob.ask(alice, world.now.wall);
        if (before) {
            world.inject(alice, request.text);
        }
        world.inject(alice, other.ask(alice, world.now.wall).text);
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
    world.inject(alice, bob.ask(alice, world.now.wall).text);
    world.tell(alice, command::AcceptRequest{ChatKey::with("bob")});
    world.tell(alice, command::EndChat{ChatKey::with("bob")});
    const auto request = bob.ask(alice, world.now.wall);
    world.inject(alice, request.text);
    world.inject(alice, other.ask(alice, world.now.wall).text);
    world.tell(alice, command::AcceptKeyChange{"bob", shown_new_key(alice)});
    BOOST_TEST(alice.all<event::RequestArrived>().back().fingerprint == shown_new_key(alice));
    world.inject(alice, request.text);  // that key would be a change once more, and is held back
    BOOST_TEST(accepts(alice) == 1);
}

BOOST_AUTO_TEST_SUITE_END()
