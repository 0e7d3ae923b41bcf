#include "net/wire/strict_json.h"

#include "net/wire/envelope.h"
#include "net/wire/envelope_scan.h"
#include "test/wire/strict_json_checks.h"

#include <boost/test/unit_test.hpp>

#include <string>
#include <vector>

using namespace sotto::wire;
using namespace sotto::wire::test;
using namespace std::string_literals;

namespace {

std::string nested(std::size_t levels, char kind) {
    std::string out = kind == '{' ? "" : "{\"a\":";
    const std::size_t inner = kind == '{' ? levels : levels - 1;
    for (std::size_t i = 0; i < inner; ++i) {
        out += kind == '{' ? "{\"a\":" : "[";
    }
    out += "1" + std::string(inner, kind == '{' ? '}' : ']');
    return kind == '{' ? out : out + "}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strict_json)

BOOST_AUTO_TEST_CASE(an_object_stands_at_the_top_with_white_space_around_it_at_most) {
    for (const std::string& text :
         {"{}"s, " {}"s, "{} "s, "\t\r\n {} \n\r\t"s, "{ }"s, "{\n}"s, "{\"a\" : 1}"s,
          "{ \"a\":1 , \"b\":2 }"s, "{\"a\":\t1\r\n}"s, "{\"\":0}"s, "{\"a\":1,\"A\":1}"s,
          "{\"a\":[ ]}"s, "{\"a\":[ 1 , 2 ]}"s, "{\"a\":{ }}"s, "{\"a b\":1}"s}) {
        must_accept(text);
    }
    for (const std::string& text : {""s,
                                    " "s,
                                    "\n"s,
                                    "1"s,
                                    "-1"s,
                                    "\"a\""s,
                                    "true"s,
                                    "null"s,
                                    "[]"s,
                                    "[{}]"s,
                                    "a"s,
                                    ","s,
                                    ":"s,
                                    "{}{}"s,
                                    "{} {}"s,
                                    "{},"s,
                                    "{}]"s,
                                    "{}}"s,
                                    "{}1"s,
                                    "{}x"s,
                                    "x{}"s,
                                    ",{}"s,
                                    "{}\0"s,
                                    "\0{}"s,
                                    "{}\v"s,
                                    "\f{}"s,
                                    "{}\xC2\xA0"s,
                                    "\xE2\x80\xA8{}"s,
                                    "\xEF\xBB\xBF{}"s,
                                    "{}\xEF\xBB\xBF"s,
                                    "\xFE\xFF{}"s,
                                    "\xFF\xFE{\0}\0"s,
                                    "{}//x"s,
                                    "{}/**/"s,
                                    "/**/{}"s,
                                    "#\n{}"s}) {
        must_refuse(text);
    }
}

BOOST_AUTO_TEST_CASE(structure_has_no_gaps_and_nothing_to_spare) {
    for (const std::string& text : {"{"s,
                                    "}"s,
                                    "{{"s,
                                    "{]"s,
                                    "{,}"s,
                                    "{:}"s,
                                    "{1}"s,
                                    "{a:1}"s,
                                    "{'a':1}"s,
                                    "{1:1}"s,
                                    "{null:1}"s,
                                    "{true:1}"s,
                                    "{[]:1}"s,
                                    "{{}:1}"s,
                                    "{\"a\"}"s,
                                    "{\"a\":}"s,
                                    "{\"a\" 1}"s,
                                    "{\"a\"::1}"s,
                                    "{\"a\":1,}"s,
                                    "{,\"a\":1}"s,
                                    "{\"a\":1,,\"b\":2}"s,
                                    "{\"a\":1 \"b\":2}"s,
                                    "{\"a\":1;\"b\":2}"s,
                                    "{\"a\":1"s,
                                    "{\"a\":1,"s,
                                    "{\"a\":"s,
                                    "{\"a\""s,
                                    "{\"a"s,
                                    "{\""s,
                                    "{\"a\":1]"s,
                                    "{\"a\",1}"s,
                                    "{\"a\":1:2}"s,
                                    "{\"a\":1 2}"s,
                                    "{\"a\":1/**/}"s,
                                    "{/**/}"s,
                                    "{\"a\"//\n:1}"s,
                                    "{\"a\":\v1}"s,
                                    "{\"a\":\xC2\xA0"
                                    "1}"s,
                                    "{\"a\":\0"
                                    "1}"s,
                                    "{\"a\"=1}"s,
                                    "{\"a\":1}}"s,
                                    "{*}"s,
                                    "{\"a\":{}"s,
                                    "{\"a\":[}"s,
                                    "{\"a\":{]}"s,
                                    "{\"a\":[1}"s,
                                    "{\"a\":[1,2}"s}) {
        must_refuse(text);
    }
    values_must_be_refused({"[1,]", "[,1]", "[,]",     "[1,,2]",     "[1 2]", "[1:2]", "[1;2]",
                            "[",    "[1",   "[1,",     "]",          "[]]",   "[[]",   "[\"a\":1]",
                            "(1)",  "{1}",  "{\"a\"}", "{\"a\":1,}", ",",     ":",     "a",
                            "<a>",  "@",    "`",       "'a'",        "$",     "\\"});
}

BOOST_AUTO_TEST_CASE(a_member_has_a_value) {
    for (const std::string& text :
         {"{\"v\":}"s, "{\"v\": }"s, "{\"v\":[0,]}"s, "{\"v\":{\"v\":}}"s}) {
        must_refuse(text);
    }
}

BOOST_AUTO_TEST_CASE(every_cut_of_a_message_is_refused) {
    const std::string text = R"({"type":"x","a":[true,false,null,-12,"\u00e9\n"],"b":{"c":{}}})";
    must_accept(text);
    for (std::size_t size = 0; size < text.size(); ++size) {
        must_refuse(text.substr(0, size));
    }
}

BOOST_AUTO_TEST_CASE(numbers_are_integers_within_two_to_the_53) {
    values_must_be_accepted({"0", "1", "-1", "9", "10", "-10", "123456789", "9007199254740991",
                             "9007199254740992", "-9007199254740991", "-9007199254740992"});
    values_must_be_refused({"9007199254740993",
                            "-9007199254740993",
                            "9007199254741000",
                            "9223372036854775807",
                            "9223372036854775808",
                            "-9223372036854775808",
                            "18446744073709551616",
                            "99999999999999999999999999999999999999",
                            "-99999999999999999999999999999999999999",
                            "-0",
                            "00",
                            "01",
                            "-01",
                            "-00",
                            "007",
                            "0x10",
                            "0b1",
                            "0o7",
                            "1_000",
                            "1,000.",
                            "1.0",
                            "0.0",
                            "-0.0",
                            "1.",
                            ".5",
                            "-.5",
                            "1.5",
                            "9007199254740992.0",
                            "1e0",
                            "1E0",
                            "1e+2",
                            "1e-2",
                            "0e0",
                            "1e",
                            "1e400",
                            "1.0e2",
                            "+1",
                            "+0",
                            "--1",
                            "-",
                            "- 1",
                            "-a",
                            "-\"1\"",
                            "1-",
                            "1+1",
                            "1a",
                            "NaN",
                            "nan",
                            "-NaN",
                            "Infinity",
                            "-Infinity",
                            "inf",
                            "1 000",
                            "0 1",
                            "\xD9\xA1",
                            "\xEF\xBC\x91",
                            std::string(400, '9'),
                            "1" + std::string(400, '0')});
}

BOOST_AUTO_TEST_CASE(literals_are_spelled_out_in_lower_case) {
    values_must_be_accepted({"true", "false", "null", "[true,false,null]"});
    values_must_be_refused({"True",       "TRUE",  "tru",   "truee",      "t",         "truefalse",
                            "true false", "False", "fals",  "falsee",     "f",         "Null",
                            "NULL",       "nul",   "nulll", "n",          "undefined", "None",
                            "nil",        "yes",   "-true", "tr\\u0075e", "tr\0ue"s});
}

BOOST_AUTO_TEST_CASE(objects_and_arrays_nest_four_deep_together) {
    for (std::size_t levels = 1; levels <= 4; ++levels) {
        must_accept(nested(levels, '{'));
        must_accept(nested(levels, '['));
    }
    for (const std::size_t levels : {5U, 6U, 100U, 10'000U}) {
        must_refuse(nested(levels, '{'));
        must_refuse(nested(levels, '['));
    }
    must_accept(R"({"a":[{"b":[1]}]})");
    must_accept(R"({"a":{"b":{"c":{}}},"d":[[[]]]})");
    must_refuse(R"({"a":[{"b":[[]]}]})");
    must_refuse(R"({"a":[{"b":[{}]}]})");
    must_refuse(R"({"a":[[[{}]]]})");
    must_refuse("{\"a\":" + std::string(60'000, '['));
    std::string unclosed;
    for (int i = 0; i < 10'000; ++i) {
        unclosed += "{\"a\":";
    }
    must_refuse(unclosed);
}

BOOST_AUTO_TEST_CASE(a_client_says_few_things_in_one_message_and_a_relay_as_many_as_fit) {
    const auto with = [](std::size_t values, const std::string& one, char open, char close) {
        std::string text = R"({"type":"get_pubkey","user":"bob","x":)" + std::string(1, open);
        for (std::size_t i = 3; i < values; ++i) {
            text += open == '{' ? '"' + std::to_string(i) + "\":" + one : one;
            text += ',';
        }
        text.back() = close;
        return text + '}';
    };
    for (const char* const pair : {"[]", "{}"}) {
        const std::string most = with(kMaxClientValues, "1", pair[0], pair[1]);
        BOOST_TEST(decode_from_client(most).has_value(), most);
        BOOST_TEST((scan_from_client(most).outcome == Scan::Outcome::other));
        const std::string more = with(kMaxClientValues + 1, "1", pair[0], pair[1]);
        const auto refused = decode_from_client(more);
        BOOST_REQUIRE(!refused.has_value());
        BOOST_TEST((refused.error().reply.code == ErrorCode::bad_message));
        BOOST_TEST((scan_from_client(more).outcome == Scan::Outcome::refuse));
    }
    BOOST_TEST(sotto::wire::check_strict_json(with(8'000, "1", '[', ']')).has_value());
    BOOST_TEST(sotto::wire::check_strict_json(with(8'000, "1", '{', '}')).has_value());
}

BOOST_AUTO_TEST_CASE(a_message_over_the_largest_size_is_refused_before_it_is_read) {
    const std::string start = R"({"type":"get_pubkey","user":"bob","x":")";
    std::string text = start + std::string(kMaxMessage - start.size() - 2, 'x') + "\"}";
    BOOST_REQUIRE_EQUAL(text.size(), kMaxMessage);
    BOOST_TEST(decode_from_client(text).has_value());
    BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::other));
    text += ' ';
    const auto refused = decode_from_client(text);
    BOOST_REQUIRE(!refused.has_value());
    BOOST_TEST((refused.error().reply.code == ErrorCode::too_large));
    const Scan scan = scan_from_client(text);
    BOOST_TEST((scan.outcome == Scan::Outcome::refuse));
    BOOST_TEST((scan.reply->code == ErrorCode::too_large));
    const auto decoded = decode_from_relay(text);
    BOOST_REQUIRE(!decoded.has_value());
    BOOST_TEST((decoded.error().verdict == Verdict::close));
}

BOOST_AUTO_TEST_SUITE_END()
