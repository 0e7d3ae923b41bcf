#include "net/io/certificate.h"
#include "net/io/client_endpoint.h"
#include "net/io/loop.h"
#include "net/io/server_endpoint.h"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

using namespace sotto::net;
using How = LinkEnd::How;

namespace {

/// A real relay endpoint and a real client endpoint on one loop, over loopback.
struct Link {
    Link() {
        const CertificatePair pair = make_self_signed("relay.example");
        std::ofstream(options.certificate_file) << pair.certificate;
        std::ofstream(options.key_file) << pair.key;
    }
    ~Link() {
        client.reset();
        server.reset();
        std::remove(options.certificate_file.c_str());
        std::remove(options.key_file.c_str());
    }

    void serve() {
        server = std::make_unique<ServerEndpoint>(
            loop, options,
            ServerEndpoint::Callbacks{[this](ConnectionId id, const LinkFacts& facts) {
                                          ids.push_back(id);
                                          server_facts = facts;
                                      },
                                      [this](ConnectionId id, ServerEndpoint::Message& message) {
                                          server->forward(id, message);
                                      },
                                      [this](ConnectionId id) {
                                          too_large = true;
                                          server->send(id, "too_large");
                                          server->close(id, 1009, "too large");
                                      },
                                      [this](ConnectionId id) { ended.push_back(id); }});
        const auto listening = server->listen("127.0.0.1", 0);
        BOOST_REQUIRE(listening.has_value());
        port = *listening;
    }

    void connect() {
        client = std::make_unique<ClientEndpoint>(
            loop, ClientEndpoint::Callbacks{
                      [this](const RelayCertificate& seen) {
                          judged = seen;
                          return trust;
                      },
                      [this](const LinkFacts& facts) { client_facts = facts; },
                      [this](std::string_view text) { received.emplace_back(text); },
                      [this](const LinkEnd& how) { end = how; }});
        client->connect("127.0.0.1", port);
    }

    void open() {
        serve();
        connect();
        BOOST_REQUIRE(until([this] { return client_facts && !ids.empty(); }));
    }

    bool until(const std::function<bool()>& done) {
        const auto deadline = Loop::Clock::now() + std::chrono::seconds(10);
        while (!done() && Loop::Clock::now() < deadline) {
            loop.run_for(std::chrono::milliseconds(50));
        }
        return done();
    }

    Loop loop;
    ServerEndpoint::Options options = [] {
        ServerEndpoint::Options out;
        const std::string base = "/tmp/sotto-link-" + std::to_string(::getpid());
        out.certificate_file = base + ".pem";
        out.key_file = base + ".key";
        return out;
    }();
    std::unique_ptr<ServerEndpoint> server;
    std::unique_ptr<ClientEndpoint> client;
    std::uint16_t port = 0;
    bool trust = true;
    bool too_large = false;
    std::vector<ConnectionId> ids;
    std::vector<ConnectionId> ended;
    std::vector<std::string> received;
    std::optional<RelayCertificate> judged;
    std::optional<LinkFacts> client_facts;
    LinkFacts server_facts;
    std::optional<LinkEnd> end;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(endpoints, Link)

BOOST_AUTO_TEST_CASE(both_ends_export_the_same_bytes_and_the_client_sees_the_servers_pin) {
    open();
    BOOST_TEST((client_facts->exporter == server_facts.exporter));
    BOOST_TEST((client_facts->exporter != Exporter{}));
    BOOST_TEST((client_facts->pin == server->pin()));
    BOOST_TEST((judged->pin == server->pin()));
    BOOST_TEST(!judged->chain_verified);
    BOOST_TEST(server_facts.remote == "127.0.0.1");
}

BOOST_AUTO_TEST_CASE(forwarded_messages_come_byte_for_byte_and_in_order) {
    open();
    std::vector<std::string> sent;
    for (const std::size_t size : {1U, 125U, 126U, 65'535U, 65'536U}) {
        sent.emplace_back(size, 'x');
    }
    sent.emplace_back("{ \"white\" :\t\"\xC3\xA9 \xF0\x9F\x90\xA7\" }");
    for (const std::string& text : sent) {
        client->send(text);
    }
    BOOST_REQUIRE(until([&] { return received.size() == sent.size(); }));
    BOOST_TEST((received == sent));
}

BOOST_AUTO_TEST_CASE(a_message_that_is_too_large_gets_its_error_and_1009) {
    open();
    client->send(std::string(65'537, 'x'));
    BOOST_REQUIRE(until([this] { return end.has_value(); }));
    BOOST_TEST(too_large);
    BOOST_TEST((received == std::vector<std::string>{"too_large"}));
    BOOST_TEST((end->how == How::closed));
    BOOST_TEST(end->code == 1009);
}

BOOST_AUTO_TEST_CASE(what_was_sent_before_a_close_arrives_with_code_and_reason) {
    open();
    server->send(ids[0], "last words");
    server->close(ids[0], 1008, "why");
    BOOST_REQUIRE(until([this] { return end && !ended.empty(); }));
    BOOST_TEST((received == std::vector<std::string>{"last words"}));
    BOOST_TEST((end->how == How::closed));
    BOOST_TEST(end->code == 1008);
    BOOST_TEST(end->reason == "why");
    BOOST_TEST((ended == ids));
}

BOOST_AUTO_TEST_CASE(a_close_by_the_client_ends_both_sides_within_2_s) {
    open();
    const auto start = Loop::Clock::now();
    client->close(1000, "");
    BOOST_REQUIRE(until([this] { return end && !ended.empty(); }));
    BOOST_TEST((end->how == How::closed_here));
    BOOST_TEST((Loop::Clock::now() - start < std::chrono::seconds(3)));
    BOOST_TEST(server->connections() == 0U);
}

BOOST_AUTO_TEST_CASE(a_client_that_vanishes_is_noticed) {
    open();
    client.reset();
    BOOST_REQUIRE(until([this] { return !ended.empty(); }));
    BOOST_TEST((ended == ids));
}

BOOST_AUTO_TEST_CASE(connection_ids_are_not_reused) {
    open();
    client.reset();
    BOOST_REQUIRE(until([this] { return !ended.empty(); }));
    connect();
    BOOST_REQUIRE(until([this] { return ids.size() == 2; }));
    BOOST_TEST(ids[0] != ids[1]);
}

BOOST_AUTO_TEST_CASE(an_untrusted_relay_never_sees_a_connection) {
    trust = false;
    serve();
    connect();
    BOOST_REQUIRE(until([this] { return end.has_value(); }));
    BOOST_TEST((end->how == How::untrusted));
    BOOST_TEST(ids.empty());
}

BOOST_AUTO_TEST_CASE(a_port_in_use_and_a_bad_address_are_sentences) {
    serve();
    const auto taken = server->listen("127.0.0.1", port);
    BOOST_TEST(!taken.has_value());
    const auto bad = server->listen("nowhere", 0);
    BOOST_REQUIRE(!bad.has_value());
    BOOST_TEST(bad.error().find("nowhere") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(an_unreadable_certificate_or_a_key_of_another_is_refused_at_the_start) {
    std::ofstream(options.key_file, std::ios::trunc) << make_self_signed("other").key;
    BOOST_CHECK_THROW(ServerEndpoint(loop, options, {}), std::runtime_error);
    std::ofstream(options.certificate_file, std::ios::trunc) << "nothing";
    BOOST_CHECK_THROW(ServerEndpoint(loop, options, {}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
