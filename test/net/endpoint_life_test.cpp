// Endpoints that come, go, reload, run out and are held back.
#include "net/wire/limits.h"
#include "test/net/link.h"
#include "test/net/raw_client.h"

#include <fcntl.h>
#include <openssl/err.h>
#include <sys/resource.h>
#include <sys/socket.h>

using namespace sotto::net;
using How = LinkEnd::How;

BOOST_FIXTURE_TEST_SUITE(endpoint_life, Link)

BOOST_AUTO_TEST_CASE(a_reloaded_certificate_holds_from_the_next_accepted_connection_on) {
    open();
    const Pin old = server->pin();
    const CertificatePair pair = make_self_signed("relay.example");
    std::ofstream(options.certificate_file, std::ios::trunc) << pair.certificate;
    std::ofstream(options.key_file, std::ios::trunc) << pair.key;
    BOOST_REQUIRE(server->reload_certificate().has_value());
    BOOST_TEST((server->pin() != old));
    client_facts.reset();
    connect();
    BOOST_REQUIRE(until([this] { return client_facts && ids.size() == 2; }));
    BOOST_TEST((client_facts->pin == server->pin()));
    BOOST_TEST((server_facts.pin == server->pin()));
}

BOOST_AUTO_TEST_CASE(a_certificate_that_cant_be_reloaded_leaves_the_old_one_in_use) {
    open();
    const Pin old = server->pin();
    std::ofstream(options.certificate_file, std::ios::trunc) << "nothing";
    BOOST_TEST(!server->reload_certificate().has_value());
    BOOST_TEST((server->pin() == old));
    client_facts.reset();
    connect();
    BOOST_REQUIRE(until([this] { return client_facts.has_value(); }));
    BOOST_TEST((client_facts->pin == old));
}

BOOST_AUTO_TEST_CASE(endpoints_may_go_while_the_loop_lives_and_much_is_under_way) {
    open();
    RawClient half_open(port);
    RawClient another(port);
    client->send(std::string(60'000, 'x'));
    server->send(ids[0], std::string(60'000, 'y'));
    BOOST_REQUIRE(until([this] { return server->half_open() == 2; }));
    server->close(ids[0], 1001, "");
    server.reset();
    loop.run_for(std::chrono::milliseconds(20));
    client->close(1000, "");
    client.reset();
    for (int turn = 0; turn < 50; ++turn) {
        loop.run_for(std::chrono::milliseconds(5));
    }
    BOOST_TEST(half_open.ends());
}

BOOST_AUTO_TEST_CASE(a_client_may_go_while_it_connects) {
    serve();
    for (int turns = 0; turns < 12; ++turns) {
        connect();
        for (int turn = 0; turn < turns; ++turn) {
            loop.run_for(std::chrono::milliseconds(1));
        }
        client.reset();
        loop.run_for(std::chrono::milliseconds(1));
    }
    BOOST_TEST(!end.has_value());
    BOOST_TEST(until([this] { return server->half_open() + server->connections() == 0; }));
}

BOOST_AUTO_TEST_CASE(endpoints_may_go_from_their_own_callbacks) {
    bool gone = false;
    server = std::make_unique<ServerEndpoint>(
        loop, options,
        ServerEndpoint::Callbacks{[this](ConnectionId id, const LinkFacts&) { ids.push_back(id); },
                                  [&](ConnectionId, ServerEndpoint::Message&) {
                                      gone = true;
                                      server.reset();  // and this function with it
                                  },
                                  [](ConnectionId) {}, [](ConnectionId) {}});
    port = server->listen("127.0.0.1", 0).value();
    connect();
    BOOST_REQUIRE(until([this] { return client_facts.has_value(); }));
    client->send("go");
    BOOST_REQUIRE(until([&] { return gone && end.has_value(); }));
    BOOST_TEST((end->how == How::lost));

    serve();
    client = std::make_unique<ClientEndpoint>(
        loop, ClientEndpoint::Callbacks{[](const RelayCertificate&) { return true; },
                                        [this](const LinkFacts&) { client.reset(); },
                                        [](std::string_view) {}, [](const LinkEnd&) {}});
    client->connect("127.0.0.1", port);
    BOOST_TEST(until([this] { return client == nullptr; }));
    BOOST_TEST(until([this] { return server->connections() == 0 && server->half_open() == 0; }));
}

BOOST_AUTO_TEST_CASE(a_relay_that_is_not_there_is_unreachable_not_a_failure_of_tls) {
    serve();
    const std::uint16_t closed = port;
    server.reset();
    port = closed;
    connect();
    BOOST_REQUIRE(until([this] { return end.has_value(); }));
    BOOST_TEST((end->how == How::unreachable), end->reason);
}

BOOST_AUTO_TEST_CASE(a_relay_that_closes_before_tls_is_unreachable_and_one_without_tls_is_said) {
    options.connections.in_all = 1;
    open();
    ClientEndpoint::Callbacks callbacks{[](const RelayCertificate&) { return true; },
                                        [](const LinkFacts&) {}, [](std::string_view) {},
                                        [this](const LinkEnd& how) { end = how; }};
    ClientEndpoint second(loop, callbacks);
    second.connect("127.0.0.1", port);
    BOOST_REQUIRE(until([this] { return end.has_value(); }));
    BOOST_TEST((end->how == How::unreachable), end->reason);
    BOOST_TEST(server->totals().refused == 1U);

    Descriptor plain(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_storage at{};
    socklen_t size = sizeof at;
    BOOST_REQUIRE_EQUAL(::listen(plain.get(), 4), 0);
    ::getsockname(plain.get(), reinterpret_cast<sockaddr*>(&at), &size);
    end.reset();
    second.connect("127.0.0.1", ntohs(reinterpret_cast<sockaddr_in*>(&at)->sin_port));
    meanwhile([&] {
        const Descriptor accepted(::accept(plain.get(), nullptr, nullptr));
        ::send(accepted.get(), "HTTP/1.1 400 Bad Request\r\n\r\n", 28, MSG_NOSIGNAL);
        char byte[512];
        while (::recv(accepted.get(), byte, sizeof byte, 0) > 0) {
        }
    });
    BOOST_REQUIRE(until([this] { return end.has_value(); }));
    BOOST_TEST((end->how == How::tls_failed), end->reason);
}

BOOST_AUTO_TEST_CASE(the_time_of_accept_is_told_however_long_tls_took) {
    serve();
    RawClient slow(port);
    BOOST_REQUIRE(until([this] { return server->half_open() == 1; }));
    const auto before_tls = Loop::Clock::now();
    meanwhile([&] { slow.upgrade(); });
    BOOST_REQUIRE(until([this] { return ids.size() == 1; }));
    BOOST_TEST((server_facts.accepted <= before_tls));
    BOOST_TEST((server_facts.accepted + std::chrono::seconds(20) > before_tls));
}

BOOST_AUTO_TEST_CASE(who_does_not_finish_its_handshake_in_time_is_closed) {
    options.handshake_seconds = 1;
    serve();
    RawClient nothing(port);
    RawClient no_upgrade(port);
    RawClient half_a_request(port);
    meanwhile([&] {
        no_upgrade.tls();
        half_a_request.tls();
        half_a_request.send("GET / HTTP/1.1\r\nHost: ");
    });
    BOOST_TEST(until([this] { return server->half_open() == 0; }));
    BOOST_TEST(nothing.ends());
    BOOST_TEST(no_upgrade.ends());
    BOOST_TEST(half_a_request.ends());
    BOOST_TEST(server->totals().failed == 3U);
}

BOOST_AUTO_TEST_CASE(a_peer_that_answers_no_ping_is_closed_and_one_that_does_stays) {
    options.silence_seconds = 2;
    options.ping_seconds = 1;
    open();
    const auto opened = Loop::Clock::now();
    RawClient mute(port);
    meanwhile([&] { mute.upgrade(); });
    BOOST_REQUIRE(until([this] { return server->totals().cut_silent > 0; }));
    BOOST_TEST((Loop::Clock::now() - opened >= std::chrono::seconds(2)));
    BOOST_TEST(until([this] { return server->connections() == 1; }));
    BOOST_TEST(mute.ends());
}

BOOST_AUTO_TEST_CASE(a_peer_that_dribbles_a_frame_is_silent) {
    options.silence_seconds = 1;
    open();
    RawClient slow(port);
    meanwhile([&] { slow.upgrade(); });
    slow.send(RawClient::head(0x81, 60'000));
    auto next = Loop::Clock::now();
    BOOST_TEST(until([&] {
        if (server->totals().cut_silent == 0 && Loop::Clock::now() >= next) {
            slow.send("x");
            next += std::chrono::milliseconds(100);
        }
        return server->totals().cut_silent > 0;
    }));
}

BOOST_AUTO_TEST_CASE(half_open_handshakes_end_with_stop_listening_and_open_ones_go_on) {
    open();
    RawClient half_open(port);
    BOOST_REQUIRE(until([this] { return server->half_open() == 1; }));
    server->stop_listening();
    BOOST_TEST(until([this] { return server->half_open() == 0; }));
    BOOST_TEST(half_open.ends());
    client->send("still here");
    BOOST_TEST(until([this] { return received.size() == 1; }));
    BOOST_CHECK_THROW(RawClient{port}, std::runtime_error);
}

BOOST_AUTO_TEST_CASE(connections_beyond_the_limits_are_refused_and_room_comes_back) {
    options.connections.per_network = 2;
    options.limiter = std::make_shared<ConnectionLimiter>();
    open();
    auto second = std::make_unique<RawClient>(port);
    meanwhile([&] { second->upgrade(); });
    RawClient third(port);
    BOOST_TEST(until([this] { return server->totals().refused == 1; }));
    BOOST_TEST(third.ends());
    BOOST_TEST(options.limiter->refusals().per_network == 1U);
    BOOST_TEST(options.limiter->refusals().in_all == 0U);
    second.reset();
    BOOST_REQUIRE(until([this] { return server->connections() == 1; }));
    RawClient fourth(port);
    meanwhile([&] { BOOST_TEST(fourth.upgrade().find(" 101 ") != std::string::npos); });
}

BOOST_AUTO_TEST_CASE(without_descriptors_others_are_served_the_loop_rests_and_it_recovers) {
    open();
    rlimit before{};
    ::getrlimit(RLIMIT_NOFILE, &before);
    RawClient late(port);  // in the backlog: what accepts it needs one more
    const Descriptor probe(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    const rlimit none{static_cast<rlim_t>(probe.get()), before.rlim_max};
    BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_NOFILE, &none), 0);
    const bool said = until([this] { return !troubles.empty(); });
    client->send("served");
    const bool served = until([this] { return received.size() == 1; });
    int turns = 0;
    const auto stop = Loop::Clock::now() + std::chrono::milliseconds(300);
    while (Loop::Clock::now() < stop) {
        loop.run_for(std::chrono::milliseconds(50));
        ++turns;
    }
    ::setrlimit(RLIMIT_NOFILE, &before);
    BOOST_TEST(said);
    BOOST_TEST(served);
    BOOST_TEST(turns < 60);
    BOOST_TEST(troubles.size() == 1U);  // said once, not each time
    meanwhile([&] { BOOST_TEST(late.upgrade().find(" 101 ") != std::string::npos); });
    RawClient later(port);
    BOOST_REQUIRE_EQUAL(::setrlimit(RLIMIT_NOFILE, &none), 0);
    loop.run_for(std::chrono::milliseconds(300));
    ::setrlimit(RLIMIT_NOFILE, &before);
    BOOST_TEST(server->connections() == 2U);
    BOOST_TEST(troubles.size() == 1U);  // nor each time that somebody has made room
    meanwhile([&] { BOOST_TEST(later.upgrade().find(" 101 ") != std::string::npos); });
}

BOOST_AUTO_TEST_CASE(bytes_that_the_kernel_has_not_taken_are_counted_and_too_many_end_the_reader) {
    options.max_queued_bytes = 4U << 20U;
    serve();
    RawClient deaf(port);
    meanwhile([&] { deaf.upgrade(); });
    BOOST_REQUIRE(until([this] { return ids.size() == 1; }));
    const std::string block(60'000, 'x');
    server->send(ids[0], block);
    BOOST_TEST(server->queued_bytes(ids[0]) >= block.size());  // before a turn of the loop
    std::size_t most = 0;
    for (int turn = 0; turn < 4'000 && ended.empty(); ++turn) {
        server->send(ids[0], block);
        loop.run_for(std::chrono::milliseconds(1));
        most = std::max(most, server->queued_bytes(ids[0]));
    }
    BOOST_TEST((ended == ids));
    BOOST_TEST(most > (1U << 20U));
    BOOST_TEST(most <= options.max_queued_bytes + (1U << 17U));
    BOOST_TEST(server->totals().cut_slow == 1U);
}

BOOST_AUTO_TEST_CASE(a_connection_whose_owner_runs_out_of_memory_ends_like_any_other) {
    options.memory = std::make_shared<MemoryBudget>();
    options.connections.per_network = 2;
    serve();
    RawClient hears(port);
    meanwhile([&] { hears.upgrade(); });
    BOOST_REQUIRE(until([this] { return ids.size() == 1; }));
    besides = [] { throw std::bad_alloc(); };
    hears.send(RawClient::frame(0x81, "n\xC3\xA4, by way of websocketpp"));
    RawClient opens(port);
    meanwhile([&] { (void)opens.upgrade(); });
    BOOST_TEST(until([this] { return ended.size() == 2; }));
    BOOST_TEST(server->connections() == 0U);
    BOOST_TEST(until([this] { return options.memory->used() == 0; }));
    besides = [] {};
    RawClient next(port);
    meanwhile([&] { BOOST_TEST(next.upgrade().find(" 101 ") != std::string::npos); });
}

BOOST_AUTO_TEST_CASE(who_has_begun_to_close_is_gone_though_the_connection_stands) {
    for (const std::string& last : {RawClient::frame(0x88, "\x03\xE8"),  // a close
                                    RawClient::frame(0xC1, "x")}) {      // what is no frame
        ended.clear();
        ids.clear();
        serve();
        RawClient raw(port);
        meanwhile([&] { raw.upgrade(); });
        BOOST_REQUIRE(until([this] { return ids.size() == 1; }));
        raw.send(last);
        BOOST_TEST(until([this] { return !ended.empty(); }));
        BOOST_TEST(server->connections() == 1U);
        BOOST_TEST(until([this] { return server->connections() == 0; }));
        BOOST_TEST((ended == ids));  // told once
    }
}

BOOST_AUTO_TEST_CASE(a_slow_reader_gets_all_in_order_once_it_reads) {
    serve();
    RawClient slow(port);
    meanwhile([&] { slow.upgrade(); });
    BOOST_REQUIRE(until([this] { return ids.size() == 1; }));
    std::vector<std::string> sent;
    while (server->queued_bytes(ids[0]) < (1U << 20U) && sent.size() < 2'000) {
        sent.emplace_back(std::to_string(sent.size()) + std::string(20'000, 'x'));
        server->send(ids[0], sent.back());
        loop.run_for(std::chrono::milliseconds(1));
    }
    meanwhile([&] {
        for (const std::string& text : sent) {
            if (slow.read_frame_past_pings().payload != text) {
                throw std::runtime_error("not what was sent");
            }
        }
    });
    BOOST_TEST(server->queued_bytes(ids[0]) == 0U);
}

BOOST_AUTO_TEST_CASE(a_paused_sender_is_not_heard_and_nothing_is_lost_when_it_is_again) {
    open();
    client->send("first");
    BOOST_REQUIRE(until([this] { return heard.size() == 1; }));
    server->pause_reading(ids[0], true);
    std::vector<std::string> sent{"first"};
    for (int number = 0; number < 300; ++number) {
        sent.emplace_back(std::to_string(number) + std::string(5'000, 'x'));
        client->send(sent.back());
    }
    for (int turn = 0; turn < 100; ++turn) {
        loop.run_for(std::chrono::milliseconds(1));
    }
    BOOST_TEST(heard.size() == 1U);
    server->pause_reading(ids[0], false);
    BOOST_REQUIRE(until([&] { return heard.size() == sent.size(); }));
    BOOST_TEST((heard == sent));
}

BOOST_AUTO_TEST_CASE(a_sender_that_is_paused_by_what_it_says_is_heard_to_the_end_in_order) {
    bool paused = false;
    bool heard_in_a_pause = false;
    server = std::make_unique<ServerEndpoint>(
        loop, options,
        ServerEndpoint::Callbacks{[this](ConnectionId id, const LinkFacts&) { ids.push_back(id); },
                                  [&](ConnectionId id, ServerEndpoint::Message& message) {
                                      heard.emplace_back(message.text());
                                      heard_in_a_pause = heard_in_a_pause || paused;
                                      paused = true;
                                      server->pause_reading(id, true);
                                      loop.post([&, id] {
                                          paused = false;
                                          server->pause_reading(id, false);
                                      });
                                  },
                                  [](ConnectionId) {}, [](ConnectionId) {}});
    port = server->listen("127.0.0.1", 0).value();
    connect();
    BOOST_REQUIRE(until([this] { return client_facts.has_value(); }));
    std::vector<std::string> sent;
    for (int number = 0; number < 200; ++number) {
        sent.emplace_back(std::to_string(number) + std::string(3'000, 'x'));
        client->send(sent.back());
    }
    BOOST_REQUIRE(until([&] { return heard.size() == sent.size(); }));
    BOOST_TEST((heard == sent));
    BOOST_TEST(!heard_in_a_pause);  // also of what had been read with it
}

BOOST_AUTO_TEST_CASE(errors_of_openssl_that_an_owner_leaves_behind_end_no_connection) {
    server = std::make_unique<ServerEndpoint>(
        loop, options,
        ServerEndpoint::Callbacks{[this](ConnectionId id, const LinkFacts&) { ids.push_back(id); },
                                  [this](ConnectionId id, ServerEndpoint::Message& message) {
                                      ERR_raise(ERR_LIB_USER, 1);
                                      server->forward(id, message);
                                  },
                                  [](ConnectionId) {},
                                  [this](ConnectionId id) { ended.push_back(id); }});
    port = server->listen("127.0.0.1", 0).value();
    connect();
    BOOST_REQUIRE(until([this] { return client_facts.has_value(); }));
    for (std::size_t turn = 1; turn <= 5; ++turn) {
        client->send("hello");
        ERR_raise(ERR_LIB_USER, 2);
        BOOST_REQUIRE(until([&] { return received.size() == turn || end || !ended.empty(); }));
        BOOST_REQUIRE_EQUAL(received.size(), turn);
    }
}

BOOST_AUTO_TEST_SUITE_END()
