#include "net/wire/base64.h"
#include "net/wire/contact_link.h"
#include "net/wire/envelope.h"
#include "net/wire/envelope_scan.h"
#include "net/wire/strict_json.h"

#include <boost/test/unit_test.hpp>

#include <random>
#include <string>
#include <vector>

using namespace sotto::wire;

namespace {

std::string nested(int levels) {
    std::string out;
    for (int i = 0; i < levels; ++i) {
        out += "{\"a\":";
    }
    return out + "1" + std::string(static_cast<std::size_t>(levels), '}');
}

Relay a_relay_message() {
    Relay out;
    out.route = {"alice", "bob", {1, 2, 3}, 7};
    out.kind = "record";
    out.payload = Bytes(300, 0xA5);
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(strict_json)

BOOST_AUTO_TEST_CASE(what_section_1_allows_is_accepted) {
    for (const std::string text :
         {R"({})", R"( {"a":1} )", R"({"a":-9007199254740992,"b":9007199254740992})",
          R"({"a":"\u00e9\ud83d\ude00\n\"\\\/"})", R"({"a":[true,false,null,[1]]})",
          "{\"a\":\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"}", "\t\r\n{\"\":0}\n"}) {
        BOOST_TEST(check_strict_json(text).has_value(), text);
    }
    BOOST_TEST(check_strict_json(nested(4)).has_value());
}

BOOST_AUTO_TEST_CASE(everything_else_is_refused) {
    std::vector<std::string> bad{"",
                                 " ",
                                 "1",
                                 "[]",
                                 "\"a\"",
                                 "null",
                                 "{",
                                 "}",
                                 "{}{}",
                                 "{} x",
                                 "\xEF\xBB\xBF{}",
                                 R"({"a":1,})",
                                 R"({"a" 1})",
                                 R"({a:1})",
                                 R"({"a":1 "b":2})",
                                 R"({'a':1})",
                                 R"({"a":01})",
                                 R"({"a":-0})",
                                 R"({"a":1.0})",
                                 R"({"a":1e3})",
                                 R"({"a":+1})",
                                 R"({"a":-})",
                                 R"({"a":9007199254740993})",
                                 R"({"a":-9007199254740993})",
                                 R"({"a":99999999999999999999999999})",
                                 R"({"a":NaN})",
                                 R"({"a":tru})",
                                 R"({"a":True})",
                                 R"({"a":[1,]})",
                                 R"({"a":[,1]})",
                                 R"({"a":[1})",
                                 R"({"a":"\x"})",
                                 R"({"a":"\u12"})",
                                 R"({"a":"\ud800"})",
                                 R"({"a":"\udc00"})",
                                 R"({"a":"\ud800\u0041"})",
                                 R"({"a":"b)",
                                 R"({"a":1,"a":2})",
                                 R"({"a":1,"\u0061":2})",
                                 R"({"x":{"k":1,"\u006b":2}})",
                                 R"({"a":})",
                                 R"({"a"})",
                                 R"({"a"::1})",
                                 R"({,"a":1})",
                                 "{\"a\":\"\n\"}",
                                 "{\"a\":\"\x01\"}",
                                 "{\"a\":\"\x80\"}",
                                 "{\"a\":\"\xC0\x80\"}",
                                 "{\"a\":\"\xED\xA0\x80\"}",
                                 "{\"a\":\"\xF4\x90\x80\x80\"}",
                                 "{\"a\":\"\xE2\x82\"}",
                                 "{\"a\":\"\xF8\x88\x80\x80\x80\"}",
                                 "{\"a\":1}/**/",
                                 "{/**/}",
                                 nested(5),
                                 R"({"a":[[[[1]]]]})"};
    bad.push_back(std::string("{\"a\":1}\0", 8));
    for (const std::string& text : bad) {
        BOOST_TEST(!check_strict_json(text).has_value(), text);
        BOOST_TEST(!decode_from_relay(text).has_value(), text);
        BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::refuse), text);
    }
}

BOOST_AUTO_TEST_CASE(a_duplicate_among_many_keys_is_found) {
    std::string text = "{";
    for (int i = 0; i < 2'000; ++i) {
        text += "\"k" + std::to_string(i) + "\":1,";
    }
    BOOST_TEST(check_strict_json(text + "\"z\":1}").has_value());
    BOOST_TEST(!check_strict_json(text + "\"k1999\":1}").has_value());
    BOOST_TEST(!check_strict_json(text + "\"k3\":1}").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(base_64)

BOOST_AUTO_TEST_CASE(round_trips_at_every_length) {
    Bytes bytes;
    for (int i = 0; i < 70; ++i) {
        BOOST_TEST((from_base64(base64(bytes)) == bytes));
        BOOST_TEST((from_base64url(base64url(bytes)) == bytes));
        BOOST_TEST(is_base64_of(base64(bytes), bytes.size()));
        bytes.push_back(static_cast<std::uint8_t>(i * 37));
    }
}

BOOST_AUTO_TEST_CASE(accepts_only_what_an_encoder_produces) {
    for (const std::string text : {"A", "AA", "AA=", "AAA", "AB==", "AAB=", "====", "A===",
                                   "AA==AA==", " AA==", "AA==\n", "A-A=", "AA=A", "=AAA"}) {
        BOOST_TEST(!from_base64(text).has_value(), text);
    }
    for (const std::string text : {"A", "AB", "AAB", "AA==", "A+", "A/"}) {
        BOOST_TEST(!from_base64url(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(envelopes)

BOOST_AUTO_TEST_CASE(a_relay_message_comes_back_as_it_was_sent) {
    const Relay sent = a_relay_message();
    const auto read = decode_from_relay(encode(sent));
    BOOST_REQUIRE(read.has_value());
    const auto& got = std::get<Relay>(*read);
    BOOST_TEST(got.route.from == "alice");
    BOOST_TEST(*got.route.id == 7);
    BOOST_TEST((got.payload == sent.payload));
}

BOOST_AUTO_TEST_CASE(the_scan_routes_it_without_decoding) {
    const std::string text = encode(a_relay_message());
    const Scan scan = scan_from_client(text);
    BOOST_REQUIRE((scan.outcome == Scan::Outcome::forward));
    BOOST_TEST(scan.message.from == "alice");
    BOOST_TEST(scan.message.to == "bob");
}

BOOST_AUTO_TEST_CASE(escaped_keys_and_names_mean_the_same) {
    std::string text = encode(a_relay_message());
    text.replace(text.find("\"from\""), 6, "\"\\u0066rom\"");
    text.replace(text.find("\"alice\""), 7, "\"\\u0061lice\"");
    const Scan scan = scan_from_client(text);
    BOOST_REQUIRE((scan.outcome == Scan::Outcome::forward));
    BOOST_TEST(scan.message.from == "alice");
}

BOOST_AUTO_TEST_CASE(a_missing_or_malformed_field_is_bad_message) {
    const std::vector<std::pair<std::string, std::string>> changes{
        {"\"alice\"", "\"Alice\""},        {"\"alice\"", "\"bob\""},    {"\"bob\"", "1"},
        {"\"from\"", "\"form\""},          {"\"kind\"", "\"kint\""},    {"\"payload\"", "\"pay\""},
        {"\"chat\":\"AQ", "\"chat\":\"A"}, {"\"id\":7", "\"id\":\"7\""}};
    for (const auto& [from, to] : changes) {
        std::string text = encode(a_relay_message());
        text.replace(text.find(from), from.size(), to);
        const Scan scan = scan_from_client(text);
        BOOST_TEST((scan.outcome == Scan::Outcome::refuse), text);
        BOOST_TEST((scan.reply.code == ErrorCode::bad_message), text);
        BOOST_TEST(scan.reply.re == "relay");
    }
}

BOOST_AUTO_TEST_CASE(the_scan_and_the_full_check_agree_on_mutations) {
    std::mt19937 random(7);
    const std::string seed = encode(a_relay_message());
    const std::string alphabet = "{}[]\",:\\u0abtn-1 \x80\xC3\x01";
    for (int i = 0; i < 20'000; ++i) {
        std::string text = seed;
        for (int k = 0; k < 3; ++k) {
            text[random() % text.size()] = alphabet[random() % alphabet.size()];
        }
        const Scan scan = scan_from_client(text);
        const bool strict = check_strict_json(text).has_value();
        const bool typed = type_of(text).has_value();
        if (scan.outcome != Scan::Outcome::refuse) {
            BOOST_REQUIRE_MESSAGE(strict && typed, text);
        }
        if (!strict) {
            BOOST_REQUIRE((scan.outcome == Scan::Outcome::refuse));
        }
        if (scan.outcome == Scan::Outcome::other) {
            BOOST_REQUIRE(*type_of(text) == scan.message.type);
        }
        (void)decode_from_relay(text);
        (void)decode_from_client(text);
    }
}

BOOST_AUTO_TEST_CASE(every_error_code_has_its_row) {
    BOOST_TEST(error_table().size() == 17U);
    for (const ErrorRow& row : error_table()) {
        BOOST_TEST((error_code(row.name) == row.code));
        BOOST_TEST((row_of(row.code).name == row.name));
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(links)

BOOST_AUTO_TEST_CASE(a_contact_link_round_trips) {
    const ContactLink link{"2001:db8::1", 9000, "bob", Key{1}, Key{2}};
    const auto read = parse_contact_link(to_string(link));
    BOOST_REQUIRE(read.has_value());
    BOOST_TEST(read->host == link.host);
    BOOST_TEST(read->port == 9000);
    BOOST_TEST((read->identity == link.identity));
    BOOST_TEST((read->pin == link.pin));
}

BOOST_AUTO_TEST_CASE(what_is_no_link_or_address_is_refused) {
    for (const std::string text :
         {"http://a/bob", "sotto://a", "sotto:///bob", "sotto://a/Bob", "sotto://a:0/bob",
          "sotto://a:65536/bob", "sotto://a/bob?identity=AA", "sotto://[::1/bob", "sotto://a b/bob",
          "sotto://a/bob?pin=%41"}) {
        BOOST_TEST(!parse_contact_link(text).has_value(), text);
    }
    for (const std::string text :
         {"", "@", "bob@", "Bob@host", "bob@host:", "bob@host:x", "a@b@c"}) {
        BOOST_TEST(!parse_address(text).has_value(), text);
    }
    BOOST_TEST(parse_address("bob@relay.example:1")->port == 1);
}

BOOST_AUTO_TEST_SUITE_END()
