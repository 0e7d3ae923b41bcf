#include "net/loop/fair_queue.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace sotto::net;

namespace {

struct Queue : FairQueue<const std::string> {
    std::string a1 = "a1", a2 = "a2", a3 = "a3", b1 = "b1", b2 = "b2", c1 = "c1";

    void join(const std::string& who) { add(who, who.substr(0, 1), Place::back); }
    std::vector<std::string> rest() {
        std::vector<std::string> all;
        while (const std::string* next = take()) {
            all.push_back(*next);
        }
        return all;
    }
};

using Names = std::vector<std::string>;

}  // namespace

BOOST_FIXTURE_TEST_SUITE(fair_queue, Queue)

BOOST_AUTO_TEST_CASE(who_comes_first_in_a_group_is_first) {
    for (const auto* who : {&a1, &a2, &a3}) {
        join(*who);
    }
    BOOST_TEST(rest() == (Names{"a1", "a2", "a3"}), boost::test_tools::per_element());
    BOOST_TEST(empty());
}

BOOST_AUTO_TEST_CASE(groups_take_turns) {
    for (const auto* who : {&a1, &a2, &a3, &b1, &b2, &c1}) {
        join(*who);
    }
    BOOST_TEST(rest() == (Names{"a1", "b1", "c1", "a2", "b2", "a3"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_comes_waits_for_one_of_each_other_group) {
    join(a1);
    join(a2);
    BOOST_TEST(*take() == "a1");
    join(b1);
    join(a3);
    BOOST_TEST(rest() == (Names{"a2", "b1", "a3"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(the_front_is_that_of_the_own_group) {
    join(a1);
    join(b1);
    add(b2, "b", Place::front);
    BOOST_TEST(rest() == (Names{"a1", "b2", "b1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_is_added_again_moves) {
    join(a1);
    join(a2);
    add(a2, "a", Place::front);
    BOOST_TEST(rest() == (Names{"a2", "a1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(who_is_removed_is_not_taken) {
    for (const auto* who : {&a1, &a2, &b1}) {
        join(*who);
    }
    remove(b1);
    remove(a1);
    remove(c1);  // never there
    BOOST_TEST(rest() == (Names{"a2"}), boost::test_tools::per_element());
    join(b1);
    BOOST_TEST(rest() == (Names{"b1"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
