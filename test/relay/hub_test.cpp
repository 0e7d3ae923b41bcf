// The hub and its directory by themselves: who owns a name, whatever a relay believes of it.
#include "relay/core/hub.h"

#include "test/sim/memory_registry.h"

#include <boost/test/unit_test.hpp>

using namespace sotto;
using relay::Claim;
using relay::Claimed;
using relay::Directory;
using relay::IdentityKey;
using relay::Place;

namespace {

struct Shared {
    [[nodiscard]] static IdentityKey key(std::uint8_t number) {
        IdentityKey out;
        out.fill(number);
        return out;
    }
    sim::MemoryRegistry registry;
    relay::Hub hub{registry};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hubs, Shared)

BOOST_AUTO_TEST_CASE(of_two_claims_at_once_for_one_name_the_first_owns_it) {
    const auto round = hub.attend(
        {Claim{Place{0, 0, 1}, "alice", key(1), {}}, Claim{Place{0, 0, 2}, "alice", key(2), {}}});
    BOOST_REQUIRE(round.claimed.size() == 2U);
    BOOST_TEST((round.claimed[0].result == Claimed::Result::owned));
    BOOST_TEST((round.claimed[1].result == Claimed::Result::taken));
    BOOST_TEST((hub.directory().find("alice")->key == key(1)));
}

BOOST_AUTO_TEST_CASE(a_name_that_the_registry_knows_as_anothers_is_taken) {
    registry.names.push_back({"alice", key(1)});  // behind the hub's back
    const auto round = hub.attend({Claim{Place{0, 0, 2}, "alice", key(2), {}}});
    BOOST_TEST((round.claimed.at(0).result == Claimed::Result::taken));
    BOOST_TEST(!hub.directory().find("alice").has_value());
}

BOOST_AUTO_TEST_CASE(under_a_name_of_another_key_nobody_goes_online) {
    hub.directory().add("alice", key(1));
    const auto other = hub.directory().arrive("alice", key(2), Place{0, 0, 2});
    BOOST_REQUIRE(!other.has_value());
    BOOST_TEST((other.error() == Directory::Refused::not_the_owner));
    BOOST_TEST(!hub.directory().find("alice")->place.has_value());
    BOOST_TEST(hub.directory().arrive("alice", key(1), Place{0, 0, 1}).has_value());
}

BOOST_AUTO_TEST_CASE(under_a_name_that_was_blocked_meanwhile_nobody_goes_online) {
    hub.directory().add("alice", key(1));
    hub.directory().set_blocked("alice", true);
    const auto owner = hub.directory().arrive("alice", key(1), Place{0, 0, 1});
    BOOST_REQUIRE(!owner.has_value());
    BOOST_TEST((owner.error() == Directory::Refused::blocked));
    BOOST_TEST(!hub.directory().find("alice")->place.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
