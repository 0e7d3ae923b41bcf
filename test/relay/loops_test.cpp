// Two relay cores on one hub, as two loops have them.
#include "relay/broker/mailbox.h"
#include "test/relay/relay_fixture.h"

#include <boost/test/unit_test.hpp>

using namespace sotto;
using test::message;
using test::RelayHouse;
using wire::ErrorCode;

namespace {

constexpr RelayHouse::Id kOthers = 1'000;  // and above: connections of the other loop

/// The house's relay is the first loop's; `on_other` makes it the second's for a while.
struct TwoLoops : RelayHouse {
    TwoLoops() {
        is_elsewhere = [this](Id id) { return (id >= kOthers) != at_other; };
        other = std::make_unique<relay::Relay>(
            *hub, options, [] { return base::RelayNonce{9}; },
            [this](Id id) { return is_elsewhere(id) ? std::nullopt : std::optional(queued[id]); });
    }
    template <class Task>
    void on_other(const Task& task) {
        std::swap(relay, other);
        at_other = !at_other;
        task();
        std::swap(relay, other);
        at_other = !at_other;
    }
    /// Passes `text` on from 1 to 1001, as the glue does; `out` is what the second wants done.
    void deliver(const std::string& text) {
        on_other([&] {
            out.clear();
            relay->on_delivery(1, 1'001, text, out);
        });
    }
    void both_join() {
        join(1, "alice");
        on_other([this] { join(1'001, "bob"); });
    }

    bool at_other = false;
    std::unique_ptr<relay::Relay> other;
};

std::vector<RelayHouse::Id> replaced(const relay::Actions& actions) {
    std::vector<RelayHouse::Id> out;
    for (const auto& action : actions) {
        if (const auto* found = std::get_if<relay::Replace>(&action)) {
            out.push_back(found->connection);
        }
    }
    return out;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(loops, TwoLoops)

BOOST_AUTO_TEST_CASE(a_message_for_a_user_of_another_loop_is_handed_over_and_counted_once) {
    both_join();
    const auto text = message("relay", "alice", "bob");
    say(1, text);
    BOOST_TEST((forwarded() == std::vector<Id>{1'001}));
    BOOST_TEST(relay->counters().forwarded.messages == 0U);
    deliver(text);
    BOOST_TEST((forwarded() == std::vector<Id>{1'001}));
    BOOST_TEST(other->counters().forwarded.messages == 1U);
    BOOST_TEST(other->counters().forwarded.bytes == text.size());
}

BOOST_AUTO_TEST_CASE(a_reader_of_another_loop_that_is_slow_makes_its_senders_busy) {
    both_join();
    queued[1'001] = options.limits.busy_mark + 1;
    const auto text = message("relay", "alice", "bob");
    say(1, text);
    BOOST_TEST(forwarded().size() == 1U);  // this loop does not know
    deliver(text);
    BOOST_TEST(forwarded().empty());
    BOOST_REQUIRE(error(1).has_value());
    BOOST_TEST((error(1)->code == ErrorCode::busy));
    BOOST_TEST((error(1)->id == 7));
    BOOST_TEST((error(1)->to == "bob"));
    BOOST_TEST(error(1)->re == "relay");
    BOOST_TEST(error(1)->chat.has_value());
    BOOST_TEST(!closed(1).has_value());
}

BOOST_AUTO_TEST_CASE(a_reader_that_has_left_while_the_message_was_under_way_is_offline) {
    both_join();
    on_other([this] { end(1'001); });
    deliver(message("relay", "alice", "bob"));
    BOOST_REQUIRE(error(1).has_value());
    BOOST_TEST((error(1)->code == ErrorCode::offline));
}

BOOST_AUTO_TEST_CASE(errors_that_another_loop_answers_with_count_for_the_sender) {
    options.limits.refusals = {10, 20};
    restart();
    join(1, "alice");
    const auto be_refused = [this] {
        out.clear();
        relay->on_refused(1, "an error", now, out);
        BOOST_TEST((sent(1) == std::vector<std::string>{"an error"}));
    };
    for (int refusal = 0; refusal < 20; ++refusal) {
        be_refused();
        BOOST_REQUIRE(!paused(1));
    }
    be_refused();
    BOOST_TEST(paused(1).has_value());
    out.clear();
    end(1);
    relay->on_refused(1, "an error", now, out);
    BOOST_TEST(out.empty());
}

BOOST_AUTO_TEST_CASE(what_another_loop_has_no_room_for_makes_its_sender_busy) {
    both_join();
    out.clear();
    relay->on_undelivered(1, message("chat_request", "alice", "bob"), out);
    BOOST_REQUIRE(error(1).has_value());
    BOOST_TEST((error(1)->code == ErrorCode::busy));
    BOOST_TEST(error(1)->re == "chat_request");
}

BOOST_AUTO_TEST_CASE(the_same_key_on_another_loop_replaces_the_older_connection) {
    join(1, "alice");
    on_other([this] {
        open(1'002);
        say(1'002, registration("alice", 1'002, greet(1'002)));
        BOOST_TEST((replaced(out) == std::vector<Id>{1}));
        BOOST_TEST(sent(1'002).size() == 1U);
    });
    BOOST_TEST((hub->directory().find("alice")->connection == 1'002U));
    out.clear();
    relay->on_replaced(1, out);
    BOOST_TEST((error(1)->code == ErrorCode::replaced));
    BOOST_TEST(closed(1).has_value());
    end(1);  // takes nobody offline
    BOOST_TEST((hub->directory().find("alice")->connection == 1'002U));
}

BOOST_AUTO_TEST_CASE(an_old_connection_that_ends_before_it_hears_of_it_takes_nobody_offline) {
    join(1, "alice");
    on_other([this] { join(1'002, "alice"); });
    end(1);
    BOOST_TEST((hub->directory().find("alice")->connection == 1'002U));
    out.clear();
    relay->on_replaced(1, out);
    BOOST_TEST(out.empty());
}

BOOST_AUTO_TEST_CASE(whoever_is_online_on_any_loop_is_listed_and_found) {
    both_join();
    const auto page = list(1, 0);
    BOOST_REQUIRE(page.has_value());
    BOOST_TEST((page->online == std::vector<std::string>{"alice", "bob"}));
    say(1, R"({"type":"get_pubkey","id":7,"user":"bob"})");
    BOOST_TEST(sent(1).front().find(R"("online":true)") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(of_two_keys_that_claim_a_name_on_two_loops_at_once_one_gets_it) {
    const auto ask = [this](Id id, const std::string& owner) {
        signer = owner;
        open(id);
        const auto text = registration("carol", id, greet(id));
        out.clear();
        relay->on_message(id, text, now, out);
        BOOST_REQUIRE_EQUAL(out.size(), 1U);
        return std::get<relay::Claim>(out.front());
    };
    std::vector<relay::Claim> claims{ask(1, "carol")};
    on_other([&] { claims.push_back(ask(1'001, "mallory")); });
    const auto round = hub->attend(claims);
    BOOST_REQUIRE_EQUAL(round.claimed.size(), 2U);
    out.clear();
    relay->on_claimed(round.claimed[0], out);
    BOOST_TEST(sent(1).front() == R"({"type":"register","user":"carol","ok":true})");
    on_other([&] {
        out.clear();
        relay->on_claimed(round.claimed[1], out);
        BOOST_TEST((error(1'001)->code == ErrorCode::name_taken));
        BOOST_TEST(closed(1'001).has_value());
    });
    BOOST_TEST((hub->directory().find("carol")->key == identity("carol").public_key()));
    BOOST_TEST(registry.names.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_blocked_between_its_claim_and_the_answer_is_refused) {
    open(1);
    const auto text = registration("carol", 1, greet(1));
    out.clear();
    relay->on_message(1, text, now, out);
    const auto round = hub->attend({std::get<relay::Claim>(out.front())});
    registry.standing = {{"carol", identity("carol").public_key(), true}};
    BOOST_TEST(hub->attend({}).dismissed.empty());  // nobody is online yet
    out.clear();
    relay->on_claimed(round.claimed[0], out);
    BOOST_REQUIRE(error(1).has_value());
    BOOST_TEST((error(1)->code == ErrorCode::name_taken));
    BOOST_TEST(closed(1).has_value());
    BOOST_TEST(!hub->directory().find("carol")->connection.has_value());
}

BOOST_AUTO_TEST_CASE(until_a_claim_is_settled_whatever_comes_is_not_registered) {
    const std::vector<std::string> early{R"({"type":"user_list","id":1,"since":0})",
                                         message("relay", "carol", "bob")};
    Id id = 10;
    for (const std::string& text : early) {
        open(++id);
        out.clear();
        relay->on_message(id, registration("carol", id, greet(id)), now, out);
        BOOST_REQUIRE(std::holds_alternative<relay::Claim>(out.back()));
        out.clear();
        relay->on_message(id, text, now, out);
        BOOST_TEST((error(id)->code == ErrorCode::not_registered), text);
    }
}

BOOST_AUTO_TEST_CASE(a_name_stays_its_keys_though_the_connection_has_gone_before_it_was_settled) {
    open(1);
    const auto text = registration("carol", 1, greet(1));
    out.clear();
    relay->on_message(1, text, now, out);
    const auto claim = std::get<relay::Claim>(out.front());
    end(1);
    const auto round = hub->attend({claim});
    out.clear();
    relay->on_claimed(round.claimed[0], out);
    BOOST_TEST(sent(1).empty());
    BOOST_REQUIRE(hub->directory().find("carol").has_value());
    BOOST_TEST(!hub->directory().find("carol")->connection.has_value());
    join(2, "carol");
}

BOOST_AUTO_TEST_CASE(a_mailbox_keeps_order_and_wakes_its_owner_once) {
    relay::Mailbox box;
    relay::Parcel first;
    first.add({1, 2, 3, false}, "one");
    first.add({1, 2, 0, true}, "");
    relay::Parcel second;
    second.add({1, 2, 5, false}, "three");
    const bool wakes = box.put(std::move(first));
    BOOST_TEST(wakes);
    const bool wakes_again = box.put(std::move(second));
    BOOST_TEST(!wakes_again);
    BOOST_TEST(box.bytes() == 8U);
    std::vector<std::string> texts;
    for (const auto& parcel : box.take()) {
        parcel.for_each([&](const relay::Parcel::Label& label, std::string_view text) {
            BOOST_TEST(label.from == 1U);
            BOOST_TEST(label.binary == text.empty());
            texts.emplace_back(text);
        });
    }
    BOOST_TEST((texts == std::vector<std::string>{"one", "", "three"}));
    BOOST_TEST(box.bytes() == 0U);
    BOOST_TEST(box.take().empty());
    relay::Parcel third;
    third.add({1, 2, 1, false}, "4");
    const bool wakes_anew = box.put(std::move(third));
    BOOST_TEST(wakes_anew);
}

BOOST_AUTO_TEST_SUITE_END()
