// Section 8. The expected digits were computed by another implementation from the text alone.
#include "crypto/safety_number.h"

#include "crypto/secret.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <numeric>

namespace {

using namespace sotto::crypto;

PublicKey all(std::uint8_t byte) {
    PublicKey out{};
    out.fill(byte);
    return out;
}

struct Two {
    Two() { init(); }
    Party alice{"alice", all(1)};
    Party bob{"bob", all(2)};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(safety_numbers, Two)

BOOST_AUTO_TEST_CASE(two_users_have_the_60_digits_of_the_protocol) {
    BOOST_TEST(safety_number(alice, bob) ==
               "019675601684161937029905244989023894893341874006419703186220");
    PublicKey counting{};
    std::iota(counting.begin(), counting.end(), std::uint8_t{0});
    BOOST_TEST(safety_number({"a.b-c_d", counting}, {"eve", counting}) ==
               "213328570464174787695438768256523157796504708902941077569325");
}

BOOST_AUTO_TEST_CASE(groups_that_begin_with_zeros_keep_them) {
    // The third group of zoe's half is 00887.
    BOOST_TEST(safety_number(alice, {"zoe", all(20)}) ==
               "019675601684161937029905244989442580088759260100927637216213");
}

BOOST_AUTO_TEST_CASE(both_sides_see_the_same_number) {
    BOOST_TEST(safety_number(alice, bob) == safety_number(bob, alice));
}

BOOST_AUTO_TEST_CASE(another_key_or_name_gives_another_number) {
    const std::string number = safety_number(alice, bob);
    Party other = bob;
    other.key[31] ^= 1U;
    BOOST_TEST(safety_number(alice, other) != number);
    other = bob;
    other.name = "bob2";
    BOOST_TEST(safety_number(alice, other) != number);
}

BOOST_AUTO_TEST_SUITE_END()
