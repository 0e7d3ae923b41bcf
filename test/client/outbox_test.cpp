#include "tui/client/outbox.h"

#include "test/client/talk.h"
#include "tui/client/consent_memory.h"

using namespace sotto::test;
using sotto::client::ChatIds;
using sotto::client::ConsentMemory;
using sotto::client::Outbox;
namespace crypto = sotto::crypto;

namespace {

crypto::MessageId id(int number) {
    crypto::MessageId out{};
    out[0] = static_cast<std::uint8_t>(number);
    out[1] = static_cast<std::uint8_t>(number >> 8);
    return out;
}
crypto::ChatId chat(int number) {
    return crypto::ChatId(id(number).raw());
}

std::size_t with(const Person& person, Delivery delivery) {
    const auto changes = person.all<event::DeliveryChanged>();
    return static_cast<std::size_t>(
        std::count_if(changes.begin(), changes.end(),
                      [&](const auto& change) { return change.delivery == delivery; }));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_outbox)

BOOST_AUTO_TEST_CASE(gives_out_64_texts_in_order_and_more_as_they_are_acknowledged) {
    Outbox outbox;
    for (int i = 0; i < 70; ++i) {
        outbox.add({id(i), {}, "x", true});
    }
    for (int i = 0; i < 64; ++i) {
        BOOST_REQUIRE(outbox.next() != nullptr);
        BOOST_TEST((outbox.next()->id == id(i)));
        outbox.sent();
    }
    BOOST_TEST(outbox.next() == nullptr);
    BOOST_TEST(outbox.delivered(id(10)));
    BOOST_TEST(!outbox.delivered(id(10)));
    BOOST_TEST((outbox.next()->id == id(64)));
}

BOOST_AUTO_TEST_CASE(gives_all_out_again_in_the_old_order_after_a_session) {
    Outbox outbox;
    for (int i = 0; i < 5; ++i) {
        outbox.add({id(i), {}, "x", true});
    }
    outbox.sent();
    outbox.sent();
    outbox.sent();
    BOOST_TEST(outbox.delivered(id(1)));
    BOOST_TEST((outbox.session_ended() == std::vector<crypto::MessageId>{id(0), id(2)}));
    for (const int expected : {0, 2, 3, 4}) {
        BOOST_TEST((outbox.next()->id == id(expected)));
        outbox.sent();
    }
    BOOST_TEST(outbox.discard().size() == 4);
    BOOST_TEST(outbox.empty());
    BOOST_TEST(outbox.next() == nullptr);
}

BOOST_AUTO_TEST_CASE(may_hear_of_a_text_that_waits_to_go_again) {
    Outbox outbox;
    outbox.add({id(0), {}, "x", true});
    outbox.add({id(1), {}, "x", true});
    outbox.sent();
    (void)outbox.session_ended();
    BOOST_TEST(outbox.delivered(id(0)));
    BOOST_TEST((outbox.next()->id == id(1)));
}

BOOST_AUTO_TEST_CASE(owes_at_most_1024_acknowledgements_in_one_record) {
    Outbox outbox;
    BOOST_TEST(!outbox.owed().has_value());
    for (int i = 0; i < 1'500; ++i) {
        outbox.owe(id(i));
    }
    const auto first = outbox.owed();
    BOOST_TEST(first->ids.size() == 1'024);
    outbox.paid(*first);
    BOOST_TEST(outbox.owed()->ids.size() == 476);
    BOOST_TEST((outbox.owed()->ids[0] == id(1'024)));
    (void)outbox.session_ended();  // the peer will send those texts again
    BOOST_TEST(!outbox.owed().has_value());
}

BOOST_AUTO_TEST_CASE(counts_every_chat_from_1_and_forgets_the_oldest) {
    ChatIds ids;
    BOOST_TEST(ids.next(chat(1)) == 1);
    BOOST_TEST(ids.next(chat(1)) == 2);
    BOOST_TEST(ids.next(chat(2)) == 1);
    for (int i = 100; i < 1'000; ++i) {
        BOOST_TEST(ids.next(chat(i)) == 1);
        BOOST_TEST(ids.next(chat(1)) > 2);  // one in use is not forgotten
    }
}

BOOST_AUTO_TEST_CASE(remembers_endings_by_consent_and_what_was_taken_back_by_chat) {
    ConsentMemory memory;
    crypto::ConsentHash one{1};
    crypto::ConsentHash two{2};
    memory.answered({crypto::RequestHash{9}, chat(1), true, {}});
    memory.ended({chat(1), {}, one});
    memory.ended({chat(2), {}, std::nullopt});
    BOOST_TEST(memory.answer_to(crypto::RequestHash{9}) == nullptr);
    BOOST_TEST((memory.ending(one, chat(7)) != nullptr));
    BOOST_TEST((memory.ending(two, chat(1)) == nullptr));
    BOOST_TEST((memory.ending(two, chat(2)) != nullptr));
    BOOST_TEST(memory.ended_here(chat(1)));
    BOOST_TEST(!memory.ended_here(chat(3)));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(texts)

BOOST_AUTO_TEST_CASE(have_1_byte_to_16_KiB_of_utf8) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    for (const std::string& bad :
         {std::string(), std::string(16 * 1024 + 1, 'x'), std::string("\xFF\xFE")}) {
        const auto refused = alice.all<event::Refused>().size();
        world.tell(alice, command::SendText{ChatKey::with("bob"), bad});
        BOOST_TEST(alice.all<event::Refused>().size() == refused + 1);
    }
    world.tell(alice, command::SendText{ChatKey::with("bob"), std::string(16 * 1024, 'x')});
    world.tell(alice, command::SendText{ChatKey::with("bob"), "y"});
    world.settle();
    BOOST_TEST(bob.texts() == (Texts{std::string(16 * 1024, 'x'), "y"}));
    BOOST_TEST(alice.delivered() == 2);
    for (const std::string& text : alice.sent) {
        BOOST_TEST(text.size() <= sotto::wire::kMaxMessage);
    }
}

BOOST_AUTO_TEST_CASE(are_made_safe_before_anybody_sees_them) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "\x1B[2Jtwo\nlines\xE2\x80\xAE"});
    world.settle();
    BOOST_TEST(bob.texts() == Texts{"\xEF\xBF\xBD[2Jtwo\nlines\xEF\xBF\xBD"});
}

BOOST_AUTO_TEST_CASE(wait_in_view_until_a_session_stands_and_say_how_far_they_are) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.tell(alice, command::SendText{ChatKey::with("bob"), "too early"});
    BOOST_TEST(contains(last_refusal(alice), "no chat"));
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    world.tell(bob, command::SendText{ChatKey::with("alice"), "not accepted yet"});
    BOOST_TEST(contains(last_refusal(bob), "waits for your answer"));
    world.tell(alice, command::SendText{ChatKey::with("bob"), "hello"});
    world.settle();
    const auto added = alice.all<event::MessageAdded>();
    BOOST_REQUIRE(added.size() == 1);
    BOOST_TEST(added[0].own);
    BOOST_TEST((added[0].delivery == Delivery::waiting));
    BOOST_TEST(alice.all<event::DeliveryChanged>().empty());
    world.tell(bob, command::AcceptRequest{ChatKey::with("alice")});
    world.settle();
    const auto changes = alice.all<event::DeliveryChanged>();
    BOOST_REQUIRE(changes.size() == 2);
    BOOST_TEST(changes[0].id == added[0].id);
    BOOST_TEST((changes[0].delivery == Delivery::sent));
    BOOST_TEST((changes[1].delivery == Delivery::delivered));
}

BOOST_AUTO_TEST_CASE(unacknowledged_on_the_wire_are_at_most_64) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.evil = [](const std::string& to, std::string& text) {
        return !(to == "alice" && is_record(text));
    };
    for (int i = 0; i < 100; ++i) {
        world.tell(alice, command::SendText{ChatKey::with("bob"), std::to_string(i)});
        world.settle();
    }
    BOOST_TEST(bob.texts().size() <= 64);
    BOOST_TEST(with(alice, Delivery::sent) == 64);
    world.evil = nullptr;
    world.cut(bob);
    world.pass(seconds(30));
    BOOST_TEST(bob.texts().size() == 100);
    BOOST_TEST(alice.delivered() == 100);
}

BOOST_AUTO_TEST_CASE(whose_acknowledgement_was_lost_go_again_and_are_shown_once) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.evil = [](const std::string& to, std::string& text) {
        return !(to == "alice" && is_record(text));
    };
    world.tell(alice, command::SendText{ChatKey::with("bob"), "one"});
    world.tell(alice, command::SendText{ChatKey::with("bob"), "two"});
    world.settle();
    BOOST_TEST(bob.texts() == (Texts{"one", "two"}));
    BOOST_TEST(alice.delivered() == 0);
    world.evil = nullptr;
    world.cut(alice);
    BOOST_TEST(with(alice, Delivery::waiting) == 2);
    world.pass(seconds(30));
    BOOST_TEST(bob.texts() == (Texts{"one", "two"}));
    BOOST_TEST(alice.delivered() == 2);
}

BOOST_AUTO_TEST_CASE(whose_acknowledgement_was_lost_are_shown_again_to_who_restarted) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.evil = [](const std::string& to, std::string& text) {
        return !(to == "alice" && is_record(text));
    };
    world.tell(alice, command::SendText{ChatKey::with("bob"), "only once written"});
    world.settle();
    BOOST_TEST(bob.texts() == Texts{"only once written"});
    world.evil = nullptr;
    world.restart(bob);  // nothing of what he saw was stored
    world.pass(seconds(40));
    world.befriend(alice, bob);
    world.pass(seconds(2));
    BOOST_TEST(bob.texts() == Texts{"only once written"});
    BOOST_TEST(alice.delivered() == 1);
}

BOOST_AUTO_TEST_CASE(survive_any_number_of_breaks_once_and_in_order_both_ways) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    Texts from_alice;
    Texts from_bob;
    for (int i = 0; i < 200; ++i) {
        from_alice.push_back("a" + std::to_string(i));
        from_bob.push_back("b" + std::to_string(i));
        world.tell(alice, command::SendText{ChatKey::with("bob"), from_alice.back()});
        world.tell(bob, command::SendText{ChatKey::with("alice"), from_bob.back()});
        if (i % 3 != 0) {
            world.settle();
        }
        if (i % 17 == 0) {
            world.cut(i % 2 == 0 ? alice : bob);
        }
        world.pass(milliseconds(500));
    }
    world.pass(seconds(60));
    BOOST_TEST(bob.texts() == from_alice);
    BOOST_TEST(alice.texts() == from_bob);
    BOOST_TEST(alice.delivered() == 200);
    BOOST_TEST(bob.delivered() == 200);
}

BOOST_AUTO_TEST_CASE(that_the_person_gives_up_are_not_sent) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.set_reachable(alice, false);
    world.tell(alice, command::SendText{ChatKey::with("bob"), "never mind"});
    world.tell(alice, command::DiscardUnsent{ChatKey::with("bob")});
    BOOST_TEST(with(alice, Delivery::discarded) == 1);
    world.tell(alice, command::DiscardUnsent{ChatKey::with("bob")});
    BOOST_TEST(contains(last_refusal(alice), "nothing waits"));
    BOOST_TEST(alice.all<event::Refused>().back().command == CommandKind::discard_unsent);
    world.set_reachable(alice, true);
    world.pass(seconds(40));
    check_talk(world, alice, bob, "other things");
    BOOST_TEST(bob.texts().size() == 1);
}

BOOST_AUTO_TEST_CASE(held_back_by_a_rekey_follow_it) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    Texts all;
    for (int i = 0; i < 400; ++i) {
        all.push_back(std::to_string(i));
        world.tell(alice, command::SendText{ChatKey::with("bob"), all.back()});
        if (i % 50 == 0) {
            world.settle();
        }
    }
    world.settle();
    BOOST_TEST(bob.texts() == all);
    BOOST_TEST(bob.all<event::ChatChanged>().back().epoch >= 3U);
}

BOOST_AUTO_TEST_SUITE_END()
