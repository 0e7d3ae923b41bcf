#include "crypto/base/enum_table.h"
#include "crypto/base/invariant.h"

#include <boost/test/unit_test.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

namespace base = sotto::base;

namespace {

enum class Weather { sunny, cloudy, rainy };

struct Row {
    Weather key;
    const char* advice;
};
constexpr base::EnumTable<Weather, Row> kAdvice({
    {Weather::sunny, "a hat"},
    {Weather::cloudy, "nothing"},
    {Weather::rainy, "an umbrella"},
});

static_assert(base::enum_count<Weather> == 3);
static_assert(base::enum_name(Weather::rainy) == "rainy");

}  // namespace

BOOST_AUTO_TEST_SUITE(base_values)

BOOST_AUTO_TEST_CASE(a_table_gives_the_row_of_a_value) {
    BOOST_TEST(kAdvice[Weather::rainy].advice == "an umbrella");
    BOOST_TEST(kAdvice.size() == 3U);
}

BOOST_AUTO_TEST_CASE(a_table_with_a_misplaced_row_is_refused) {
    using Table = base::EnumTable<Weather, Row>;
    const Row rows[] = {{Weather::sunny, ""}, {Weather::rainy, ""}, {Weather::cloudy, ""}};
    BOOST_CHECK_THROW(Table{rows}, std::logic_error);
}

BOOST_AUTO_TEST_CASE(a_number_without_a_name_is_called_a_question_mark) {
    BOOST_TEST(base::enum_name(static_cast<Weather>(7)) == "?");
}

BOOST_AUTO_TEST_CASE(an_array_is_indexed_by_its_enumeration_only) {
    base::EnumArray<Weather, int> days;
    ++days[Weather::cloudy];
    BOOST_TEST(days[Weather::cloudy] == 1);
    BOOST_TEST(days[Weather::sunny] == 0);
    BOOST_CHECK_THROW(days[static_cast<Weather>(7)] = 1, std::out_of_range);
}

BOOST_AUTO_TEST_CASE(a_broken_invariant_ends_a_process_that_checks_them) {
    base::invariant(true, "nothing happens");
    const pid_t child = ::fork();
    BOOST_REQUIRE(child >= 0);
    if (child == 0) {
        std::signal(SIGABRT, SIG_DFL);
        ::close(STDERR_FILENO);
        base::invariant(false, "it is broken");
        ::_exit(0);
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(child, &status, 0) == child);
    BOOST_TEST(base::kChecksInvariants == (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
    BOOST_TEST(base::kChecksInvariants);  // this is a build with tests
}

BOOST_AUTO_TEST_SUITE_END()
