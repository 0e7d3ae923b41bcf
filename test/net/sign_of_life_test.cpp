// What counts as a sign that a peer lives.
#include "net/websocket/sign_of_life.h"

#include "test/support/print.h"

#include <boost/test/unit_test.hpp>

using sotto::net::Loop;
using sotto::net::SignOfLife;

namespace {

struct Fixture {
    Loop::Clock::time_point at(int seconds) const { return start + std::chrono::seconds(seconds); }
    void heard(int seconds, std::size_t frames, std::size_t bytes) {
        life.heard(at(seconds), frames, bytes);
    }
    bool last_at(int seconds) const { return life.last() == at(seconds); }

    Loop::Clock::time_point start{};
    SignOfLife life{start};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sign_of_life, Fixture)

BOOST_AUTO_TEST_CASE(a_whole_frame_is_a_sign_however_short) {
    heard(5, 1, 2);
    BOOST_TEST(last_at(5));
}

BOOST_AUTO_TEST_CASE(a_byte_of_a_frame_now_and_then_is_none) {
    for (int second = 1; second < 20; ++second) {
        heard(second, 0, 1);
    }
    BOOST_TEST(last_at(0));
}

BOOST_AUTO_TEST_CASE(each_further_1024_bytes_of_a_frame_are_a_sign) {
    heard(5, 0, 1'023);
    BOOST_TEST(last_at(0));
    heard(7, 0, 1);
    BOOST_TEST(last_at(7));
    heard(9, 0, 1'023);
    BOOST_TEST(last_at(7));
    heard(11, 0, 1);
    BOOST_TEST(last_at(11));
}

BOOST_AUTO_TEST_CASE(bytes_before_a_whole_frame_do_not_count_for_the_next) {
    heard(1, 0, 1'000);
    heard(2, 1, 10);
    heard(3, 0, 1'000);
    BOOST_TEST(last_at(2));
}

BOOST_AUTO_TEST_CASE(silence_begins_anew_after_a_pause) {
    life.begin(at(9));
    BOOST_TEST(last_at(9));
}

BOOST_AUTO_TEST_SUITE_END()
