// Names that an operator releases, blocks and unblocks while the relay core runs.
#include "test/relay/relay_fixture.h"

#include <boost/test/unit_test.hpp>

using namespace sotto;
using namespace sotto::test;
using wire::ErrorCode;

namespace {

void try_register(RelayHouse& house, RelayHouse::Id id, const std::string& user) {
    house.open(id);
    house.say(id, house.registration(user, id, house.greet(id)));
}

void check_gone(const RelayHouse& house, RelayHouse::Id id, ErrorCode code) {
    const auto error = house.error(id);
    BOOST_REQUIRE(error.has_value());
    BOOST_TEST((error->code == code));
    BOOST_TEST(error->message.find("operator") != std::string::npos, error->message);
    BOOST_TEST((house.closed(id) == wire::CloseCode::policy));
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(names, RelayHouse)

BOOST_AUTO_TEST_CASE(a_released_name_belongs_to_the_next_key_and_its_user_is_sent_away) {
    join(1, "alice");
    join(2, "bob");
    registry.standing = {{"alice", std::nullopt, false}};
    tick();
    check_gone(*this, 1, ErrorCode::not_registered);
    BOOST_TEST((!hub->directory().find("alice")));
    BOOST_TEST(hub->directory().registered() == 1U);
    say(2, message("relay", "bob", "alice"));
    BOOST_TEST((error(2)->code == ErrorCode::not_found));
    signer = "mallory";
    join(3, "alice");
    BOOST_TEST((hub->directory().find("alice")->key == identity("mallory").public_key()));
    signer.clear();
    try_register(*this, 4, "alice");
    BOOST_TEST((error(4)->code == ErrorCode::name_taken));
}

BOOST_AUTO_TEST_CASE(a_release_is_seen_as_going_offline_and_is_in_no_search) {
    join(1, "alice");
    join(2, "bob");
    const auto before = list(2, 0);
    BOOST_REQUIRE(before.has_value());
    registry.standing = {{"alice", std::nullopt, false}};
    tick();
    const auto after = list(2, before->version);
    BOOST_REQUIRE(after.has_value());
    BOOST_REQUIRE_EQUAL(after->offline.size(), 1U);
    BOOST_TEST(after->offline[0] == "alice");
    BOOST_TEST(list(2, 0, "al")->offline.empty());
    BOOST_TEST(list(2, 0, "al")->online.empty());
    join(3, "alice");
    const auto again = list(2, after->version);
    BOOST_REQUIRE_EQUAL(again->online.size(), 1U);
    BOOST_TEST(list(2, 0, "al")->online.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_blocked_name_is_refused_to_its_owner_too_until_it_is_unblocked) {
    join(1, "alice");
    const auto key = identity("alice").public_key();
    registry.standing = {{"alice", key, true}};
    tick();
    check_gone(*this, 1, ErrorCode::name_taken);
    end(1);
    try_register(*this, 2, "alice");
    check_gone(*this, 2, ErrorCode::name_taken);
    BOOST_TEST((hub->directory().find("alice").has_value()));
    registry.standing = {{"alice", key, false}};
    tick();
    join(3, "alice");
    BOOST_TEST((hub->directory().find("alice")->place == relay::Place{0, 0, 3}));
}

BOOST_AUTO_TEST_CASE(a_block_counts_for_a_new_name_at_once_and_costs_none) {
    registry.standing = {{"carol", std::nullopt, true}};
    try_register(*this, 1, "carol");
    check_gone(*this, 1, ErrorCode::name_taken);
    BOOST_TEST(registry.names.empty());
    join(2, "dave");
}

BOOST_AUTO_TEST_CASE(a_block_holds_from_the_start) {
    registry.blocked_names = {"carol"};
    restart();
    try_register(*this, 1, "carol");
    check_gone(*this, 1, ErrorCode::name_taken);
}

BOOST_AUTO_TEST_CASE(a_registry_that_cant_be_read_is_said_once_and_those_who_are_there_go_on) {
    join(1, "alice");
    join(2, "bob");
    registry.unreadable = true;
    const auto complaints = [this] {
        std::size_t count = 0;
        for (const auto& action : out) {
            const auto* note = std::get_if<relay::Note>(&action);
            count += note != nullptr && note->level == relay::Note::Level::error;
        }
        return count;
    };
    tick();
    BOOST_TEST(complaints() == 1U);
    tick();
    BOOST_TEST(complaints() == 0U);
    say(1, message("relay", "alice", "bob"));
    BOOST_TEST(forwarded().size() == 1U);
    join(3, "alice");
    registry.unreadable = false;
    tick();
    registry.unreadable = true;
    tick();
    BOOST_TEST(complaints() == 1U);
}

BOOST_AUTO_TEST_CASE(other_limits_hold_from_the_next_message_on) {
    join(1, "alice");
    relay::Limits limits;
    limits.lookups = {1, 2};
    relay->set_limits(limits);
    BOOST_TEST(list(1, 0).has_value());
    BOOST_TEST(list(1, 0).has_value());
    BOOST_TEST(!list(1, 0).has_value());
    BOOST_TEST((error(1)->code == ErrorCode::rate_limited));
    limits.lookups = {};
    relay->set_limits(limits);
    BOOST_TEST(list(1, 0).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
