// Two relay cores on one hub, as two loops have them.
#include "relay/broker/loop_queue.h"
#include "test/relay/relay_fixture.h"

#include <boost/test/unit_test.hpp>

#include <sstream>
#include <unordered_set>

using namespace sotto;
using test::message;
using test::RelayHouse;
using wire::ErrorCode;

namespace {

constexpr relay::Place kAlice{0, 0, 1};
constexpr relay::Place kBob{0, 1, 1'001};

/// The house's relay is the first loop's; `on_other` makes it the second's for a while.
struct TwoLoops : RelayHouse {
    TwoLoops() {
        relay::Relay::Options others = options;
        others.loop = 1;
        other = std::make_unique<relay::Relay>(
            *hub, others, [] { return base::RelayNonce{9}; }, [this](Id id) { return queued[id]; });
    }
    template <class Task>
    void on_other(const Task& task) {
        std::swap(relay, other);
        task();
        std::swap(relay, other);
    }
    /// Passes `text` on from 1 to 1001, as the glue does; `out` is what the second wants done.
    void deliver(const std::string& text) {
        on_other([&] {
            out.clear();
            relay->on_delivery({kAlice, kBob, text, is_request(text)}, now, out);
        });
    }
    static bool is_request(const std::string& text) {
        return text.find("chat_request") != std::string::npos;
    }
    /// The error for alice that the second loop wants to be passed back.
    [[nodiscard]] wire::ErrorMessage bounced() const {
        BOOST_REQUIRE(bounces().size() == 1U);
        BOOST_TEST(bounces()[0].to == kAlice);
        const auto decoded = wire::decode_from_relay(bounces()[0].error);
        BOOST_REQUIRE(decoded.has_value());
        return std::get<wire::ErrorMessage>(*decoded);
    }
    void both_join() {
        join(1, "alice");
        on_other([this] { join(1'001, "bob"); });
    }

    std::unique_ptr<relay::Relay> other;
};

std::vector<relay::Place> replaced(const relay::Actions& actions) {
    std::vector<relay::Place> out;
    for (const auto& action : actions) {
        if (const auto* found = std::get_if<relay::Replace>(&action)) {
            out.push_back(found->place);
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
    BOOST_REQUIRE(forwards().size() == 1U);
    BOOST_TEST(forwards()[0].from == kAlice);
    BOOST_TEST(forwards()[0].to == kBob);
    BOOST_TEST(forwards()[0].text == text);
    BOOST_TEST(relay->counters().forwarded.messages == 0U);
    deliver(text);
    BOOST_REQUIRE(forwards().size() == 1U);
    BOOST_TEST(forwards()[0].to == kBob);
    BOOST_TEST(forwards()[0].text == text);
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
    const auto error = bounced();
    BOOST_TEST((error.code == ErrorCode::busy));
    BOOST_TEST((error.id == 7));
    BOOST_TEST((error.to == "bob"));
    BOOST_TEST(error.re == "relay");
    BOOST_TEST(error.message == wire::row_of(ErrorCode::busy).meaning);
    BOOST_TEST(error.chat.has_value());
    BOOST_TEST(other->counters().refused[ErrorCode::busy] == 1U);
    BOOST_TEST(!closed(1).has_value());
}

BOOST_AUTO_TEST_CASE(a_reader_that_has_left_while_the_message_was_under_way_is_offline) {
    both_join();
    on_other([this] { end(1'001); });
    deliver(message("relay", "alice", "bob"));
    BOOST_TEST((bounced().code == ErrorCode::offline));
}

BOOST_AUTO_TEST_CASE(strangers_of_another_loop_count_against_the_same_limit_and_are_told) {
    options.limits.stranger_requests = {1, 2};
    other->set_limits(options.limits);
    both_join();
    const auto request = message("chat_request", "alice", "bob");
    say(1, request);
    BOOST_REQUIRE(forwards().size() == 1U);
    BOOST_TEST(forwards()[0].is_request);
    for (int one = 0; one < 2; ++one) {
        deliver(request);
        BOOST_TEST(forwarded().size() == 1U);
    }
    deliver(request);
    BOOST_TEST(forwarded().empty());
    BOOST_TEST((bounced().code == ErrorCode::rate_limited));
    BOOST_TEST(bounced().message == "this user gets too many chat requests; try again later");
    BOOST_TEST(bounced().chat.has_value());
    deliver(message("relay", "alice", "bob"));
    BOOST_TEST(forwarded().size() == 1U);
    on_other([this] { say(1'001, message("relay", "bob", "alice")); });
    deliver(request);
    BOOST_TEST(forwarded().size() == 1U);
}

BOOST_AUTO_TEST_CASE(errors_that_another_loop_answers_with_count_for_the_sender) {
    options.limits.refusals = {10, 20};
    restart();
    join(1, "alice");
    const auto be_refused = [this] {
        out.clear();
        relay->on_bounce(1, "an error", now, out);
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
    relay->on_bounce(1, "an error", now, out);
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
        BOOST_TEST((replaced(out) == std::vector<relay::Place>{kAlice}));
        BOOST_TEST(sent(1'002).size() == 1U);
    });
    BOOST_TEST((hub->directory().find("alice")->place == relay::Place{0, 1, 1'002}));
    out.clear();
    relay->on_replaced(1, out);
    BOOST_TEST((error(1)->code == ErrorCode::replaced));
    BOOST_TEST(closed(1).has_value());
    end(1);  // takes nobody offline
    BOOST_TEST((hub->directory().find("alice")->place == relay::Place{0, 1, 1'002}));
}

BOOST_AUTO_TEST_CASE(an_old_connection_that_ends_before_it_hears_of_it_takes_nobody_offline) {
    join(1, "alice");
    on_other([this] { join(1'002, "alice"); });
    end(1);
    BOOST_TEST((hub->directory().find("alice")->place == relay::Place{0, 1, 1'002}));
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
    BOOST_TEST(!hub->directory().find("carol")->place.has_value());
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
    BOOST_TEST(!hub->directory().find("carol")->place.has_value());
    join(2, "carol");
}

BOOST_AUTO_TEST_CASE(the_queue_of_a_loop_keeps_order_and_wakes_its_owner_once) {
    relay::LoopQueue queue;
    relay::Batch first;
    first.add({kAlice, kBob, "one"});
    first.add({kAlice, kBob, "", true});
    relay::Batch second;
    second.add({kAlice, kBob, "three"});
    const bool wakes = queue.push(std::move(first));
    BOOST_TEST(wakes);
    const bool wakes_again = queue.push(std::move(second));
    BOOST_TEST(!wakes_again);
    BOOST_TEST(queue.bytes() == 8U);
    std::vector<std::string> texts;
    for (const auto& batch : queue.take_all()) {
        batch.for_each([&](const relay::Forward& message) {
            BOOST_TEST(message.from == kAlice);
            BOOST_TEST(message.to == kBob);
            BOOST_TEST(message.is_request == message.text.empty());
            texts.emplace_back(message.text);
        });
    }
    BOOST_TEST((texts == std::vector<std::string>{"one", "", "three"}));
    BOOST_TEST(queue.bytes() == 0U);
    BOOST_TEST(queue.take_all().empty());
    relay::Batch third;
    third.add({kAlice, kBob, "4"});
    const bool wakes_anew = queue.push(std::move(third));
    BOOST_TEST(wakes_anew);
}

BOOST_AUTO_TEST_CASE(places_differ_by_node_loop_and_connection_and_sort_in_that_order) {
    const std::vector<relay::Place> sorted{{0, 0, 9}, {0, 1, 0}, {0, 1, 2}, {1, 0, 0}};
    std::unordered_set<std::size_t> hashes;
    for (std::size_t i = 0; i < sorted.size(); ++i) {
        hashes.insert(std::hash<relay::Place>()(sorted[i]));
        for (std::size_t j = 0; j < sorted.size(); ++j) {
            BOOST_TEST((sorted[i] == sorted[j]) == (i == j));
            BOOST_TEST((sorted[i] < sorted[j]) == (i < j));
        }
    }
    BOOST_TEST(hashes.size() == sorted.size());
    std::ostringstream printed;
    printed << relay::Place{1, 2, 3};
    BOOST_TEST(printed.str() == "1/2/3");
}

BOOST_AUTO_TEST_CASE(the_same_connection_number_on_another_loop_or_node_is_another_user) {
    both_join();
    const auto text = message("relay", "alice", "carol");
    for (const relay::Place& place : {relay::Place{0, 1, 1}, relay::Place{1, 0, 1}}) {
        hub->directory().add("carol", {});
        BOOST_REQUIRE(hub->directory().arrive("carol", {}, place).has_value());
        queued[1] = options.limits.busy_mark + 1;  // of alice's own connection
        say(1, text);
        BOOST_REQUIRE(forwards().size() == 1U);
        BOOST_TEST(forwards()[0].to == place);
        hub->directory().leave("carol", {0, 0, 1});
        BOOST_TEST(hub->directory().find("carol")->place.has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
