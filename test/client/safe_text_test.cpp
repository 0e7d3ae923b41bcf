#include "tui/client/safe_text.h"

#include <boost/test/unit_test.hpp>

#include <string>

using sotto::client::SafeText;

namespace {

std::string one(std::string_view text) {
    return SafeText::from(text).str();
}
std::string many(std::string_view text) {
    return SafeText::from(text, SafeText::Lines::many).str();
}
std::string repeat(std::string_view what, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) {
        out += what;
    }
    return out;
}
constexpr const char* kBad = "\xEF\xBF\xBD";

}  // namespace

BOOST_AUTO_TEST_SUITE(text_of_others)

BOOST_AUTO_TEST_CASE(that_is_plain_passes_as_it_is) {
    for (const char* text : {"hello", "Grüße", "日本語", "שלום", "e\xCC\x81", "100 %"}) {
        BOOST_TEST(one(text) == text);
    }
}

BOOST_AUTO_TEST_CASE(can_not_drive_the_terminal) {
    BOOST_TEST(one("\x1B[2J") == std::string(kBad) + "[2J");
    BOOST_TEST(one("\x1B]0;owned\x07") == std::string(kBad) + "]0;owned" + kBad);
    BOOST_TEST(one("\xC2\x9B"
                   "2J") == std::string(kBad) + "2J");  // CSI as C1
    BOOST_TEST(one("a\x7F"
                   "b") == std::string("a") + kBad + "b");
    BOOST_TEST(one(std::string_view("a\0b", 3)) == std::string("a") + kBad + "b");
    for (int c = 1; c < 0x20; ++c) {
        const std::string shown = many(std::string(1, static_cast<char>(c)));
        for (const char byte : shown) {
            BOOST_TEST((static_cast<unsigned char>(byte) >= 0x20 || byte == '\n'));
        }
    }
}

BOOST_AUTO_TEST_CASE(can_not_turn_or_hide_what_stands_around_it) {
    // RLO, LRI, PDI, ZWSP, ZWNJ, LRM, word joiner, BOM, soft hyphen, tag A, Hangul filler.
    for (const char* hidden : {"\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA9", "\xE2\x80\x8B",
                               "\xE2\x80\x8C", "\xE2\x80\x8E", "\xE2\x81\xA0", "\xEF\xBB\xBF",
                               "\xC2\xAD", "\xF3\xA0\x81\x81", "\xE3\x85\xA4"}) {
        BOOST_TEST(one(std::string("a") + hidden + "b") == std::string("a") + kBad + "b");
    }
}

BOOST_AUTO_TEST_CASE(keeps_the_joiner_only_inside_a_picture) {
    const std::string family = "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
    const std::string astronaut = "\xF0\x9F\x91\xA9\xF0\x9F\x8F\xBD\xE2\x80\x8D\xF0\x9F\x9A\x80";
    const std::string heart = "\xE2\x9D\xA4\xEF\xB8\x8F";
    BOOST_TEST(one(family) == family);
    BOOST_TEST(one(astronaut) == astronaut);
    BOOST_TEST(one(heart) == heart);
    BOOST_TEST(one("a\xE2\x80\x8D"
                   "b") == "ab");
    BOOST_TEST(one("\xE2\x80\x8D") == "");
}

BOOST_AUTO_TEST_CASE(has_newlines_only_where_they_are_allowed) {
    BOOST_TEST(one("a\nb\r\nc\xE2\x80\xA8"
                   "d\xC2\x85"
                   "e") == "a b c d e");
    BOOST_TEST(many("a\nb\r\nc") == "a\nb\nc");
    BOOST_TEST(one("a\tb") == "a    b");
}

BOOST_AUTO_TEST_CASE(can_not_pile_up_marks) {
    const std::string zalgo = "Z" + repeat("\xCC\x8D", 500) + "!";
    BOOST_TEST(one(zalgo) == "Z" + repeat("\xCC\x8D", 8) + "!");
    BOOST_TEST(one("\xCC\x8D\xCC\x8D"
                   "a") == "a");  // marks on nothing
    // Hangul leading consonants join into one cluster without end.
    BOOST_TEST(one(repeat("\xE1\x84\x80", 1'000)).size() <= 32 * 3);
}

BOOST_AUTO_TEST_CASE(that_is_not_utf8_shows_where_it_is_not) {
    BOOST_TEST(one("a\xFF"
                   "b") == std::string("a") + kBad + "b");
    BOOST_TEST(one("\xC0\x80") == std::string(kBad) + kBad);             // overlong NUL
    BOOST_TEST(one("\xED\xA0\x80") == repeat(kBad, 3));                  // a surrogate
    BOOST_TEST(one("end\xE2\x82") == std::string("end") + kBad + kBad);  // cut off
}

BOOST_AUTO_TEST_CASE(that_is_too_long_is_cut_between_clusters_and_says_so) {
    const std::string letter = "e\xCC\x81";
    const std::string cut = SafeText::from(repeat(letter, 100), SafeText::Lines::one, 20).str();
    BOOST_TEST(cut == repeat(letter, 5) + "\xE2\x80\xA6");
    BOOST_TEST(SafeText::from("exactly", SafeText::Lines::one, 7).str() == "exactly");
    for (std::size_t max = 3; max < 40; ++max) {
        BOOST_TEST(SafeText::from(repeat(letter, 50), SafeText::Lines::one, max).str().size() <=
                   max);
    }
}

BOOST_AUTO_TEST_CASE(made_safe_once_does_not_change_again) {
    const std::string nasty =
        "\x1B[31m\xE2\x80\xAEx\xCC\x81\xCC\x81\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7\xFF\t";
    const std::string safe = one(nasty);
    BOOST_TEST(one(safe) == safe);
}

BOOST_AUTO_TEST_SUITE_END()
