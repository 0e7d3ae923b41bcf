#include "crypto/base/host_port.h"

#include <boost/test/unit_test.hpp>

#include <string>

namespace base = sotto::base;

BOOST_AUTO_TEST_SUITE(a_host_and_port)

BOOST_AUTO_TEST_CASE(is_read_with_and_without_a_port) {
    struct Case {
        const char* text;
        const char* host;
        int port;  // 0: none
    };
    for (const Case& one : {Case{"relay.example", "relay.example", 0},
                            {"a:1", "a", 1},
                            {"RELAY.Example:65535", "relay.example", 65'535},
                            {"127.0.0.1:7443", "127.0.0.1", 7'443},
                            {"[::1]", "::1", 0},
                            {"[FE80::1]:80", "fe80::1", 80},
                            {"a_b-c.d:0080", "a_b-c.d", 80}}) {
        const auto read = base::parse_host_port(one.text);
        BOOST_REQUIRE_MESSAGE(read.has_value(), one.text);
        BOOST_TEST(read->host == one.host);
        BOOST_TEST(read->port.value_or(0) == one.port);
    }
}

BOOST_AUTO_TEST_CASE(that_is_malformed_is_refused_with_a_sentence) {
    for (const std::string& text :
         {std::string(),          std::string(":1"),      std::string("a:"),
          std::string("a:0"),     std::string("a:65536"), std::string("a:99999999999999999999"),
          std::string("a:1x"),    std::string("a:+1"),    std::string("a: 1"),
          std::string("a b"),     std::string("-a"),      std::string(".a"),
          std::string("a..b"),    std::string("::1"),     std::string("[::1"),
          std::string("[]"),      std::string("[a.b]"),   std::string("[::1]x"),
          std::string("[::1]80"), std::string("[::g]:1"), std::string("a/b"),
          std::string("a\0b", 3), std::string(254, 'a')}) {
        const auto read = base::parse_host_port(text);
        BOOST_REQUIRE_MESSAGE(!read.has_value(), text);
        BOOST_TEST(!read.error().what.empty());
    }
    BOOST_TEST(base::parse_host_port(std::string(253, 'a')).has_value());
}

BOOST_AUTO_TEST_CASE(is_written_as_it_is_read) {
    BOOST_TEST(base::host_port("relay.example", 7'443) == "relay.example:7443");
    BOOST_TEST(base::host_port("::1", 80) == "[::1]:80");
    BOOST_TEST(base::bracketed("::1") == "[::1]");
    BOOST_TEST(base::bracketed("a") == "a");
    const auto back = base::parse_host_port(base::host_port("fe80::1", 9));
    BOOST_REQUIRE(back.has_value());
    BOOST_TEST(back->host == "fe80::1");
    BOOST_TEST(back->port.value() == 9);
}

BOOST_AUTO_TEST_CASE(may_ask_for_any_free_port_where_somebody_listens) {
    BOOST_TEST(!base::parse_host_port("a:0").has_value());
    BOOST_TEST(base::parse_host_port("a:0", 0).value().port.value() == 0);
    BOOST_TEST(!base::parse_host_port("a:", 0).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
