#include "crypto/base/hex.h"

#include "crypto/base/protocol_values.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

namespace base = sotto::base;

BOOST_AUTO_TEST_SUITE(hex_digits)

BOOST_AUTO_TEST_CASE(every_octet_comes_back) {
    std::vector<std::uint8_t> all(256);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i] = static_cast<std::uint8_t>(i);
    }
    const std::string text = base::hex(all);
    BOOST_TEST(text.substr(0, 8) == "00010203");
    BOOST_TEST(text.substr(504) == "fcfdfeff");
    std::vector<std::uint8_t> back(256);
    BOOST_TEST(base::read_hex(text, back));
    BOOST_TEST((back == all));
}

BOOST_AUTO_TEST_CASE(either_case_is_read) {
    BOOST_TEST(
        (base::from_hex<base::ChatId>("00ff0AbBcCdDeEf00000000000000001") ==
         base::ChatId{0x00, 0xFF, 0x0A, 0xBB, 0xCC, 0xDD, 0xEE, 0xF0, 0, 0, 0, 0, 0, 0, 0, 1}));
}

BOOST_AUTO_TEST_CASE(another_length_or_another_character_is_no_value) {
    const std::string good(32, 'a');
    BOOST_TEST(base::from_hex<base::ChatId>(good).has_value());
    for (const std::string& bad : {std::string(), std::string(31, 'a'), std::string(33, 'a'),
                                   std::string(34, 'a'), " " + good.substr(1)}) {
        BOOST_TEST(!base::from_hex<base::ChatId>(bad).has_value(), bad);
    }
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (const char other : {'g', 'G', '/', ':', '@', '`', ' ', '\0', '\xE1'}) {
            std::string bad = good;
            bad[at] = other;
            BOOST_TEST(!base::from_hex<base::ChatId>(bad).has_value(), bad);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
