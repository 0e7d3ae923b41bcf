#include "test/relay/relay_fixture.h"

#include <boost/test/unit_test.hpp>

using namespace sotto;
using test::RelayHouse;
using wire::CloseCode;
using wire::ErrorCode;

BOOST_TEST_DONT_PRINT_LOG_VALUE(wire::ErrorCode)
BOOST_TEST_DONT_PRINT_LOG_VALUE(wire::CloseCode)

namespace {

const std::string kHello = R"({"type":"hello","versions":[1],"software":"test"})";

void refused(const RelayHouse& house, RelayHouse::Id id, ErrorCode code, const std::string& re) {
    const auto error = house.error(id);
    BOOST_REQUIRE(error.has_value());
    BOOST_TEST(*error->code == code, "got " << error->code_name);
    BOOST_TEST(error->re == re);
    BOOST_REQUIRE(house.closed(id).has_value());
    BOOST_TEST((*house.closed(id) == CloseCode::policy));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(registration)

BOOST_FIXTURE_TEST_CASE(hello_names_version_limits_and_a_nonce_of_its_own_each_time, RelayHouse) {
    open(1);
    const auto first = greet(1);
    const auto text = sent(1).front();
    BOOST_TEST(text.find(R"("limits":{"max_message":65536,"poll_seconds":5})") !=
               std::string::npos);
    BOOST_TEST(text.find(R"("version":1)") != std::string::npos);
    open(2);
    BOOST_TEST((greet(2) != first));
}

BOOST_FIXTURE_TEST_CASE(the_first_key_owns_the_name_durably_before_ok_is_sent, RelayHouse) {
    join(1, "alice");
    BOOST_REQUIRE_EQUAL(registry.names.size(), 1U);
    BOOST_TEST(registry.names[0].user == "alice");
    BOOST_TEST((registry.names[0].key == identity("alice").public_key()));
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_refuses_a_new_name_and_an_owner_may_still_come, RelayHouse) {
    join(1, "alice");
    registry.disk_full = true;
    open(2);
    say(2, registration("bob", 2, greet(2)));
    refused(*this, 2, ErrorCode::internal, "register");
    BOOST_TEST((!hub->directory().find("bob")));
    join(3, "alice");
}

BOOST_FIXTURE_TEST_CASE(another_key_gets_name_taken_also_after_a_restart, RelayHouse) {
    join(1, "alice");
    restart();
    open(2);
    signer = "mallory";
    say(2, registration("alice", 2, greet(2)));
    refused(*this, 2, ErrorCode::name_taken, "register");
}

BOOST_FIXTURE_TEST_CASE(a_registration_forwarded_to_another_connection_fails, RelayHouse) {
    open(1);
    const auto nonce = greet(1);
    const auto stolen = registration("alice", 2, nonce);  // signed over connection 2's exporter
    say(1, stolen);
    refused(*this, 1, ErrorCode::bad_signature, "register");
    BOOST_TEST(registry.names.empty());
}

BOOST_FIXTURE_TEST_CASE(a_registration_made_for_another_relay_key_fails, RelayHouse) {
    open(1);
    const auto nonce = greet(1);
    pin.fill(0x51);  // what the client saw is not what the relay uses
    say(1, registration("alice", 1, nonce));
    refused(*this, 1, ErrorCode::bad_signature, "register");
}

BOOST_FIXTURE_TEST_CASE(a_replayed_registration_fails_on_the_new_nonce, RelayHouse) {
    open(1);
    const auto old = registration("alice", 1, greet(1));
    say(1, old);
    BOOST_TEST(!closed(1).has_value());
    end(1);
    open(1);  // even with the same exporter
    (void)greet(1);
    say(1, old);
    refused(*this, 1, ErrorCode::bad_signature, "register");
}

BOOST_FIXTURE_TEST_CASE(a_reloaded_certificate_binds_new_connections_only, RelayHouse) {
    open(1);
    const auto before = registration("alice", 1, greet(1));
    base::Pin renewed;
    renewed.fill(0x77);
    relay->set_pin(renewed);
    say(1, before);
    BOOST_TEST(!closed(1).has_value());
    pin = renewed;
    join(2, "bob");
}

BOOST_FIXTURE_TEST_CASE(checks_come_in_order_form_name_signature_owner, RelayHouse) {
    join(1, "alice");
    open(2);
    (void)greet(2);
    say(2, R"({"type":"register","user":"NOT A NAME","identity":"AA==","signature":"AA=="})");
    refused(*this, 2, ErrorCode::bad_message, "register");
    open(3);
    signer = "mallory";
    auto text = registration("Alice", 3, greet(3));
    say(3, text);
    refused(*this, 3, ErrorCode::bad_name, "register");
    open(4);
    (void)greet(4);
    say(4, registration("alice", 4, base::RelayNonce{}));  // wrong nonce and someone else's name
    refused(*this, 4, ErrorCode::bad_signature, "register");
}

BOOST_FIXTURE_TEST_CASE(the_same_key_replaces_the_older_connection_and_is_listed_anew, RelayHouse) {
    join(1, "alice");
    join(9, "bob");
    const auto version = hub->directory().version();
    open(2);
    say(2, registration("alice", 2, greet(2)));
    refused(*this, 1, ErrorCode::replaced, "");
    BOOST_TEST(sent(2).size() == 1U);
    end(1);  // the old one's end takes nobody offline
    BOOST_TEST((hub->directory().find("alice")->place == relay::Place{0, 0, 2}));
    BOOST_TEST(hub->directory().version() == version + 1);
    const auto changed = list(9, version);  // so its peers know that their sessions are over
    BOOST_REQUIRE(changed.has_value());
    BOOST_TEST((changed->online == std::vector<std::string>{"alice"}));
    BOOST_TEST(changed->offline.empty());
    say(9, test::message("relay", "bob", "alice"));
    BOOST_TEST((forwarded() == std::vector<Id>{2}));
}

BOOST_FIXTURE_TEST_CASE(a_connection_that_is_closing_is_not_heard_any_more, RelayHouse) {
    join(1, "alice");
    join(2, "bob");
    join(3, "alice");
    say(1, test::message("relay", "alice", "bob"));
    BOOST_TEST(out.empty());
}

BOOST_FIXTURE_TEST_CASE(every_message_before_ok_but_the_expected_one_is_not_registered,
                        RelayHouse) {
    const std::string lookup = R"({"type":"get_pubkey","id":7,"user":"bob"})";
    const std::vector<std::pair<std::string, std::string>> early{
        {"get_pubkey", lookup},
        {"user_list", R"({"type":"user_list","id":8,"since":0})"},
        {"relay", test::message("relay", "alice", "bob")},
        {"chat_request", R"({"type":"chat_request"})"},
        {"sing", R"({"type":"sing"})"}};
    Id id = 10;
    for (const bool greeted : {false, true}) {
        for (const auto& [type, text] : early) {
            open(++id);
            if (greeted) {
                (void)greet(id);
            }
            say(id, text);
            refused(*this, id, ErrorCode::not_registered, type);
        }
    }
    open(++id);
    say(id, registration("alice", id, base::RelayNonce{}));
    refused(*this, id, ErrorCode::not_registered, "register");
}

BOOST_FIXTURE_TEST_CASE(a_second_hello_is_bad_and_a_second_register_already_registered,
                        RelayHouse) {
    open(1);
    (void)greet(1);
    say(1, kHello);
    refused(*this, 1, ErrorCode::bad_message, "hello");
    open(2);
    const auto nonce = greet(2);
    const auto text = registration("alice", 2, nonce);
    say(2, text);
    say(2, text);
    refused(*this, 2, ErrorCode::already_registered, "register");
    join(3, "bob");
    say(3, kHello);
    refused(*this, 3, ErrorCode::bad_message, "hello");
}

BOOST_FIXTURE_TEST_CASE(no_common_version_is_said_and_a_newer_client_may_still_offer_ours,
                        RelayHouse) {
    open(1);
    say(1, R"({"type":"hello","versions":[2,3],"software":"x"})");
    refused(*this, 1, ErrorCode::unsupported_version, "hello");
    open(2);
    say(2, R"({"type":"hello","versions":[2,1],"software":"x"})");
    BOOST_TEST(!closed(2).has_value());
}

BOOST_FIXTURE_TEST_CASE(who_has_not_registered_in_time_is_closed_and_who_has_is_not, RelayHouse) {
    open(1);
    (void)greet(1);
    join(2, "bob");
    now += std::chrono::milliseconds(9'999);
    tick();
    BOOST_TEST(out.empty());
    now += std::chrono::milliseconds(1);
    tick();
    BOOST_TEST(closed(1).has_value());
    BOOST_TEST(!closed(2).has_value());
}

BOOST_FIXTURE_TEST_CASE(the_ten_seconds_count_from_accept_not_from_the_upgrade, RelayHouse) {
    open(1, now - std::chrono::seconds(9));
    now += std::chrono::seconds(1);
    tick();
    BOOST_TEST(closed(1).has_value());
}

BOOST_FIXTURE_TEST_CASE(deadlines_count_from_accept_also_when_connections_open_in_another_order,
                        RelayHouse) {
    open(1, now);
    open(2, now - std::chrono::seconds(9));  // its handshake took longer
    now += std::chrono::seconds(1);
    tick();
    BOOST_TEST(!closed(1).has_value());
    BOOST_TEST(closed(2).has_value());
}

BOOST_FIXTURE_TEST_CASE(who_was_refused_is_not_closed_again_at_the_deadline, RelayHouse) {
    open(1);
    say(1, "nothing");
    BOOST_TEST(closed(1).has_value());
    now += std::chrono::seconds(10);
    tick();
    BOOST_TEST(out.empty());
}

BOOST_FIXTURE_TEST_CASE(what_is_refused_before_registration_is_named_with_receiver_and_chat,
                        RelayHouse) {
    Id id = 0;
    for (const char* type : {"relay", "chat_request", "chat_response", "chat_terminate"}) {
        for (const bool greeted : {false, true}) {
            open(++id);
            if (greeted) {
                (void)greet(id);
            }
            say(id, test::message(type, "alice", "bob"));
            refused(*this, id, ErrorCode::not_registered, type);
            BOOST_TEST((error(id)->to == "bob"), type);
            BOOST_TEST(error(id)->chat.has_value(), type);
            BOOST_TEST((error(id)->id == 7), type);
        }
    }
}

BOOST_FIXTURE_TEST_CASE(registrations_of_one_address_are_limited_and_others_may_still_come,
                        RelayHouse) {
    options.limits.registrations = {1, 3};
    restart();
    for (Id id = 1; id <= 3; ++id) {
        join(id, "alice");
    }
    open(4);
    say(4, registration("alice", 4, greet(4)));
    refused(*this, 4, ErrorCode::rate_limited, "register");
    BOOST_TEST(held_back(relay::Limit::registrations) == 1U);
    address = "192.0.2.1";
    join(5, "alice");
    address = "127.0.0.1";
    now += std::chrono::seconds(1);
    join(6, "alice");
}

BOOST_FIXTURE_TEST_CASE(new_names_of_one_address_are_limited_and_known_ones_may_still_come,
                        RelayHouse) {
    join(1, "alice");
    options.limits.new_names = {0.1, 2};
    restart();
    join(2, "bob");
    join(3, "carol");
    open(4);
    say(4, registration("dave", 4, greet(4)));
    refused(*this, 4, ErrorCode::rate_limited, "register");
    BOOST_TEST(held_back(relay::Limit::new_names) == 1U);
    BOOST_TEST(registry.names.size() == 3U);
    join(5, "alice");
    now += std::chrono::seconds(10);
    join(6, "dave");
}

BOOST_FIXTURE_TEST_CASE(past_the_names_in_all_no_new_one_is_taken_and_known_ones_may_still_come,
                        RelayHouse) {
    options.limits.max_names = 2;
    restart();
    join(1, "alice");
    join(2, "bob");
    address = "192.0.2.1";
    open(3);
    say(3, registration("carol", 3, greet(3)));
    refused(*this, 3, ErrorCode::rate_limited, "register");
    BOOST_TEST(held_back(relay::Limit::max_names) == 1U);
    BOOST_TEST(held_back(relay::Limit::new_names) == 0U);
    BOOST_TEST(registry.names.size() == 2U);
    join(4, "alice");
    options.limits.max_names = 0;
    restart();
    join(5, "carol");
}

BOOST_FIXTURE_TEST_CASE(no_version_is_given_out_that_could_not_be_reserved, RelayHouse) {
    hub_options.version_block = 20;
    restart();
    registry.disk_full = true;
    registry.names.push_back({"alice", identity("alice").public_key()});
    registry.names.push_back({"bob", identity("bob").public_key()});
    registry.disk_full = false;
    restart();
    registry.disk_full = true;
    join(1, "alice");
    Id id = 2;
    bool refusal = false;
    while (!refusal && id < 40) {  // bob comes and goes
        open(++id);
        say(id, registration("bob", id, greet(id)));
        refusal = error(id).has_value();
        end(id);
        tick();
    }
    BOOST_TEST(refusal);
    end(1);
    BOOST_TEST(hub->directory().version() < registry.reserved);
    registry.disk_full = false;
    tick();
    join(50, "bob");
}

BOOST_FIXTURE_TEST_CASE(a_long_type_is_refused_and_not_repeated, RelayHouse) {
    for (const std::size_t size : {64U, 65U, 60'000U}) {
        const std::string type(size, 'x');
        open(size);
        say(size, R"({"type":")" + type + R"("})");
        refused(*this, size, ErrorCode::not_registered, size == 64 ? type : "");
    }
}

BOOST_AUTO_TEST_SUITE_END()
