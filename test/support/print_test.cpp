#include "test/support/print.h"

#include "crypto/bytes.h"
#include "crypto/suite.h"
#include "relay/core/counters.h"
#include "tui/client/event.h"

#include <sstream>
#include <string>

using namespace sotto;
using namespace std::chrono_literals;

namespace {

template <class T>
std::string shown(const T& value) {
    std::ostringstream out;
    test::print::put(out, value);
    return out.str();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(what_a_failed_comparison_shows)

BOOST_AUTO_TEST_CASE(enumerations_show_their_names) {
    BOOST_TEST(shown(client::ChatState::key_changed) == "key_changed");
    BOOST_TEST(shown(relay::Limit::lookups) == "lookups");
    BOOST_TEST(shown(crypto::Suite::x25519_mlkem768) == "2");
    BOOST_TEST(client::Trust::verified == client::Trust::verified);
}

BOOST_AUTO_TEST_CASE(keys_and_ids_show_hex) {
    const std::array<std::uint8_t, 3> id{0, 0x1f, 0xa0};
    BOOST_TEST(shown(id) == "001fa0");
    BOOST_TEST(shown(std::vector<std::uint8_t>{1, 2}) == "0102");
    BOOST_TEST(shown(base::WallTime(17)) == "17 ms since 1970");
    BOOST_TEST(shown(base::Octets<3, struct Tag>{0, 0x1f, 0xa0}) == "001fa0");
    BOOST_TEST(id == id);
    const crypto::ChatId chat{0xab, 1};
    BOOST_TEST(shown(chat) == "ab01" + std::string(28, '0'));
    BOOST_TEST(chat == chat);
}

BOOST_AUTO_TEST_CASE(lists_optionals_pairs_and_times_show_what_they_hold) {
    using Words = std::vector<std::string>;
    BOOST_TEST(shown(Words{}) == "[]");
    BOOST_TEST(shown(Words{"one", "two"}) == "[one, two]");
    BOOST_TEST(shown(std::optional<int>()) == "nothing");
    BOOST_TEST(shown(std::optional(client::Link::offline)) == "offline");
    BOOST_TEST(shown(std::pair(1, Words{"x"})) == "(1, [x])");
    BOOST_TEST(shown(250ms) == "250 ms");
    BOOST_TEST(Words{"one"} == Words{"one"});
    BOOST_TEST(std::optional(2) == 2);
    BOOST_TEST(std::optional<int>() == std::nullopt);
    BOOST_TEST(2s == 2'000ms);
}

BOOST_AUTO_TEST_SUITE_END()
