#include "tui/model/grapheme.h"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>

using namespace sotto::tui;

namespace {

const std::string kFamily = "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";  // woman ZWJ girl
const std::string kThumb = "\xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD";               // with a skin tone
const std::string kHeart = "\xE2\x9D\xA4";
const std::string kRedHeart = kHeart + "\xEF\xB8\x8F";
const std::string kKeycap = "1\xEF\xB8\x8F\xE2\x83\xA3";
const std::string kGermany = "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA";
const std::string kFrance = "\xF0\x9F\x87\xAB\xF0\x9F\x87\xB7";
const std::string kGrin = "\xF0\x9F\x98\x80";
const std::string kAccent = "\xCC\x81";

std::vector<std::string> parts(const std::string& text) {
    std::vector<std::string> out;
    for (const Cluster& cluster : clusters(text)) {
        out.push_back(text.substr(cluster.begin, cluster.size));
    }
    return out;
}

int width(const std::string& text, EmojiWidth emoji = EmojiWidth::two) {
    const auto all = clusters(text, emoji);
    BOOST_TEST_REQUIRE(all.size() == 1u);
    return all.front().width;
}

std::vector<std::string> lines(std::string_view text, int columns) {
    std::vector<std::string> out;
    for (const std::string_view line : wrap(text, columns)) {
        out.emplace_back(line);
    }
    return out;
}

using Strings = std::vector<std::string>;

/// Text of what people write and of what breaks things.
std::string random_text(std::mt19937& random, int pieces) {
    static const Strings kPieces = {"a",
                                    "word",
                                    " ",
                                    " ",
                                    "  ",
                                    "\n",
                                    "\r\n",
                                    "\t",
                                    "e" + kAccent,
                                    kAccent,
                                    kFamily,
                                    kThumb,
                                    kRedHeart,
                                    kKeycap,
                                    kGermany,
                                    "\xF0\x9F\x87\xA9",
                                    kGrin,
                                    "\xE6\x97\xA5",
                                    "\xE0\xB8\x81\xE0\xB8\xB3",
                                    "\xE1\x84\x80\xE1\x85\xA1",
                                    "\xE2\x80\x8B",
                                    "\xE2\x80\x8D",
                                    "\xFF",
                                    "\xE2\x82",
                                    "\x1B",
                                    "\xC2\xA0"};
    std::string out;
    for (int i = 0; i < pieces; ++i) {
        out += kPieces[random() % kPieces.size()];
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(grapheme)

BOOST_AUTO_TEST_CASE(a_cluster_is_what_a_person_calls_a_character) {
    BOOST_TEST(parts("") == Strings{}, boost::test_tools::per_element());
    BOOST_TEST(parts("ab") == (Strings{"a", "b"}), boost::test_tools::per_element());
    BOOST_TEST(parts("e" + kAccent + "x") == (Strings{"e" + kAccent, "x"}),
               boost::test_tools::per_element());
    BOOST_TEST(parts(kFamily + kThumb + kRedHeart + kKeycap) ==
                   (Strings{kFamily, kThumb, kRedHeart, kKeycap}),
               boost::test_tools::per_element());
    BOOST_TEST(parts(kGermany + kFrance + "\xF0\x9F\x87\xA9") ==
                   (Strings{kGermany, kFrance, "\xF0\x9F\x87\xA9"}),
               boost::test_tools::per_element());
    BOOST_TEST(parts("a\r\nb\n") == (Strings{"a", "\r\n", "b", "\n"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bytes_that_are_not_utf8_stand_alone) {
    // Overlong NUL, a surrogate, a lone continuation, a cut-off sequence before a mark.
    BOOST_TEST(parts("\xC0\x80") == (Strings{"\xC0", "\x80"}), boost::test_tools::per_element());
    BOOST_TEST(parts("\xED\xA0\x80").size() == 3u);
    BOOST_TEST(parts("a\x80z") == (Strings{"a", "\x80", "z"}), boost::test_tools::per_element());
    BOOST_TEST(parts("\xE2\x82" + kAccent) == (Strings{"\xE2", "\x82", kAccent}),
               boost::test_tools::per_element());
    BOOST_TEST(width("\xFF") == 1);
}

BOOST_AUTO_TEST_CASE(widths_are_those_of_a_terminal) {
    BOOST_TEST(width("a") == 1);
    BOOST_TEST(width("e" + kAccent) == 1);
    BOOST_TEST(width("\xE6\x97\xA5") == 2);                          // CJK
    BOOST_TEST(width("\xEF\xBD\xB1") == 1);                          // half-width katakana
    BOOST_TEST(width("\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8") == 2);  // a Hangul syllable
    BOOST_TEST(width("\xE0\xA4\xA8\xE0\xA4\xBF") == 2);              // Devanagari, spacing vowel
    BOOST_TEST(width("\xE0\xB8\x81\xE0\xB8\xB3") == 2);              // Thai, sara am
    BOOST_TEST(width("\n") == 0);
    BOOST_TEST(width("\r\n") == 0);
}

BOOST_AUTO_TEST_CASE(an_emoji_sequence_is_as_wide_as_one_emoji) {
    for (const auto& emoji : {kGrin, kFamily, kThumb, kRedHeart, kKeycap, kGermany}) {
        BOOST_TEST(width(emoji) == 2);
        BOOST_TEST(width(emoji, EmojiWidth::one) == 1);
    }
    // Not presented as emoji, so not touched by the setting.
    BOOST_TEST(width(kHeart) == 1);
    BOOST_TEST(width("1") == 1);
    BOOST_TEST(width("1\xE2\x83\xA3") == 1);
    BOOST_TEST(width("\xF0\x9F\x87\xA9") == 1);
    BOOST_TEST(width("\xE6\x97\xA5", EmojiWidth::one) == 2);
    BOOST_TEST(width("\xE6\x97\xA5\xEF\xB8\x8F", EmojiWidth::one) == 2);
}

BOOST_AUTO_TEST_CASE(what_has_no_width_is_drawn_so_that_it_has_one) {
    const std::string bad = "\xEF\xBF\xBD";
    for (const std::string nothing : {"\x1B", "\t", "\xE2\x80\x8B", "\xE2\x80\x8D", "\xCC\x81",
                                      "\x7F", "\xC2\x85", "\xE1\x85\xA1"}) {
        BOOST_TEST(width(nothing) == 1);
        BOOST_TEST(columns(drawn(nothing)) == 1);
    }
    BOOST_TEST(drawn("\x1B") == bad);
    BOOST_TEST(drawn("\xFF") == bad);
    BOOST_TEST(drawn("\xE2\x80\x8B") == bad);
    BOOST_TEST(drawn("\t") == " ");
    BOOST_TEST(drawn(kAccent) == "\xE2\x97\x8C" + kAccent);
    BOOST_TEST(drawn("\n").empty());
    BOOST_TEST(drawn("").empty());
    for (const auto& shown : {std::string("a"), "e" + kAccent, kFamily, kKeycap, kGermany}) {
        BOOST_TEST(drawn(shown) == shown);
    }
}

BOOST_AUTO_TEST_CASE(a_cluster_that_terminals_spread_further_is_cut_there) {
    const std::string lead = "\xE1\x84\x80";  // a Hangul beginning, two columns each
    const std::string tone = "\xF0\x9F\x8F\xBD";
    const std::string vowel = "\xE0\xA4\xBE";  // Devanagari, one column
    BOOST_TEST(parts(lead + lead + lead) == (Strings{lead, lead, lead}),
               boost::test_tools::per_element());
    BOOST_TEST(parts("a" + tone) == (Strings{"a", tone}), boost::test_tools::per_element());
    BOOST_TEST(columns("a" + tone) == 3);
    const std::string consonant = "\xE0\xA4\xA8";
    BOOST_TEST(parts(consonant + vowel + vowel) == (Strings{consonant + vowel, vowel}),
               boost::test_tools::per_element());
    BOOST_TEST(parts(kFamily + vowel) == (Strings{kFamily, vowel}),
               boost::test_tools::per_element());
    const std::string three = kFamily + "\xE2\x80\x8D\xF0\x9F\x91\xA6" + kAccent;
    BOOST_TEST(parts(three) == Strings{three}, boost::test_tools::per_element());
    std::string marks = "e";
    for (int i = 0; i < 40; ++i) {
        marks += kAccent;
    }
    BOOST_TEST(parts(marks).size() == 1u);
}

BOOST_AUTO_TEST_CASE(fit_takes_whole_clusters) {
    BOOST_TEST(fit("hello", 3) == "hel");
    BOOST_TEST(fit("hello", 9) == "hello");
    BOOST_TEST(fit("hello", 0).empty());
    BOOST_TEST(fit("hello", -1).empty());
    const std::string text = "a" + kFamily + "b";
    BOOST_TEST(fit(text, 2) == "a");
    BOOST_TEST(fit(text, 3) == "a" + kFamily);
    BOOST_TEST(columns(text) == 4);
    BOOST_TEST(columns(text, EmojiWidth::one) == 3);
}

BOOST_AUTO_TEST_CASE(wrap_breaks_after_the_last_space_that_fits) {
    const auto check = [](std::string_view text, int width, const Strings& expected) {
        BOOST_TEST(lines(text, width) == expected, boost::test_tools::per_element());
    };
    check("", 5, {""});
    check("hello", 5, {"hello"});
    check("hello world", 5, {"hello", "world"});
    check("hello world", 8, {"hello", "world"});
    check("hello world", 11, {"hello world"});
    check("a bb ccc", 4, {"a bb", "ccc"});
    check("hello    world", 5, {"hello", "world"});
    check("hello    world", 7, {"hello", "world"});
    check("hello   ", 5, {"hello"});
    check("incomprehensible", 6, {"incomp", "rehens", "ible"});
    check("an incomprehensible", 6, {"an", "incomp", "rehens", "ible"});
    check("  indented text", 10, {"  indented", "text"});
    check("        x", 3, {"   ", "   ", "  x"});
    check(
        "no\xC2\xA0"
        "break here",
        9,
        {"no\xC2\xA0"
         "break",
         "here"});
}

BOOST_AUTO_TEST_CASE(wrap_breaks_at_newlines) {
    const auto check = [](std::string_view text, int width, const Strings& expected) {
        BOOST_TEST(lines(text, width) == expected, boost::test_tools::per_element());
    };
    check("\n", 5, {"", ""});
    check("a\nb", 5, {"a", "b"});
    check("a\r\nb", 5, {"a", "b"});
    check("a\n\n b\n", 5, {"a", "", " b", ""});
    check("hello\nworld", 5, {"hello", "world"});
}

BOOST_AUTO_TEST_CASE(a_cluster_wider_than_the_line_has_one_of_its_own) {
    const std::string wide = "\xE6\x97\xA5";
    BOOST_TEST(lines("a" + wide + "b", 1) == (Strings{"a", wide, "b"}),
               boost::test_tools::per_element());
    BOOST_TEST(lines("ab", 0) == (Strings{"a", "b"}), boost::test_tools::per_element());
    BOOST_TEST(lines("ab", -3) == (Strings{"a", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(clusters_cover_any_text_without_gaps) {
    std::mt19937 random(7);
    for (int round = 0; round < 2'000; ++round) {
        const std::string text = random_text(random, 12);
        std::size_t at = 0;
        int total = 0;
        for (const Cluster& cluster : clusters(text)) {
            BOOST_REQUIRE_EQUAL(cluster.begin, at);
            BOOST_REQUIRE(cluster.size > 0);
            BOOST_REQUIRE(cluster.width >= 0 && cluster.width <= 2);
            const std::string part = text.substr(cluster.begin, cluster.size);
            BOOST_REQUIRE_EQUAL(columns(drawn(part)), cluster.width);
            at += cluster.size;
            total += cluster.width;
        }
        BOOST_REQUIRE_EQUAL(at, text.size());
        BOOST_REQUIRE_EQUAL(columns(text), total);
    }
}

BOOST_AUTO_TEST_CASE(wrap_loses_nothing_but_newlines_and_the_spaces_where_it_breaks) {
    std::mt19937 random(11);
    for (int round = 0; round < 4'000; ++round) {
        const std::string text = random_text(random, 20);
        const int width = static_cast<int>(random() % 12) + 1;
        std::size_t at = 0;
        for (const std::string_view line : wrap(text, width)) {
            const auto begin = static_cast<std::size_t>(line.data() - text.data());
            BOOST_REQUIRE(begin >= at);
            for (const Cluster& lost : clusters(std::string_view(text).substr(at, begin - at))) {
                BOOST_REQUIRE(is_space(std::string_view(text).substr(at + lost.begin, lost.size)));
            }
            BOOST_REQUIRE(columns(line) <= width || clusters(line).size() == 1);
            at = begin + line.size();
        }
        for (const char rest : text.substr(at)) {
            BOOST_REQUIRE(rest == ' ' || rest == '\t' || rest == '\r');
        }
    }
}

BOOST_AUTO_TEST_CASE(wrap_fills_its_lines) {
    std::mt19937 random(13);
    for (int round = 0; round < 500; ++round) {
        std::string text;
        for (int i = 0; i < 15; ++i) {
            text += std::string(1 + random() % 9, 'w') + " ";
        }
        const int width = 9 + static_cast<int>(random() % 20);
        const Strings all = lines(text, width);
        for (std::size_t i = 0; i + 1 < all.size(); ++i) {
            const std::string next = all[i + 1].substr(0, all[i + 1].find(' '));
            BOOST_REQUIRE(static_cast<int>(all[i].size() + 1 + next.size()) > width);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
