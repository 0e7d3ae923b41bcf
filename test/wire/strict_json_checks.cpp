#include "test/wire/strict_json_checks.h"

#include "net/wire/envelope.h"
#include "net/wire/envelope_scan.h"
#include "net/wire/strict_json.h"
#include "test/wire/scan_oracle.h"

#include <boost/test/unit_test.hpp>

namespace sotto::wire::test {

namespace {

/// Where a value may stand: first, in an array, deeper, and beside what a message needs.
std::vector<std::string> around(const std::string& value) {
    return {"{\"v\":" + value + "}", "{\"v\":[" + value + "]}",
            "{\"v\":[0," + value + " ],\"w\":0}",
            "{\"type\":\"relay\",\"v\":{\"v\":" + value + "}}"};
}

}  // namespace

void must_refuse(const std::string& text) {
    const auto checked = check_strict_json(text);
    BOOST_REQUIRE_MESSAGE(!checked.has_value(), text);
    BOOST_TEST((checked.error().verdict == Verdict::close), text);
    const auto from_relay = decode_from_relay(text);
    BOOST_REQUIRE_MESSAGE(!from_relay.has_value(), text);
    BOOST_TEST((from_relay.error().verdict == Verdict::close), text);
    const auto from_client = decode_from_client(text);
    BOOST_REQUIRE_MESSAGE(!from_client.has_value(), text);
    BOOST_TEST((from_client.error().reply.code == ErrorCode::bad_message), text);
    const Scan scan = scan_from_client(text);
    BOOST_TEST((scan.outcome == Scan::Outcome::refuse), text);
    BOOST_TEST((scan.reply->code == ErrorCode::bad_message), text);
    BOOST_TEST(!type_of(text).has_value(), text);
}

void must_accept(const std::string& text) {
    BOOST_TEST(check_strict_json(text).has_value(), text);
    BOOST_TEST(json_cpp(text).has_value(), text);
}

void values_must_be_accepted(const std::vector<std::string>& values) {
    for (const std::string& value : values) {
        for (const std::string& text : around(value)) {
            must_accept(text);
        }
    }
}

void values_must_be_refused(const std::vector<std::string>& values) {
    for (const std::string& value : values) {
        for (const std::string& text : around(value)) {
            must_refuse(text);
        }
    }
}

}  // namespace sotto::wire::test
