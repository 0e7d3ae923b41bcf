// What limits belong to: the name of a user, and a network, but no connection.
#include "test/relay/relay_fixture.h"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace sotto;
using namespace std::chrono_literals;
using relay::Limit;
using test::message;
using test::RelayHouse;
using wire::ErrorCode;

namespace {

struct Allowances : RelayHouse {
    /// Whether a chat request of the connection's user is forwarded.
    bool asks(Id id, const std::string& from, const std::string& to) {
        say(id, message("chat_request", from, to));
        if (forwarded().empty()) {
            BOOST_REQUIRE(error(id).has_value());
            BOOST_TEST((error(id)->code == ErrorCode::rate_limited));
            BOOST_TEST((error(id)->to == to));
            BOOST_TEST(error(id)->chat.has_value());
            return false;
        }
        return true;
    }
    bool looks_up(Id id) {
        say(id, R"({"type":"get_pubkey","id":1,"user":"bob"})");
        return !error(id).has_value();
    }
    void use_up(const std::function<bool()>& one) const {
        for (int more = 0; more < 1'000 && one(); ++more) {
        }
        BOOST_TEST(!one());
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(allowances, Allowances)

BOOST_AUTO_TEST_CASE(a_user_who_reconnects_goes_on_with_what_was_left) {
    options.limits.stranger_requests = {};
    restart();
    join(1, "alice");
    join(2, "bob");
    use_up([this] { return asks(1, "alice", "bob"); });
    use_up([this] { return looks_up(1); });
    end(1);
    join(3, "alice");
    BOOST_TEST(!asks(3, "alice", "bob"));
    BOOST_TEST(!looks_up(3));
    join(4, "alice");  // the other one is replaced
    BOOST_TEST(!asks(4, "alice", "bob"));
    BOOST_TEST(!looks_up(4));
    BOOST_TEST(asks(2, "bob", "alice"));  // others have their own
    now += 1s;
    BOOST_TEST(asks(4, "alice", "bob"));
    BOOST_TEST(asks(4, "alice", "bob"));
    BOOST_TEST(!asks(4, "alice", "bob"));
}

BOOST_AUTO_TEST_CASE(bytes_and_refusals_are_owed_by_the_name_too) {
    options.limits.relay_bytes = {1'000, 10'000};
    options.limits.refusals = {1, 10};
    restart();
    join(1, "alice");
    join(2, "bob");
    const auto pauses = [this](Id id, const std::string& to) {
        say(id, message("relay", "alice", to));
        return paused(id).has_value();
    };
    use_up([&] { return !pauses(1, "bob"); });
    end(1);
    join(3, "alice");
    BOOST_TEST(pauses(3, "bob"));
    now += 60s;
    use_up([&] { return !pauses(3, "nobody"); });
    end(3);
    join(4, "alice");
    BOOST_TEST(pauses(4, "nobody"));
}

BOOST_AUTO_TEST_CASE(refusals_before_registration_are_owed_by_the_network) {
    options.limits.refusals = {1, 10};
    restart();
    const auto is_refused = [this](Id id) {
        open(id);
        say(id, message("relay", "alice", "bob"));
        BOOST_TEST(error(id).has_value());
        return paused(id).has_value() || closed(id).has_value();
    };
    Id id = 0;
    for (int one = 0; one < 20; ++one) {
        (void)is_refused(++id);
        end(id);
    }
    address = "192.0.2.1";
    BOOST_TEST(hub->admission().size() == 1U);
    open(++id);
    BOOST_TEST(hub->admission().size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_thousand_strangers_ask_one_user_and_a_bounded_number_gets_through) {
    options.limits.registrations = {};
    options.limits.new_names = {};
    restart();
    join(1, "victim");
    for (Id id = 2; id < 1'002; ++id) {
        join(id, "stranger" + std::to_string(id));
    }
    const auto all_ask = [this] {
        int passed = 0;
        for (Id id = 2; id < 1'002; ++id) {
            passed += asks(id, "stranger" + std::to_string(id), "victim") ? 1 : 0;
        }
        return passed;
    };
    BOOST_TEST(all_ask() == 20);
    BOOST_TEST(error(1'001)->message == "this user gets too many chat requests; try again later");
    BOOST_TEST(held_back(Limit::stranger_requests) == 980U);
    int passed = 0;
    for (int second = 0; second < 10; ++second) {
        now += 1s;
        passed += all_ask();
    }
    BOOST_TEST(passed == 10);
    // Whoever reconnects, on either side, changes nothing.
    end(1);
    join(2'000, "victim");
    end(500);
    join(2'001, "stranger500");
    BOOST_TEST(!asks(2'001, "stranger500", "victim"));
    // Others are asked as before, and so are those whom the strangers' victim asks.
    BOOST_TEST(asks(2, "stranger2", "stranger3"));
    BOOST_TEST(asks(2'000, "victim", "stranger3"));
}

BOOST_AUTO_TEST_CASE(the_request_of_somebody_a_user_has_written_to_gets_through_the_crowd) {
    options.limits.stranger_requests = {1, 1};
    options.limits.requests = {};
    restart();
    join(1, "victim");
    join(2, "friend");
    join(3, "stranger");
    BOOST_TEST(asks(3, "stranger", "victim"));
    BOOST_TEST(!asks(3, "stranger", "victim"));
    BOOST_TEST(!asks(2, "friend", "victim"));
    say(1, message("chat_response", "victim", "stranger"));  // it may say no
    BOOST_TEST(!asks(3, "stranger", "victim"));
    say(1, message("relay", "victim", "friend"));
    for (int one = 0; one < 100; ++one) {
        BOOST_TEST(asks(2, "friend", "victim"));
    }
    BOOST_TEST(!asks(3, "stranger", "victim"));
    end(1);
    join(4, "victim");  // the name has written to them, whatever the connection
    BOOST_TEST(asks(2, "friend", "victim"));
    say(4, message("chat_request", "victim", "stranger"));
    BOOST_TEST(asks(3, "stranger", "victim"));
    say(4, message("chat_terminate", "victim", "friend"));
    BOOST_TEST(!asks(2, "friend", "victim"));
    say(4, message("relay", "victim", "friend"));
    BOOST_TEST(asks(2, "friend", "victim"));
}

BOOST_AUTO_TEST_CASE(acquaintances_are_the_last_sixty_four) {
    relay::Acquaintances known;
    for (int one = 0; one < 64; ++one) {
        known.add("user" + std::to_string(one));
    }
    known.add("user0");
    BOOST_TEST(known.has("user1"));
    known.add("user64");
    BOOST_TEST(known.has("user0"));
    BOOST_TEST(!known.has("user1"));
    BOOST_TEST(known.has("user64"));
    known.remove("user64");
    known.remove("user64");
    BOOST_TEST(!known.has("user64"));
}

BOOST_AUTO_TEST_CASE(allowances_at_rest_are_forgotten_unless_somebody_holds_them) {
    options.limits.registrations = {1'000, 1'000};
    options.limits.new_names = {1'000, 1'000};
    restart();
    const auto kept = [this] { return hub->admission().size(); };
    join(1, "alice");
    join(2, "bob");
    use_up([this] { return looks_up(1); });
    BOOST_TEST(kept() == 3U);  // two users and their network
    end(1);
    tick();
    BOOST_TEST(kept() == 3U);
    now += 4s;
    tick();
    BOOST_TEST(kept() == 3U);  // alice's lookups are not back yet
    now += 2s;
    tick();
    BOOST_TEST(kept() == 2U);
    now += 1h;
    tick();
    BOOST_TEST(kept() == 2U);  // bob is there
    for (Id id = 10; id < 510; ++id) {
        address = "192.0.2." + std::to_string(id);
        join(id, "user" + std::to_string(id));
    }
    BOOST_TEST(kept() == 1'002U);
    for (Id id = 10; id < 510; ++id) {
        end(id);
    }
    now += 1h;
    tick();
    BOOST_TEST(kept() == 2U);
    end(2);
    tick();
    BOOST_TEST(kept() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
