#include "net/wire/contact_link.h"

#include "net/wire/base64.h"
#include "net/wire/user_name.h"

#include <boost/test/unit_test.hpp>

#include <string>

using namespace sotto::wire;
using namespace std::string_literals;

namespace {

const IdentityKey kIdentity{1, 2, 0xFF};
const sotto::base::Pin kPin{9};

template <class Octets>
std::string url(const Octets& octets) {
    return base64url(octets);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(contact_links)

BOOST_AUTO_TEST_CASE(a_link_comes_back_as_it_was_written) {
    for (const ContactLink& link : {ContactLink{"relay.example", 7443, "bob", {}, {}},
                                    ContactLink{"relay.example", 9000, "bob", kIdentity, {}},
                                    ContactLink{"192.0.2.1", 1, "b.o-b_1", {}, kPin},
                                    ContactLink{"2001:db8::1", 65535, "bob", kIdentity, kPin},
                                    ContactLink{"::ffff:192.0.2.1", 7443, "0", kIdentity, kPin}}) {
        const auto read = parse_contact_link(to_string(link));
        BOOST_REQUIRE_MESSAGE(read.has_value(), to_string(link));
        BOOST_TEST(read->host == link.host);
        BOOST_TEST(read->port == link.port);
        BOOST_TEST(read->user == link.user);
        BOOST_TEST((read->identity == link.identity));
        BOOST_TEST((read->pin == link.pin));
    }
}

BOOST_AUTO_TEST_CASE(a_host_has_one_spelling) {
    BOOST_TEST(parse_contact_link("sotto://Relay.EXAMPLE:9000/bob")->host == "relay.example");
    BOOST_TEST(parse_address("bob@RELAY.example")->host == "relay.example");
    BOOST_TEST(parse_address("[2001:DB8::A]:9000")->host == "2001:db8::a");
}

BOOST_AUTO_TEST_CASE(the_text_is_that_of_section_8) {
    const std::string both = "identity=" + url(kIdentity) + "&pin=" + url(kPin);
    BOOST_TEST(to_string({"relay.example", 7443, "bob", kIdentity, kPin}) ==
               "sotto://relay.example/bob?" + both);
    BOOST_TEST(to_string({"::1", 9000, "bob", {}, {}}) == "sotto://[::1]:9000/bob");
    BOOST_TEST(to_string({"h", 7443, "bob", {}, kPin}) == "sotto://h/bob?pin=" + url(kPin));
}

BOOST_AUTO_TEST_CASE(parameters_stand_in_any_order_and_unknown_ones_are_ignored) {
    const std::string start = "sotto://relay.example/bob?";
    const std::string identity = "identity=" + url(kIdentity);
    const std::string pin = "pin=" + url(kPin);
    for (const std::string& query :
         {pin + "&" + identity, identity + "&" + pin, "x=1&" + identity + "&x=2&" + pin + "&y",
          identity + "&" + pin + "&", "&&" + pin + "&" + identity + "&Identity=1"}) {
        const auto read = parse_contact_link(start + query);
        BOOST_REQUIRE_MESSAGE(read.has_value(), query);
        BOOST_TEST((read->identity == kIdentity), query);
        BOOST_TEST((read->pin == kPin), query);
    }
    const auto bare = parse_contact_link(start);
    BOOST_REQUIRE(bare.has_value());
    BOOST_TEST((!bare->identity && !bare->pin));
    BOOST_TEST(bare->port == kDefaultPort);
}

BOOST_AUTO_TEST_CASE(what_is_no_link_is_refused_with_a_sentence_and_never_closes_anything) {
    const std::string link = "sotto://relay.example/bob?";
    const std::string identity = "identity=" + url(kIdentity);
    for (const std::string& text :
         {""s, "bob"s, "sotto:"s, "sotto:/a/bob"s, "SOTTO://a/bob"s, "http://a/bob"s,
          " sotto://a/bob"s,
          // user
          "sotto://a"s, "sotto://a/"s, "sotto://a/Bob"s, "sotto://a/.bob"s, "sotto://a/bob/"s,
          "sotto://a/bob#x"s, "sotto://a/b%6fb"s, "sotto://a/bob bob"s, "sotto://a/?x=1"s,
          "sotto://a/" + std::string(33, 'b'),
          // host
          "sotto:///bob"s, "sotto://a b/bob"s, "sotto://a%41/bob"s, "sotto://bob@a/bob"s,
          "sotto://a\n/bob"s, "sotto://\xC3\xA4/bob"s, "sotto://::1/bob"s, "sotto://[::1/bob"s,
          "sotto://::1]/bob"s, "sotto://[]/bob"s, "sotto://[a]/bob"s, "sotto://[zz::1]/bob"s,
          "sotto://-a/bob"s, "sotto://.a/bob"s, "sotto://a..b/bob"s, "sotto://[::1]x/bob"s,
          "sotto://[::1%25eth0]/bob"s, "sotto://a\0b/bob"s,
          "sotto://" + std::string(254, 'a') + "/bob",
          // port
          "sotto://a:/bob"s, "sotto://a:0/bob"s, "sotto://a:65536/bob"s,
          "sotto://a:99999999999/bob"s, "sotto://a:-1/bob"s, "sotto://a:+1/bob"s,
          "sotto://a: 1/bob"s, "sotto://a:1x/bob"s, "sotto://a:0x10/bob"s, "sotto://a:1:2/bob"s,
          // parameters
          link + "identity", link + "identity=", link + "identity=AA", link + identity + "=",
          link + identity + "A", link + "identity=" + base64(kIdentity), link + "pin=%41",
          link + identity + "&" + identity, link + "pin=" + url(kPin) + "&pin=" + url(kPin),
          link + "identity=" + std::string(42, 'A') + "B", link + identity + "#fragment"}) {
        const auto read = parse_contact_link(text);
        BOOST_REQUIRE_MESSAGE(!read.has_value(), text);
        BOOST_TEST((read.error().verdict == Verdict::drop), text);
        BOOST_TEST(!read.error().what.empty(), text);
    }
}

BOOST_AUTO_TEST_CASE(no_prefix_of_a_link_reads_as_another_user_or_key) {
    const std::string whole = to_string({"relay.example", 9000, "bob", kIdentity, kPin});
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto read = parse_contact_link(whole.substr(0, size));
        if (read) {
            BOOST_TEST(std::string("bob").substr(0, read->user.size()) == read->user);
            BOOST_TEST((!read->identity || read->identity == kIdentity));
            BOOST_TEST(!read->pin.has_value());
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(addresses)

BOOST_AUTO_TEST_CASE(name_host_and_port_are_told_apart) {
    struct Case {
        std::string text;
        std::string user;
        std::string host;
        std::uint16_t port;
    };
    for (const Case& c :
         {Case{"alice@relay.example", "alice", "relay.example", 7443},
          Case{"alice@relay.example:9000", "alice", "relay.example", 9000},
          Case{"relay.example", "", "relay.example", 7443}, Case{"localhost:1", "", "localhost", 1},
          Case{"alice@[::1]", "alice", "::1", 7443},
          Case{"alice@[2001:db8::1]:65535", "alice", "2001:db8::1", 65535},
          Case{"a-b.c_d@127.0.0.1", "a-b.c_d", "127.0.0.1", 7443}}) {
        const auto read = parse_address(c.text);
        BOOST_REQUIRE_MESSAGE(read.has_value(), c.text);
        BOOST_TEST(read->user == c.user);
        BOOST_TEST(read->host == c.host);
        BOOST_TEST(read->port == c.port);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_address_is_refused) {
    for (const std::string& text : {""s,           "@"s,
                                    "bob@"s,       "@host"s,
                                    "Bob@host"s,   "bo b@host"s,
                                    "bob@host:"s,  "bob@host:x"s,
                                    "bob@host:0"s, "bob@host:65536"s,
                                    "a@b@c"s,      "bob@::1"s,
                                    "::1"s,        "bob@[::1"s,
                                    "bob@host/x"s, "bob@[::1]9000"s,
                                    "bob@[host]"s, "bob@[g::1]"s,
                                    "bob@-h"s,     "bob@.."s,
                                    " bob@host"s,  "bob@host "s,
                                    "bob@host\n"s}) {
        BOOST_TEST(!parse_address(text).has_value(), text);
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(user_names)

BOOST_AUTO_TEST_CASE(exactly_the_names_of_section_0_are_names) {
    for (const std::string& name :
         {"a"s, "0"s, "alice"s, "a.b"s, "a-"s, "a_"s, "a.."s, "0-_."s, std::string(32, 'z')}) {
        BOOST_TEST(is_user_name(name), name);
    }
    for (const std::string& name :
         {""s, "."s, "-a"s, "_a"s, ".a"s, "A"s, "aB"s, "a b"s, " a"s, "a "s, "a\n"s, "a\0"s, "a/b"s,
          "a@b"s, "\xC3\xA4"s, "a\xCC\x81"s, std::string(33, 'a')}) {
        BOOST_TEST(!is_user_name(name), name);
    }
}

BOOST_AUTO_TEST_CASE(every_single_byte_is_judged_by_the_table_of_section_0) {
    const std::string first = "abcdefghijklmnopqrstuvwxyz0123456789";
    for (int byte = 0; byte < 256; ++byte) {
        const std::string c(1, static_cast<char>(byte));
        const bool may_begin = first.find(c) != std::string::npos;
        BOOST_TEST(is_user_name(c) == may_begin, byte);
        BOOST_TEST(is_user_name("a" + c) == (may_begin || c == "." || c == "_" || c == "-"), byte);
    }
}

BOOST_AUTO_TEST_SUITE_END()
