#include "relay/broker/pauses.h"

#include <boost/test/unit_test.hpp>

#include <chrono>

using sotto::relay::Pauses;
using sotto::relay::Time;

namespace {

Time at(int ms) {
    return Time(std::chrono::milliseconds(ms));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(pauses)

BOOST_AUTO_TEST_CASE(each_ends_in_its_time) {
    Pauses pauses;
    BOOST_TEST(!pauses.next());
    pauses.add({7, at(200)});
    pauses.add({8, at(100)});
    BOOST_TEST((pauses.next() == at(100)));
    BOOST_TEST(!pauses.take_ended(at(99)));
    BOOST_TEST((pauses.take_ended(at(100)) == 8U));
    BOOST_TEST(!pauses.take_ended(at(199)));
    BOOST_TEST((pauses.take_ended(at(500)) == 7U));
    BOOST_TEST(!pauses.next());
}

BOOST_AUTO_TEST_CASE(of_two_for_the_same_connection_the_later_holds) {
    for (const bool later_first : {true, false}) {
        Pauses pauses;
        pauses.add({7, at(later_first ? 300 : 100)});
        pauses.add({7, at(later_first ? 100 : 300)});
        BOOST_TEST(!pauses.take_ended(at(299)));
        BOOST_TEST((pauses.take_ended(at(300)) == 7U));
        BOOST_TEST(!pauses.take_ended(at(1'000)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
