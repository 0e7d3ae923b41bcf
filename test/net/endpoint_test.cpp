#include "test/net/link.h"

#include <stdexcept>

using namespace sotto::net;
using How = LinkEnd::How;

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
    BOOST_REQUIRE(until([this] { return end && server->connections() == 0; }));
    BOOST_TEST((end->how == How::closed_here));
    BOOST_TEST((Loop::Clock::now() - start < std::chrono::seconds(3)));
    BOOST_TEST((ended == ids));
}

BOOST_AUTO_TEST_CASE(a_client_that_vanishes_is_noticed) {
    open();
    client.reset();
    BOOST_REQUIRE(until([this] { return !ended.empty(); }));
    BOOST_TEST((ended == ids));
}

BOOST_AUTO_TEST_CASE(a_relay_that_falls_silent_is_given_up_without_waiting_for_the_next_ping) {
    pace.ping = std::chrono::minutes(10);
    pace.silence = std::chrono::milliseconds(50);
    open();
    BOOST_REQUIRE(until([this] { return end.has_value(); }));
    BOOST_TEST((end->how == LinkEnd::How::lost));
    BOOST_TEST(!client->is_open());
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
    BOOST_CHECK_EXCEPTION(
        ServerEndpoint(loop, options, {}), std::runtime_error, [](const std::runtime_error& error) {
            const std::string why = error.what();
            return why.find("is not that of the certificate") != std::string::npos;
        });
    std::ofstream(options.certificate_file, std::ios::trunc) << "nothing";
    BOOST_CHECK_THROW(ServerEndpoint(loop, options, {}), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
