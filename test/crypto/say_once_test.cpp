#include "crypto/base/say_once.h"

#include "crypto/base/time.h"

#include <boost/test/unit_test.hpp>

namespace base = sotto::base;
using base::MonotonicTime;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(say_once)

BOOST_AUTO_TEST_CASE(a_trouble_that_goes_on_is_said_once_however_long) {
    base::SayOnce<MonotonicTime> trouble(1min);
    MonotonicTime now(5s);
    BOOST_TEST(trouble.is_news(now));
    for (int i = 0; i < 100; ++i) {
        now += 1min;
        BOOST_TEST(!trouble.is_news(now));
    }
}

BOOST_AUTO_TEST_CASE(one_that_had_gone_is_news_again) {
    base::SayOnce<MonotonicTime> trouble(1min);
    BOOST_TEST(trouble.is_news(MonotonicTime(0s)));
    BOOST_TEST(!trouble.is_over(MonotonicTime(60s)));
    BOOST_TEST(trouble.is_over(MonotonicTime(61s)));
    BOOST_TEST(trouble.is_news(MonotonicTime(61s)));
    trouble.end();
    BOOST_TEST(trouble.is_news(MonotonicTime(62s)));
}

BOOST_AUTO_TEST_SUITE_END()
