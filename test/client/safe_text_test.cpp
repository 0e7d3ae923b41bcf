#include "tui/client/safe_text.h"

#include "crypto/base/utf8.h"
#include "test/support/print.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <string>
#include <utility>
#include <vector>

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
std::string utf8(std::uint32_t c) {
    const auto tail = [c](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
        return {static_cast<char>(c)};
    }
    if (c < 0x800) {
        return {static_cast<char>(0xC0 | (c >> 6)), tail(0)};
    }
    if (c < 0x10000) {
        return {static_cast<char>(0xE0 | (c >> 12)), tail(6), tail(0)};
    }
    return {static_cast<char>(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

/// Controls, bidi controls, joiners, invisible operators, fillers, selectors, tags.
bool is_hidden(std::uint32_t c) {
    static constexpr std::pair<std::uint32_t, std::uint32_t> kRanges[] = {
        {0x00, 0x1F},       {0x7F, 0x9F},       {0xAD, 0xAD},      {0x34F, 0x34F},
        {0x61C, 0x61C},     {0x115F, 0x1160},   {0x17B4, 0x17B5},  {0x180B, 0x180F},
        {0x200B, 0x200F},   {0x2028, 0x202E},   {0x2060, 0x206F},  {0x3164, 0x3164},
        {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},   {0xFFA0, 0xFFA0},  {0xFFF0, 0xFFFB},
        {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};
    return std::any_of(std::begin(kRanges), std::end(kRanges),
                       [c](const auto& range) { return range.first <= c && c <= range.second; });
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

BOOST_AUTO_TEST_CASE(keeps_a_variation_selector_only_where_it_shows) {
    const std::string vs15 = "\xEF\xB8\x8E";
    const std::string vs16 = "\xEF\xB8\x8F";
    const std::string heart = "\xE2\x9D\xA4";
    const std::string keycap = "1" + vs16 + "\xE2\x83\xA3";
    BOOST_TEST(one(heart + vs15) == heart + vs15);
    BOOST_TEST(one(heart + vs16 + vs16 + vs15) == heart + vs16);
    BOOST_TEST(one(keycap) == keycap);
    // On a letter it hides: names that look the same would be different.
    BOOST_TEST(one("bob" + vs16) == "bob");
    BOOST_TEST(one(vs16) == "");
    BOOST_TEST(one(heart + "\xEF\xB8\x80") == heart);                   // VS1
    BOOST_TEST(one("\xE8\x91\x9B\xF3\xA0\x84\x80") == "\xE8\x91\x9B");  // VS17
}

BOOST_AUTO_TEST_CASE(drops_the_tags_of_a_flag) {
    const std::string flag = "\xF0\x9F\x8F\xB4";
    BOOST_TEST(one(flag + "\xF3\xA0\x81\xA7\xF3\xA0\x81\xBF") == flag);
    BOOST_TEST(one(flag + "x\xF3\xA0\x81\xA7") == flag + "x" + kBad);
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

BOOST_AUTO_TEST_CASE(holds_no_character_that_is_not_seen) {
    for (std::uint32_t c = 1; c <= 0x10FFFF; ++c) {
        if (c >= 0xD800 && c <= 0xDFFF) {
            continue;  // no characters: see what is not UTF-8
        }
        const std::string letter = utf8(c);
        const std::string safe = many("a" + letter + "b");
        const bool passed = safe == "a" + letter + "b";
        const bool gone = safe == "ab";
        const bool replaced = safe == std::string("a") + kBad + "b";
        const bool blank = safe == "a\nb" || safe == "a    b";
        BOOST_REQUIRE(passed || gone || replaced || blank);
        BOOST_REQUIRE(!passed || c == '\n' || !is_hidden(c));
    }
}

BOOST_AUTO_TEST_CASE(keeps_its_promises_whatever_comes) {
    const std::vector<std::string> pieces = {"a",
                                             "word ",
                                             "\n",
                                             "\r",
                                             "\t",
                                             "\x1B[2J",
                                             "\x9B",
                                             "\xC2\x9B",
                                             "\xFF",
                                             "\xE2\x82",
                                             "\xED\xA0\x80",
                                             "\xF4\x90\x80\x80",
                                             "\xCC\x81",
                                             "\xE2\x80\x8D",
                                             "\xEF\xB8\x8F",
                                             "\xF0\x9F\x91\xA9",
                                             "\xF0\x9F\x8F\xBD",
                                             "\xF0\x9F\x87\xA9",
                                             "\xE1\x84\x80",
                                             "\xE1\x85\xA1",
                                             "\xE2\x80\xAE",
                                             "\xF3\xA0\x81\xA7",
                                             "\xF0\x9F\x8F\xB4",
                                             "\xE2\x83\xA3",
                                             "1",
                                             "\xD8\x80",
                                             "\xE0\xA4\xBF",
                                             "\xE3\x85\xA4"};
    std::mt19937 random(23);
    for (int round = 0; round < 20'000; ++round) {
        std::string hostile;
        for (std::size_t i = random() % 60; i > 0; --i) {
            hostile += pieces[random() % pieces.size()];
        }
        const auto lines = round % 2 == 0 ? SafeText::Lines::one : SafeText::Lines::many;
        const std::size_t max = 3 + random() % 150;
        const std::string safe = SafeText::from(hostile, lines, max).str();
        BOOST_REQUIRE(sotto::base::is_utf8(safe));
        BOOST_REQUIRE(safe.size() <= max);
        BOOST_REQUIRE(lines == SafeText::Lines::many || safe.find('\n') == std::string::npos);
        BOOST_REQUIRE_EQUAL(SafeText::from(safe, lines, max).str(), safe);
        for (const char byte : safe) {
            BOOST_REQUIRE((static_cast<unsigned char>(byte) >= 0x20 || byte == '\n'));
        }
        for (const std::string hidden :
             {"\xC2\x9B", "\xE2\x80\xAE", "\xF3\xA0\x81\xA7", "\xE3\x85\xA4", "\x7F"}) {
            BOOST_REQUIRE(safe.find(hidden) == std::string::npos);
        }
        BOOST_REQUIRE(safe.find(repeat("\xCC\x81", 9)) == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(made_safe_once_does_not_change_again) {
    const std::string nasty =
        "\x1B[31m\xE2\x80\xAEx\xCC\x81\xCC\x81\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7\xFF\t";
    const std::string safe = one(nasty);
    BOOST_TEST(one(safe) == safe);
}

BOOST_AUTO_TEST_SUITE_END()
