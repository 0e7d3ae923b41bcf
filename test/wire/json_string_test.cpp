#include "net/wire/json_cursor.h"
#include "net/wire/limits.h"
#include "net/wire/strict_json.h"
#include "test/wire/strict_json_checks.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace sotto::wire;
using namespace sotto::wire::test;
using namespace std::string_literals;

BOOST_AUTO_TEST_SUITE(json_strings)

BOOST_AUTO_TEST_CASE(escapes_are_those_of_rfc_8259_and_surrogates_come_in_pairs) {
    values_must_be_accepted({R"("")",
                             R"("\"")",
                             R"("\\")",
                             R"("\/")",
                             R"("\b\f\n\r\t")",
                             R"("\u0000")",
                             R"("\u001f")",
                             R"("\u0041")",
                             R"("\u00e9\u00E9\u00Ee")",
                             R"("\uFFFF\uffff\uFFFE")",
                             R"("\ud7ff\ue000")",
                             R"("\ud800\udc00")",
                             R"("\udbff\udfff")",
                             R"("\uD83D\uDE00")",
                             R"("\ud83d\ude00\ud83d\ude00")",
                             R"("\\u12")",
                             R"("\\\\")",
                             R"("\\\"")",
                             R"("/")",
                             "\"\x7F\"",
                             "\"'\""});
    values_must_be_refused({R"("\")",
                            R"("\\\")",
                            R"("\x41")",
                            R"("\a")",
                            R"("\v")",
                            R"("\0")",
                            R"("\1")",
                            R"("\'")",
                            R"("\U0041")",
                            R"("\N")",
                            R"("\ ")",
                            "\"\\\n\"",
                            "\"\\\xC3\xA9\"",
                            "\"\\\0\""s,
                            R"("\u")",
                            R"("\u1")",
                            R"("\u12")",
                            R"("\u123")",
                            R"("\u123g")",
                            R"("\u 123")",
                            R"("\u-123")",
                            R"("\u+041")",
                            R"("\u0x41")",
                            R"("\u{41}")",
                            "\"\\u00\xC3\xA9\"",
                            R"("\u00\u0041")",
                            R"("\ud800")",
                            R"("\udbff")",
                            R"("\udc00")",
                            R"("\udfff")",
                            R"("\ud800a")",
                            R"("\ud800\n")",
                            R"("\ud800\u0041")",
                            R"("\ud800\ud800")",
                            R"("\ud800\ud800\udc00")",
                            R"("\udc00\ud800")",
                            R"("\ud800\udbff")",
                            R"("\ud800\ue000")",
                            R"("\ud83d \ude00")",
                            R"("\ud83d\ude0")",
                            R"("\ud83d\Ude00")",
                            R"("\ud83d\\ude00")",
                            R"("\ud83d\ude00\ude00")",
                            R"("a)",
                            R"(a")",
                            R"("a""b")",
                            R"("a"b)",
                            "'a'",
                            "\"a'",
                            "`a`"});
}

BOOST_AUTO_TEST_CASE(no_raw_control_character_stands_in_a_string_or_a_key) {
    for (int byte = 0; byte < 0x20; ++byte) {
        const std::string c(1, static_cast<char>(byte));
        must_refuse("{\"v\":\"" + c + "\"}");
        must_refuse("{\"v\":\"0123456789abcdef" + c + "0123456789abcdef\"}");
        must_refuse("{\"" + c + "\":1}");
        const bool space = c.find_first_of(" \t\r\n") == 0;
        BOOST_TEST(check_strict_json("{\"v\":" + c + "1}").has_value() == space, byte);
    }
    must_accept("{\"v\":\"\x7F\"}");
}

BOOST_AUTO_TEST_CASE(a_key_stands_once_in_its_object_whatever_its_spelling) {
    for (const std::string& text :
         {R"({"a":1,"a":1})"s, R"({"a":1,"b":2,"a":3})"s, R"({"":1,"":2})"s,
          R"({"a":1,"\u0061":2})"s, R"({"\u0061":1,"a":2})"s, R"({"\u0061":1,"\u0061":2})"s,
          R"({"\u00e9":1,"\u00E9":2})"s, "{\"\\u00e9\":1,\"\xC3\xA9\":2}"s, R"({"\/":1,"/":2})"s,
          R"({"\n":1,"\u000a":2})"s, R"({"\"":1,"\u0022":2})"s, R"({"\\":1,"\u005c":2})"s,
          R"({"\u0000":1,"\u0000":2})"s, "{\"\\ud83d\\ude00\":1,\"\xF0\x9F\x98\x80\":2}"s,
          R"({"x":{"k":1,"\u006b":2}})"s, R"({"x":[{"k":1,"k":2}]})"s,
          R"({"x":{"y":{"k":1,"k":2}}})"s, R"({"type":"relay","\u0074ype":"x"})"s,
          R"({"x":[{"k":1},{"k":1,"k":1}]})"s}) {
        must_refuse(text);
    }
    for (const std::string& text :
         {R"({"a":{"a":{"a":1}}})"s, R"({"x":[{"k":1},{"k":1}]})"s,
          R"({"a":1,"a ":2," a":3,"A":4})"s, R"({"\u0000":1,"":2})"s,
          R"({"a\u0000":1,"a":2,"a\u0000b":3})"s, "{\"\xC3\xA9\":1,\"e\xCC\x81\":2}"s,
          R"({"\\u0061":1,"a":2})"s}) {
        must_accept(text);
    }
}

BOOST_AUTO_TEST_CASE(a_duplicate_is_found_at_every_distance) {
    for (const bool escaped : {false, true}) {
        std::string text = "{";
        for (int count = 0; count < 40; ++count) {
            const std::string key = (escaped ? "\\u006b" : "k") + std::to_string(count);
            text += "\"" + key + "\":1,";
            must_accept(text + "\"z\":1}");
            for (int twice = 0; twice <= count; ++twice) {
                const std::string again = text + "\"k" + std::to_string(twice) + "\":1}";
                BOOST_TEST(!check_strict_json(again).has_value(), again);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_message_full_of_keys_is_read_and_its_one_duplicate_found) {
    std::string text = "{";
    for (int i = 0; text.size() < kMaxMessage - 40; ++i) {
        text += "\"" + std::to_string(i) + "\":1,";
    }
    must_accept(text + "\"z\":1}");
    must_refuse(text + "\"0\":1}");
    must_refuse(text + "\"5000\":1}");
}

BOOST_AUTO_TEST_CASE(a_byte_is_judged_alike_at_every_place_of_a_block) {
    const std::vector<std::pair<std::string, bool>> pieces{{"\x01", false},
                                                           {"\x1F", false},
                                                           {" ", true},
                                                           {"\x7F", true},
                                                           {"\x80", false},
                                                           {"\xFF", false},
                                                           {"\xC3\xA9", true},
                                                           {"\xC3", false},
                                                           {"\xE2\x82\xAC", true},
                                                           {"\xE2\x82", false},
                                                           {"\xF0\x9F\x98\x80", true},
                                                           {"\xF0\x9F\x98", false},
                                                           {"\\n", true},
                                                           {"\\u00e9", true},
                                                           {"\\ud83d\\ude00", true},
                                                           {"\\q", false},
                                                           {"\\\"", true},
                                                           {"\\\\", true},
                                                           {"\"", false},
                                                           {"\n", false},
                                                           {"\0"s, false}};
    for (std::size_t before = 0; before <= 40; ++before) {
        for (const std::size_t after : {0U, 1U, 7U, 8U, 15U, 16U, 17U, 33U}) {
            for (const auto& [piece, good] : pieces) {
                const std::string text = "{\"v\":\"" + std::string(before, 'a') + piece +
                                         std::string(after, 'b') + "\"}";
                BOOST_TEST(check_strict_json(text).has_value() == good, text);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(unescaping_gives_the_text_that_was_meant) {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"", ""},
        {"plain", "plain"},
        {R"(\"\\\/\b\f\n\r\t)", "\"\\/\b\f\n\r\t"},
        {R"(\u0041\u00e9\u00E9)", "A\xC3\xA9\xC3\xA9"},
        {R"(\u0000)", "\0"s},
        {R"(\u007f\u0080\u07ff\u0800\uffff)", "\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xEF\xBF\xBF"},
        {R"(\ud800\udc00\udbff\udfff)", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
        {R"(a\ud83d\ude00b)",
         "a\xF0\x9F\x98\x80"
         "b"},
        {R"(\\u0041)", "\\u0041"},
        {"\xC3\xA9\\n\xC3\xA9", "\xC3\xA9\n\xC3\xA9"}};
    for (const auto& [raw, value] : cases) {
        BOOST_TEST(unescape(raw) == value, raw);
    }
}

BOOST_AUTO_TEST_SUITE_END()
