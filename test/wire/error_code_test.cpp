#include "net/wire/error_code.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace sotto::wire;

namespace {

/// The table of section 10, written down a second time.
struct Row {
    std::string name;
    ErrorCode code;
    std::optional<CloseCode> closes;
};
const std::vector<Row> kSection10{
    {"bad_message", ErrorCode::bad_message, CloseCode::policy},
    {"unknown_type", ErrorCode::unknown_type, {}},
    {"too_large", ErrorCode::too_large, CloseCode::too_large},
    {"unsupported_version", ErrorCode::unsupported_version, CloseCode::policy},
    {"not_registered", ErrorCode::not_registered, CloseCode::policy},
    {"already_registered", ErrorCode::already_registered, CloseCode::policy},
    {"bad_signature", ErrorCode::bad_signature, CloseCode::policy},
    {"bad_name", ErrorCode::bad_name, CloseCode::policy},
    {"name_taken", ErrorCode::name_taken, CloseCode::policy},
    {"replaced", ErrorCode::replaced, CloseCode::policy},
    {"forbidden", ErrorCode::forbidden, CloseCode::policy},
    {"not_found", ErrorCode::not_found, {}},
    {"offline", ErrorCode::offline, {}},
    {"busy", ErrorCode::busy, {}},
    {"rate_limited", ErrorCode::rate_limited, {}},
    {"shutting_down", ErrorCode::shutting_down, CloseCode::going_away},
    {"internal", ErrorCode::internal, {}},
};

}  // namespace

BOOST_AUTO_TEST_SUITE(error_codes)

BOOST_AUTO_TEST_CASE(the_table_is_that_of_section_10_in_its_order) {
    BOOST_REQUIRE_EQUAL(error_table().size(), kSection10.size());
    for (std::size_t i = 0; i < kSection10.size(); ++i) {
        const ErrorRow& row = error_table()[i];
        BOOST_TEST(row.name == kSection10[i].name);
        BOOST_TEST((row.key == kSection10[i].code), row.name);
        BOOST_TEST((row.closes == kSection10[i].closes), row.name);
        BOOST_TEST(!row.meaning.empty(), row.name);
        BOOST_TEST((error_code(row.name) == row.key), row.name);
        BOOST_TEST((&row_of(row.key) == &row), row.name);
    }
}

BOOST_AUTO_TEST_CASE(a_name_that_is_not_in_the_table_is_no_code) {
    for (const std::string name : {"", "Offline", "offline ", "off", "bad-message", "1008"}) {
        BOOST_TEST(!error_code(name).has_value(), name);
    }
}

BOOST_AUTO_TEST_CASE(close_codes_are_those_of_rfc_6455) {
    BOOST_TEST(static_cast<int>(CloseCode::normal) == 1000);
    BOOST_TEST(static_cast<int>(CloseCode::going_away) == 1001);
    BOOST_TEST(static_cast<int>(CloseCode::unsupported_data) == 1003);
    BOOST_TEST(static_cast<int>(CloseCode::invalid_utf8) == 1007);
    BOOST_TEST(static_cast<int>(CloseCode::policy) == 1008);
    BOOST_TEST(static_cast<int>(CloseCode::too_large) == 1009);
}

BOOST_AUTO_TEST_SUITE_END()
