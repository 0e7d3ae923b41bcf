#include "crypto/base/time.h"

#include <boost/test/unit_test.hpp>

#include <limits>
#include <type_traits>

namespace base = sotto::base;
using std::chrono::milliseconds;

namespace {

template <class To, class From>
constexpr bool becomes = std::is_convertible_v<From, To>;

// A time of one clock is none of the other, and neither is a number or a duration.
static_assert(!std::is_constructible_v<base::WallTime, base::MonotonicTime>);
static_assert(!std::is_constructible_v<base::MonotonicTime, base::WallTime>);
static_assert(!becomes<base::WallTime, std::uint64_t>);
static_assert(!becomes<std::uint64_t, base::WallTime>);
static_assert(!becomes<base::MonotonicTime, milliseconds>);
static_assert(!becomes<milliseconds, base::MonotonicTime>);

constexpr auto kLast = std::numeric_limits<std::uint64_t>::max();

}  // namespace

BOOST_AUTO_TEST_SUITE(times)

BOOST_AUTO_TEST_CASE(two_wall_times_are_as_far_apart_in_either_order) {
    BOOST_TEST(base::ms_apart(base::WallTime(5), base::WallTime(12)) == 7U);
    BOOST_TEST(base::ms_apart(base::WallTime(12), base::WallTime(5)) == 7U);
    BOOST_TEST(base::ms_apart(base::WallTime(0), base::WallTime(kLast)) == kLast);
    BOOST_TEST(base::ms_apart(base::WallTime(kLast), base::WallTime(0)) == kLast);
}

BOOST_AUTO_TEST_CASE(a_wall_time_moves_both_ways) {
    const base::WallTime noon(1'000);
    BOOST_TEST((noon + milliseconds(5)).ms() == 1'005U);
    BOOST_TEST((noon - milliseconds(5)).ms() == 995U);
    BOOST_TEST((noon < noon + milliseconds(1)));
}

BOOST_AUTO_TEST_CASE(the_last_wall_time_wraps_around_and_is_not_undefined) {
    BOOST_TEST((base::WallTime(kLast) + milliseconds(1)).ms() == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
