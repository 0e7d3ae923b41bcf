#include "net/wire/base64.h"
#include "net/wire/contact_link.h"
#include "test/client/talk.h"

using namespace sotto::test;
namespace wire = sotto::wire;
namespace client = sotto::client;
namespace crypto = sotto::crypto;

namespace {

event::Contact contact(World& world, Person& person, const std::string& user) {
    world.tell(person, command::ShowContact{user});
    return person.all<event::Contact>().back();
}

/// Alice and Bob have talked; then somebody with another key asks as "bob".
struct Changed {
    Changed() {
        world.befriend(alice, bob);
        world.tell(alice, command::ShowSafetyNumber{"bob"});
        world.tell(alice, command::SetVerified{"bob", true});
        ask();
    }
    void ask() { world.inject(alice, other.ask(alice, world.now.wall).text); }
    [[nodiscard]] event::KeyChanged seen() const { return alice.all<event::KeyChanged>().back(); }

    World world;
    Person& alice = world.add("alice");
    Person& bob = world.add("bob");
    Puppet other{"bob", 77};
};

}  // namespace

BOOST_AUTO_TEST_SUITE(a_pin)

BOOST_AUTO_TEST_CASE(is_made_by_asking_and_by_accepting_and_by_nothing_less) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.evil = [](const std::string& to, std::string& text) {
        return to != "alice" || !is(text, "get_pubkey");
    };
    world.tell(alice, command::SearchUsers{"b"});
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(contact(world, alice, "bob").fingerprint.empty());
    world.evil = nullptr;
    world.tell(alice, command::CancelRequest{ChatKey::with("bob")});
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(!contact(world, alice, "bob").fingerprint.empty());
    BOOST_TEST((contact(world, alice, "bob").trust == Trust::unverified));

    BOOST_TEST(contact(world, bob, "alice").fingerprint.empty());
    world.tell(bob, command::DeclineRequest{ChatKey::with("alice"), false});
    BOOST_TEST(contact(world, bob, "alice").fingerprint.empty());
    world.settle();
    world.befriend(alice, bob);
    BOOST_TEST(contact(world, bob, "alice").fingerprint ==
               crypto::fingerprint(alice.identity->public_key()));
}

BOOST_AUTO_TEST_CASE(and_a_verification_outlive_a_restart) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::ShowSafetyNumber{"bob"});
    world.tell(alice, command::SetVerified{"bob", true});
    world.restart(alice);
    BOOST_TEST((contact(world, alice, "bob").trust == Trust::verified));
    BOOST_TEST(contact(world, alice, "bob").first_seen_ms > 0);
    world.tell(alice, command::SetVerified{"bob", false});
    BOOST_TEST((contact(world, alice, "bob").trust == Trust::unverified));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_key_change)

BOOST_AUTO_TEST_CASE(ends_the_chat_without_a_message_and_blocks_until_it_is_settled) {
    Changed story;
    BOOST_REQUIRE(story.alice.all<event::KeyChanged>().size() == 1);
    BOOST_TEST(story.seen().was_verified);
    BOOST_TEST(story.seen().old_fingerprint ==
               crypto::fingerprint(story.bob.identity->public_key()));
    BOOST_TEST(story.seen().new_fingerprint ==
               crypto::fingerprint(story.other.identity().public_key()));
    BOOST_TEST((story.alice.state("bob") == ChatState::key_changed));
    BOOST_TEST(sent<wire::ChatTerminate>(story.alice).empty());
    BOOST_TEST(story.alice.all<event::RequestArrived>().empty());

    const auto before = count(story.alice.sent, "relay") + count(story.alice.sent, "chat_request") +
                        count(story.alice.sent, "chat_response");
    story.world.tell(story.alice, command::SendText{ChatKey::with("bob"), "hello?"});
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    story.world.tell(story.alice, command::AcceptRequest{ChatKey::with("bob")});
    story.world.tell(story.bob, command::SendText{ChatKey::with("alice"), "it is me"});
    story.world.pass(seconds(60));
    BOOST_TEST(count(story.alice.sent, "relay") + count(story.alice.sent, "chat_request") +
                   count(story.alice.sent, "chat_response") ==
               before);
    BOOST_TEST(story.alice.texts().empty());
}

BOOST_AUTO_TEST_CASE(that_is_accepted_by_name_clears_verified) {
    Changed story;
    story.world.tell(story.alice, command::AcceptKeyChange{"bob", "0000 0000 0000 0000"});
    BOOST_TEST(contains(last_refusal(story.alice), "neither"));
    story.world.tell(story.alice, command::AcceptKeyChange{"bob", story.seen().new_fingerprint});
    const auto now = contact(story.world, story.alice, "bob");
    BOOST_TEST(now.fingerprint == story.seen().new_fingerprint);
    BOOST_TEST((now.trust == Trust::unverified));
    BOOST_TEST(story.alice.all<event::RequestArrived>().size() == 1);  // which brought the change
    story.ask();
    BOOST_TEST(story.alice.all<event::RequestArrived>().size() == 2);
    const auto before = story.alice.all<event::Refused>().size();
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    BOOST_TEST(story.alice.all<event::Refused>().size() == before);
}

BOOST_AUTO_TEST_CASE(lets_the_old_key_neither_ask_nor_get_an_old_answer_again) {
    World world;
    auto& alice = world.add("alice");
    Puppet old("bob", 76);
    Puppet other("bob", 77);
    const auto request = old.ask(alice, world.now.wall);
    world.inject(alice, request.text);
    world.tell(alice, command::AcceptRequest{ChatKey::with("bob")});
    BOOST_TEST(sent<wire::ChatResponse>(alice).size() == 1);
    world.inject(alice, other.ask(alice, world.now.wall).text);
    BOOST_TEST((alice.state("bob") == ChatState::key_changed));
    world.inject(alice, request.text);
    world.inject(alice, old.ask(alice, world.now.wall).text);
    BOOST_TEST(sent<wire::ChatResponse>(alice).size() == 1);
    BOOST_TEST(alice.all<event::RequestArrived>().size() == 1);
    BOOST_TEST((alice.state("bob") == ChatState::key_changed));
}

BOOST_AUTO_TEST_CASE(that_is_followed_by_another_is_not_accepted_with_it) {
    Changed story;
    const std::string first = story.seen().new_fingerprint;
    Puppet third("bob", 78);
    story.world.inject(story.alice, third.ask(story.alice, story.world.now.wall).text);
    BOOST_TEST(story.alice.all<event::KeyChanged>().size() == 2);
    story.world.tell(story.alice, command::AcceptKeyChange{"bob", first});
    BOOST_TEST((contact(story.world, story.alice, "bob").trust == Trust::key_changed));
}

BOOST_AUTO_TEST_CASE(that_is_turned_down_leaves_the_old_key_and_its_verification) {
    Changed story;
    std::string grouped = story.seen().old_fingerprint;
    grouped.erase(std::remove(grouped.begin(), grouped.end(), ' '), grouped.end());
    story.world.tell(story.alice, command::AcceptKeyChange{"bob", grouped});
    BOOST_TEST((contact(story.world, story.alice, "bob").trust == Trust::verified));
    story.world.tell(story.bob, command::EndChat{ChatKey::with("alice")});
    story.world.settle();
    story.world.befriend(story.bob, story.alice);
    story.world.pass(seconds(2));  // attempts start at least 1 s apart
    check_talk(story.world, story.alice, story.bob, "the real one");
}

BOOST_AUTO_TEST_CASE(that_is_not_settled_is_shown_again_after_a_restart) {
    Changed story;
    story.world.restart(story.alice);
    BOOST_REQUIRE(story.alice.all<event::KeyChanged>().size() == 1);
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    BOOST_TEST(contains(last_refusal(story.alice), "has changed"));
}

BOOST_AUTO_TEST_CASE(that_is_settled_is_told_once) {
    for (const bool accept : {true, false}) {
        Changed story;
        story.world.tell(story.alice,
                         command::AcceptKeyChange{"bob", accept ? story.seen().new_fingerprint
                                                                : story.seen().old_fingerprint});
        const auto all = story.alice.all<event::ChatChanged>();
        const auto told = std::count_if(all.begin(), all.end(), [](const auto& change) {
            return contains(change.why.str(), "you accepted") ||
                   contains(change.why.str(), "you kept");
        });
        BOOST_TEST(told == 1);
    }
}

BOOST_AUTO_TEST_CASE(is_what_a_verification_is_refused_for) {
    Changed story;
    for (const client::Command& verify : std::vector<client::Command>{
             command::ShowSafetyNumber{"bob"}, command::ConfirmSafetyNumber{"bob", "1"},
             command::SetVerified{"bob", true}}) {
        story.world.tell(story.alice, verify);
        BOOST_TEST(last_refusal(story.alice) ==
                   "the key of bob has changed; /trust bob settles it");
        story.alice.events.erase(
            std::remove_if(story.alice.events.begin(), story.alice.events.end(),
                           [](const client::Event& event) {
                               return std::holds_alternative<event::Refused>(event.what);
                           }),
            story.alice.events.end());
    }
    story.world.tell(story.alice, command::ShowSafetyNumber{"nobody"});
    BOOST_TEST(last_refusal(story.alice) == "no key of nobody is known yet");
}

BOOST_AUTO_TEST_CASE(that_is_put_away_is_still_not_accepted) {
    Changed story;
    story.world.tell(story.alice, command::EndChat{ChatKey::with("bob")});
    BOOST_TEST(story.alice.all<event::Refused>().empty());
    const auto shown = story.alice.all<event::ChatChanged>().back();
    BOOST_TEST((shown.state == ChatState::none));
    BOOST_TEST((shown.trust == Trust::key_changed));
    BOOST_TEST(contains(shown.why.str(), "not accepted"));
    BOOST_TEST(contact(story.world, story.alice, "bob").fingerprint ==
               story.seen().old_fingerprint);

    const auto before = story.alice.sent.size();
    story.world.tell(story.alice, command::SendText{ChatKey::with("bob"), "hello?"});
    BOOST_TEST(contains(last_refusal(story.alice), "nothing is sent"));
    story.world.tell(story.alice, command::AcceptRequest{ChatKey::with("bob")});
    story.world.tell(story.alice, command::EndChat{ChatKey::with("bob")});
    BOOST_TEST(contains(last_refusal(story.alice), "no chat"));
    story.ask();  // under the key that is known by now
    BOOST_TEST((story.alice.state("bob") == ChatState::none));
    story.world.tell(story.alice, command::RequestChat{ChatKey::with("bob")});
    BOOST_TEST(contains(last_refusal(story.alice), "has changed"));
    BOOST_TEST((story.alice.state("bob") == ChatState::key_changed));  // to be settled
    BOOST_TEST(story.alice.sent.size() == before);

    story.world.tell(story.alice, command::EndChat{ChatKey::with("bob")});
    BOOST_TEST((story.alice.state("bob") == ChatState::none));
    story.world.tell(story.alice, command::AcceptKeyChange{"bob", story.seen().new_fingerprint});
    BOOST_TEST((story.alice.state("bob") == ChatState::asked));
}

BOOST_AUTO_TEST_CASE(that_is_put_away_is_shown_again_with_the_next_connection) {
    Changed story;
    story.world.tell(story.alice, command::EndChat{ChatKey::with("bob")});
    story.world.cut(story.alice);
    story.world.pass(seconds(3));
    BOOST_TEST((story.alice.state("bob") == ChatState::key_changed));
    story.world.restart(story.alice);
    BOOST_TEST((story.alice.state("bob") == ChatState::key_changed));
    story.world.tell(story.alice, command::EndChat{ChatKey::with("bob")});
    BOOST_TEST((story.alice.state("bob") == ChatState::none));
}

BOOST_AUTO_TEST_CASE(repeated_by_its_maker_is_shown_once) {
    Changed story;
    for (int i = 0; i < 10; ++i) {
        story.ask();
    }
    BOOST_TEST(story.alice.all<event::KeyChanged>().size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_contact_link)

BOOST_AUTO_TEST_CASE(of_oneself_can_be_given_to_a_friend) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    const auto own = contact(world, alice, "alice");
    BOOST_TEST(contains(own.link, "sotto://relay.example"));
    BOOST_TEST(contains(own.link, "pin="));
    world.tell(bob, command::ImportLink{own.link, false});
    BOOST_TEST((contact(world, bob, "alice").trust == Trust::from_link));
    world.tell(bob, command::ImportLink{own.link, true});
    BOOST_TEST((contact(world, bob, "alice").trust == Trust::verified));
    world.befriend(bob, alice);
    BOOST_TEST((bob.state("alice") == ChatState::open));
}

BOOST_AUTO_TEST_CASE(that_disagrees_with_a_pin_alters_nothing) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    Puppet other("bob", 5);
    wire::ContactLink link{"relay.example", 7443, "bob", other.identity().public_key(), {}};
    world.tell(alice, command::ImportLink{wire::to_string(link), true});
    BOOST_TEST(contains(last_refusal(alice), "not the one that is pinned"));
    link.identity = bob.identity->public_key();
    link.pin = sotto::base::Pin{1};
    world.tell(alice, command::ImportLink{wire::to_string(link), true});
    BOOST_TEST(contains(last_refusal(alice), "another key of this relay"));
    BOOST_TEST((contact(world, alice, "bob").trust == Trust::unverified));
    BOOST_TEST((alice.state("bob") == ChatState::open));
}

BOOST_AUTO_TEST_CASE(with_another_key_than_the_one_that_asks_makes_that_request_a_key_change) {
    World world;
    auto& alice = world.add("alice");
    Puppet asking("bob", 5);
    Puppet linked("bob", 6);
    world.inject(alice, asking.ask(alice, world.now.wall).text);
    BOOST_REQUIRE((alice.state("bob") == ChatState::asked));
    wire::ContactLink link{"relay.example", 7443, "bob", linked.identity().public_key(), {}};
    world.tell(alice, command::ImportLink{wire::to_string(link), true});
    BOOST_REQUIRE(alice.all<event::KeyChanged>().size() == 1);
    const auto change = alice.all<event::KeyChanged>().back();
    BOOST_TEST(change.old_fingerprint == crypto::fingerprint(linked.identity().public_key()));
    BOOST_TEST(change.new_fingerprint == crypto::fingerprint(asking.identity().public_key()));
    BOOST_TEST(alice.all<event::RequestGone>().size() == 1);
    world.tell(alice, command::AcceptRequest{ChatKey::with("bob")});
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.pass(seconds(20));
    BOOST_TEST((alice.state("bob") == ChatState::key_changed));
    BOOST_TEST(sent<wire::ChatResponse>(alice).empty());
    BOOST_TEST(count(alice.sent, "relay") == 0);
}

BOOST_AUTO_TEST_CASE(with_another_key_than_one_that_was_declined_leaves_it_no_answer_again) {
    World world;
    auto& alice = world.add("alice");
    Puppet asking("bob", 5);
    Puppet linked("bob", 6);
    const auto request = asking.ask(alice, world.now.wall);
    world.inject(alice, request.text);
    world.tell(alice, command::DeclineRequest{ChatKey::with("bob"), false});
    wire::ContactLink link{"relay.example", 7443, "bob", linked.identity().public_key(), {}};
    world.tell(alice, command::ImportLink{wire::to_string(link), false});
    world.inject(alice, request.text);
    BOOST_TEST(sent<wire::ChatResponse>(alice).size() == 1);
    BOOST_TEST(alice.all<event::KeyChanged>().size() == 1);
}

BOOST_AUTO_TEST_CASE(that_names_the_relays_key_makes_it_the_pin_of_the_relay) {
    World world;
    auto& alice = world.add("alice");
    Puppet other("dave", 5);
    wire::ContactLink link{"relay.example", 7443, "dave", other.identity().public_key(), {}};
    world.tell(alice, command::ImportLink{wire::to_string(link), false});
    BOOST_TEST(alice.stored_pins.empty());
    link.pin = sotto::base::Pin{1};  // of another relay, or an older key of this one
    world.tell(alice, command::ImportLink{wire::to_string(link), false});
    BOOST_TEST(alice.stored_pins.empty());
    link.pin = sotto::base::Pin{7};
    world.tell(alice, command::ImportLink{wire::to_string(link), false});
    BOOST_TEST(alice.stored_pins == Texts{"07" + std::string(62, '0')});
}

BOOST_AUTO_TEST_CASE(that_names_the_relays_key_waits_until_there_is_one_to_compare) {
    World world;
    auto& alice = world.add("alice");
    alice.reachable = false;
    world.restart(alice);
    Puppet other("dave", 5);
    wire::ContactLink link{"relay.example", 7443, "dave", other.identity().public_key(), {}};
    link.pin = sotto::base::Pin{1};
    world.tell(alice, command::ImportLink{wire::to_string(link), false});
    BOOST_TEST(contains(last_refusal(alice), "connect first"));
    BOOST_TEST(alice.store->contacts().empty());
}

BOOST_AUTO_TEST_CASE(for_another_relay_or_without_a_key_or_of_oneself_is_refused) {
    World world;
    auto& alice = world.add("alice");
    Puppet other("dave", 5);
    const auto key = other.identity().public_key();
    for (const std::string& bad :
         {wire::to_string(wire::ContactLink{"other.example", 7443, "dave", key, {}}),
          wire::to_string(wire::ContactLink{"relay.example", 7444, "dave", key, {}}),
          wire::to_string(wire::ContactLink{"relay.example", 7443, "dave", {}, {}}),
          wire::to_string(wire::ContactLink{"relay.example", 7443, "alice", key, {}}),
          std::string("http://relay.example/dave"), std::string()}) {
        const auto before = alice.all<event::Refused>().size();
        world.tell(alice, command::ImportLink{bad, true});
        BOOST_TEST(alice.all<event::Refused>().size() == before + 1, bad);
    }
    BOOST_TEST(alice.store->contacts().empty());
    wire::ContactLink link{"RELAY.example", 7443, "dave", key, {}};
    world.tell(alice, command::ImportLink{wire::to_string(link), false});
    BOOST_TEST(alice.store->contacts().size() == 1);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_block)

BOOST_AUTO_TEST_CASE(ends_the_chat_and_hears_nothing_until_it_is_lifted) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(bob, command::Block{"alice"});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::ended));
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(bob.all<event::RequestArrived>().size() == 1);  // only the one of before
    world.tell(bob, command::RequestChat{ChatKey::with("alice")});
    BOOST_TEST(contains(last_refusal(bob), "blocked"));
    world.restart(bob);
    world.tell(alice, command::CancelRequest{ChatKey::with("bob")});
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(bob.all<event::RequestArrived>().empty());
    world.tell(bob, command::Unblock{"alice"});
    world.tell(alice, command::CancelRequest{ChatKey::with("bob")});
    world.befriend(alice, bob);
    world.pass(seconds(2));
    BOOST_TEST((bob.state("alice") == ChatState::open));
}

BOOST_AUTO_TEST_CASE(says_no_more_than_that_the_chat_is_over) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.evil = [](const std::string&, std::string& text) { return !is(text, "chat_terminate"); };
    world.tell(bob, command::Block{"alice"});
    world.settle();
    world.evil = nullptr;
    world.cut(alice);
    world.pass(seconds(3));
    BOOST_TEST((alice.state("bob") == ChatState::ended));  // 0x02, told again

    world.tell(bob, command::Unblock{"alice"});
    world.befriend(alice, bob);
    world.pass(seconds(2));
    world.restart(bob);  // holds no consent any more
    world.tell(bob, command::Block{"alice"});
    const auto before = sent<wire::ChatTerminate>(bob).size();
    world.cut(alice);
    world.pass(seconds(30));
    BOOST_TEST(sent<wire::ChatTerminate>(bob).size() == before);  // no 0x03
}

BOOST_AUTO_TEST_CASE(is_listed_by_name_until_it_is_lifted) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    const auto blocked = [&] {
        world.tell(alice, command::ListBlocked{});
        std::string names;
        const auto last = alice.all<event::BlockedUsers>().back();
        for (const auto& user : last.users) {
            BOOST_TEST(user.blocked);
            names += user.name + (user.online ? "+ " : " ");
        }
        return names;
    };
    BOOST_TEST(blocked().empty());
    world.pass(seconds(6));  // the list of users is there
    world.tell(alice, command::Block{"zoe"});
    world.tell(alice, command::Block{"bob"});
    BOOST_TEST(blocked() == "bob+ zoe ");
    world.restart(alice);
    BOOST_TEST(blocked() == "bob+ zoe ");
    world.tell(alice, command::Unblock{"zoe"});
    world.cut(bob);
    world.pass(seconds(6));
    BOOST_TEST(contains(blocked(), "bob"));
    BOOST_TEST(!contains(blocked(), "zoe"));
}

BOOST_AUTO_TEST_CASE(takes_ones_own_request_back) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(alice, command::Block{"bob"});
    world.settle();
    BOOST_TEST(bob.all<event::RequestGone>().size() == 1);
    BOOST_TEST((alice.state("bob") == ChatState::none));
    const auto all = alice.all<event::ChatChanged>();
    BOOST_TEST(std::count_if(all.begin(), all.end(), [](const auto& change) {
                   return contains(change.why.str(), "you blocked");
               }) == 1);
}

BOOST_AUTO_TEST_CASE(with_the_decline_answers_and_blocks) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(bob, command::DeclineRequest{ChatKey::with("alice"), true});
    world.settle();
    BOOST_TEST((alice.state("bob") == ChatState::declined));
    BOOST_TEST(contact(world, bob, "alice").blocked);
}

BOOST_AUTO_TEST_SUITE_END()
