#include "net/wire/strict_json.h"

#include <boost/test/unit_test.hpp>

#include <cstdint>
#include <string>
#include <vector>

using sotto::wire::check_strict_json;

namespace {

bool accepted(const std::string& inner) {
    return check_strict_json("{\"v\":\"" + inner + "\"}").has_value();
}

bool accepted_as_key(const std::string& inner) {
    return check_strict_json("{\"" + inner + "\":1}").has_value();
}

/// UTF-8 by its definition (RFC 3629 section 3), apart from how the code does it.
std::string utf8(std::uint32_t point) {
    std::string tail;
    std::uint32_t limit = 0x40;  // what the lead byte can hold beside `tail`
    std::uint32_t lead = 0x80;
    while (point >= (tail.empty() ? 0x80U : limit)) {
        tail.insert(tail.begin(), static_cast<char>(0x80 | (point & 0x3FU)));
        point >>= 6U;
        lead = 0x80 | lead >> 1U;
        limit >>= 1U;
    }
    return tail.empty() ? std::string(1, static_cast<char>(point))
                        : static_cast<char>(lead | point) + tail;
}

std::string bytes(std::initializer_list<unsigned> values) {
    std::string out;
    for (const unsigned value : values) {
        out += static_cast<char>(value);
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(utf_8)

BOOST_AUTO_TEST_CASE(every_scalar_value_is_accepted_and_every_surrogate_refused) {
    std::size_t wrong = 0;
    for (std::uint32_t point = 0x20; point <= 0x10FFFF; ++point) {
        if (point == '"' || point == '\\') {
            continue;
        }
        const bool scalar = point < 0xD800 || point > 0xDFFF;
        wrong += accepted(utf8(point)) != scalar;
    }
    BOOST_TEST(wrong == 0U);
    for (std::uint32_t point = 0x110000; point < 0x200000; point += 0xFFF) {
        BOOST_TEST(!accepted(utf8(point)), point);
    }
}

BOOST_AUTO_TEST_CASE(every_two_byte_sequence_is_judged_by_the_definition) {
    std::vector<bool> good(0x10000, false);
    for (std::uint32_t point = 0x80; point < 0x800; ++point) {
        const std::string text = utf8(point);
        BOOST_REQUIRE_EQUAL(text.size(), 2U);
        good[static_cast<std::size_t>(static_cast<std::uint8_t>(text[0])) << 8U |
             static_cast<std::uint8_t>(text[1])] = true;
    }
    std::size_t wrong = 0;
    for (unsigned lead = 0x80; lead < 0x100; ++lead) {
        for (unsigned next = 0; next < 0x100; ++next) {
            wrong += accepted(bytes({lead, next})) != good[lead << 8U | next];
        }
    }
    BOOST_TEST(wrong == 0U);
}

BOOST_AUTO_TEST_CASE(the_edges_of_every_row_of_the_definition_hold) {
    // first byte, least and greatest second byte, bytes behind it (RFC 3629 section 4)
    struct Row {
        unsigned first, last, low, high, more;
    };
    for (const Row& row : {Row{0xC2, 0xDF, 0x80, 0xBF, 0}, Row{0xE0, 0xE0, 0xA0, 0xBF, 1},
                           Row{0xE1, 0xEC, 0x80, 0xBF, 1}, Row{0xED, 0xED, 0x80, 0x9F, 1},
                           Row{0xEE, 0xEF, 0x80, 0xBF, 1}, Row{0xF0, 0xF0, 0x90, 0xBF, 2},
                           Row{0xF1, 0xF3, 0x80, 0xBF, 2}, Row{0xF4, 0xF4, 0x80, 0x8F, 2}}) {
        for (unsigned first = row.first; first <= row.last; ++first) {
            for (unsigned second = 0x70; second < 0x100; ++second) {
                const std::string start = bytes({first, second});
                const bool good = second >= row.low && second <= row.high;
                BOOST_TEST(accepted(start + std::string(row.more, '\x80')) == good);
                BOOST_TEST(accepted(start + std::string(row.more, '\xBF')) == good);
                BOOST_TEST(accepted_as_key(start + std::string(row.more, '\xBF')) == good);
                for (std::size_t short_by = 1; short_by <= row.more; ++short_by) {
                    BOOST_TEST(!accepted(start + std::string(row.more - short_by, '\xBF')));
                    BOOST_TEST(!accepted(start + std::string(row.more - short_by, '\xBF') + "a"));
                }
                BOOST_TEST(!accepted(start + std::string(row.more + 1, '\xBF')));
            }
        }
    }
    for (const unsigned never : {0x80U, 0xBFU, 0xC0U, 0xC1U, 0xF5U, 0xF8U, 0xFCU, 0xFEU, 0xFFU}) {
        for (std::size_t more = 0; more <= 5; ++more) {
            BOOST_TEST(!accepted(bytes({never}) + std::string(more, '\xBF')), never);
        }
    }
}

BOOST_AUTO_TEST_CASE(no_sequence_reads_over_the_end_of_the_text) {
    for (const char* tail : {"\xC3", "\xE2", "\xE2\x82", "\xF0", "\xF0\x9F", "\xF0\x9F\x98"}) {
        // An exact allocation, so that the address sanitizer sees one byte too many.
        const std::string text = std::string("{\"v\":\"") + tail;
        const std::vector<char> exact(text.begin(), text.end());
        BOOST_TEST(!check_strict_json({exact.data(), exact.size()}).has_value());
    }
}

BOOST_AUTO_TEST_SUITE_END()
