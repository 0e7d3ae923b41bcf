#include "net/proxy/proxy_connector.h"
#include "net/proxy/proxy_dialogue.h"
#include "test/net/fake_proxy.h"
#include "test/net/link.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <optional>
#include <string>

using namespace sotto::net;
using sotto::test::FakeProxy;
using State = ProxyDialogue::State;
using namespace std::string_literals;

namespace {

const std::string kSocksAccepts = "\x05\x00\x00\x01\x7f\x00\x00\x01\x1d\x13"s;
const std::string kHttpAccepts = "HTTP/1.1 200 Connection established\r\nVia: a proxy\r\n\r\n";

Proxy proxy(const std::string& text) {
    const auto read = parse_proxy(text);
    BOOST_REQUIRE(read.has_value());
    return *read;
}

/// Hands `answer` to the dialogue as it asks for it; what is left over.
std::string answer(ProxyDialogue& dialogue, std::string bytes) {
    while (!bytes.empty() && dialogue.state() != State::done && dialogue.state() != State::failed) {
        const auto size = std::min(bytes.size(), dialogue.wanted());
        BOOST_REQUIRE(size > 0U);
        dialogue.read(bytes.substr(0, size));
        bytes.erase(0, size);
    }
    return bytes;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_name_of_a_proxy)

BOOST_AUTO_TEST_CASE(is_read_with_what_it_leaves_out) {
    const Proxy tor = proxy("socks5://127.0.0.1:9050");
    BOOST_TEST((tor.kind == Proxy::Kind::socks5));
    BOOST_TEST(tor.host == "127.0.0.1");
    BOOST_TEST(tor.port == 9050);
    BOOST_TEST(tor.user.empty());
    BOOST_TEST(proxy("socks5h://tor").port == 1080);
    BOOST_TEST(proxy("SOCKS5://[::1]:9050/").host == "::1");
    const Proxy office = proxy("http://me:p%40ss%3a@proxy.example");
    BOOST_TEST((office.kind == Proxy::Kind::http));
    BOOST_TEST(office.port == 8080);
    BOOST_TEST(office.user == "me");
    BOOST_TEST(office.password == "p@ss:");
}

BOOST_AUTO_TEST_CASE(is_refused_if_it_is_none_without_telling_the_password) {
    for (const char* text :
         {"", "127.0.0.1:9050", "https://secret:secret@proxy", "ftp://proxy", "socks5://",
          "socks5://host:0", "socks5://host:65536", "socks5://host:", "socks5://ho st",
          "socks5://[::1", "socks5://[host]", "http://:secret@host", "http://secret%4@host",
          "http://secret%zz@host", "socks5://host:1:2", "socks5://host\r\nsecret"}) {
        const auto read = parse_proxy(text);
        BOOST_TEST_CONTEXT(text) {
            BOOST_REQUIRE(!read.has_value());
            BOOST_TEST(read.error().find("secret") == std::string::npos);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_dialogue_with_a_socks_proxy)

BOOST_AUTO_TEST_CASE(asks_it_to_resolve_the_name) {
    ProxyDialogue dialogue(proxy("socks5://p"), "relay.example", 7443);
    BOOST_TEST(dialogue.take_output() == "\x05\x01\x00"s);
    answer(dialogue, "\x05\x00"s);
    BOOST_TEST(dialogue.take_output() == "\x05\x01\x00\x03\x0drelay.example\x1d\x13"s);
    BOOST_TEST(answer(dialogue, kSocksAccepts + "TLS").size() == 3U);  // the relay's bytes stay
    BOOST_TEST((dialogue.state() == State::done));
}

BOOST_AUTO_TEST_CASE(names_an_address_as_an_address) {
    ProxyDialogue four(proxy("socks5://p"), "127.0.0.1", 1);
    answer(four, "\x05\x00"s);
    BOOST_TEST(four.take_output() == "\x05\x01\x00\x05\x01\x00\x01\x7f\x00\x00\x01\x00\x01"s);
    ProxyDialogue six(proxy("socks5://p"), "::1", 1);
    answer(six, "\x05\x00"s);
    BOOST_TEST(six.take_output() ==
               "\x05\x01\x00\x05\x01\x00\x04"s + std::string(15, '\0') + "\x01\x00\x01"s);
}

BOOST_AUTO_TEST_CASE(takes_answers_with_any_kind_of_address) {
    for (const std::string& bound : {"\x01"s + std::string(4, 'a'), "\x04"s + std::string(16, 'a'),
                                     "\x03\x05"s + "proxy"s, "\x03\x00"s}) {
        ProxyDialogue dialogue(proxy("socks5://p"), "relay", 1);
        answer(dialogue, "\x05\x00"s);
        BOOST_TEST(answer(dialogue, "\x05\x00\x00"s + bound + "pp" + "rest") == "rest");
        BOOST_TEST((dialogue.state() == State::done));
    }
}

BOOST_AUTO_TEST_CASE(signs_in_where_the_proxy_asks_for_it) {
    ProxyDialogue dialogue(proxy("socks5://me:secret@p"), "relay", 1);
    BOOST_TEST(dialogue.take_output() == "\x05\x02\x00\x02"s);
    answer(dialogue, "\x05\x02"s);
    BOOST_TEST(dialogue.take_output() == "\x01\x02me\x06secret"s);
    answer(dialogue, "\x01\x00"s);
    BOOST_TEST(dialogue.take_output() == "\x05\x01\x00\x03\x05relay\x00\x01"s);
    BOOST_TEST((dialogue.state() == State::request));
}

BOOST_AUTO_TEST_CASE(fails_with_a_sentence) {
    const auto said = [](const std::string& name, const std::vector<std::string>& answers) {
        ProxyDialogue dialogue(proxy(name), "relay", 1);
        for (const std::string& one : answers) {
            answer(dialogue, one);
        }
        BOOST_TEST((dialogue.state() == State::failed));
        return dialogue.reason();
    };
    BOOST_TEST(said("socks5://p", {"\x05\xff"s}) == "the proxy asks for a user and a password");
    BOOST_TEST(said("socks5://p", {"\x05\x02"s}) == "the proxy asks for a user and a password");
    BOOST_TEST(said("socks5://a:b@p", {"\x05\x02"s, "\x01\x01"s}) ==
               "the proxy refused the user or the password");
    BOOST_TEST(said("socks5://p", {"HTTP/1.1 400"}) == "the proxy does not speak SOCKS5");
    BOOST_TEST(said("socks5://p", {"\x05\x00"s, "\x05\x05\x00\x01\x00"s}) ==
               "the proxy did not reach the relay: the relay refused the connection");
    BOOST_TEST(said("socks5://p", {"\x05\x00"s, "\x05\xee\x00\x01\x00"s}) ==
               "the proxy did not reach the relay: it failed");
    BOOST_TEST(said("socks5://p", {"\x05\x00"s, "\x05\x00\x00\x07\x00"s}) ==
               "the proxy's answer is not SOCKS5");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_dialogue_with_an_http_proxy)

BOOST_AUTO_TEST_CASE(asks_for_a_connection) {
    ProxyDialogue dialogue(proxy("http://me:secret@p"), "::1", 7443);
    BOOST_TEST(dialogue.take_output() ==
               "CONNECT [::1]:7443 HTTP/1.1\r\nHost: [::1]:7443\r\n"
               "Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n");
    BOOST_TEST(answer(dialogue, kHttpAccepts + "TLS") == "TLS");
    BOOST_TEST((dialogue.state() == State::done));
}

BOOST_AUTO_TEST_CASE(fails_with_a_sentence) {
    const auto said = [](const std::string& text) {
        ProxyDialogue dialogue(proxy("http://p"), "relay", 1);
        answer(dialogue, text);
        BOOST_TEST((dialogue.state() == State::failed));
        return dialogue.reason();
    };
    BOOST_TEST(said("HTTP/1.1 407 x\r\n\r\n") ==
               "the proxy asks for a user and a password, or refused them");
    BOOST_TEST(said("HTTP/1.1 503 x\r\n\r\n") == "the proxy did not reach the relay");
    BOOST_TEST(said("HTTP/1.12200\r\n\r\n") == "the proxy did not reach the relay");
    BOOST_TEST(said("\x15\x03\x01"s) == "the proxy does not speak HTTP");
    BOOST_TEST(said("HTTP/1.1 200 " + std::string(10'000, 'x')) ==
               "the proxy's answer is too long");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(connecting_through_a_proxy)

BOOST_AUTO_TEST_CASE(reaches_a_relay_whose_name_only_the_proxy_can_resolve) {
    for (const bool socks : {true, false}) {
        Link link;
        link.serve();
        FakeProxy fake(
            socks ? std::vector<FakeProxy::Step>{{"", 3, "\x05\x00"s}, {"", 20, kSocksAccepts}}
                  : std::vector<FakeProxy::Step>{{"\r\n\r\n", 0, kHttpAccepts}},
            link.port);
        bool open = false;
        ClientEndpoint client(
            link.loop,
            {[](const RelayCertificate&) { return true; }, [&](const LinkFacts&) { open = true; },
             [](std::string_view) {}, [](const LinkEnd& end) { BOOST_ERROR(end.reason); }},
            {},
            proxy((socks ? "socks5://127.0.0.1:" : "http://127.0.0.1:") +
                  std::to_string(fake.port())));
        client.connect("relay.invalid", 7443);
        BOOST_TEST(link.until([&] { return open; }));
        BOOST_TEST(fake.heard().find("relay.invalid") != std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(looks_nothing_up_but_the_proxy) {
    Loop loop;
    FakeProxy fake({{"", 3, "\x05\x00"s}, {"", 20, "\x05\x04\x00\x01\x00"s}}, 0);
    std::optional<Connector::Result> result;
    ProxyConnector connector(loop, proxy("socks5://tor:" + std::to_string(fake.port())),
                             [](const std::string& host) {
                                 return host == "tor" ? look_up_addresses("127.0.0.1")
                                                      : Addresses{{}, "asked for " + host};
                             });
    connector.connect("relay.invalid", 7443,
                      [&](Connector::Result came) { result = std::move(came); });
    const auto end = Loop::Clock::now() + std::chrono::seconds(20);
    while (!result && Loop::Clock::now() < end) {
        loop.run_for(std::chrono::milliseconds(2));
    }
    BOOST_REQUIRE(result.has_value());
    BOOST_TEST(result->reason ==
               "the proxy did not reach the relay: the host can't be reached or found");
}

BOOST_AUTO_TEST_CASE(a_proxy_that_is_not_there_is_said_to_be_missing) {
    Loop loop;
    std::optional<Connector::Result> result;
    ProxyConnector connector(loop, proxy("socks5://tor"), [](const std::string&) {
        return Addresses{{}, "there is no host"};
    });
    connector.connect("relay", 1, [&](Connector::Result came) { result = std::move(came); });
    const auto end = Loop::Clock::now() + std::chrono::seconds(20);
    while (!result && Loop::Clock::now() < end) {
        loop.run_for(std::chrono::milliseconds(2));
    }
    BOOST_REQUIRE(result.has_value());
    BOOST_TEST(result->reason == "the proxy can't be reached: there is no host");
}

BOOST_AUTO_TEST_SUITE_END()
