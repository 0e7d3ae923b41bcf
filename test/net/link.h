#pragma once

#include "net/loop/loop.h"
#include "net/tls/certificate.h"
#include "net/websocket/client_endpoint.h"
#include "net/websocket/server_endpoint.h"

#include <boost/test/unit_test.hpp>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sotto::net {

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
            ServerEndpoint::Callbacks{
                [this](ConnectionId id, const LinkFacts& facts) {
                    ids.push_back(id);
                    server_facts = facts;
                    besides();
                },
                [this](ConnectionId id, ServerEndpoint::Message& message) {
                    heard.emplace_back(message.text());
                    besides();
                    server->forward(id, message);
                },
                [this](ConnectionId id) {
                    too_large = true;
                    server->send(id, "too_large");
                    server->close(id, 1009, "too large");
                },
                [this](ConnectionId id) { ended.push_back(id); },
                [this](const std::string& text) { troubles.push_back(text); }});
        const auto listening = server->listen("127.0.0.1", 0);
        BOOST_REQUIRE(listening.has_value());
        port = *listening;
    }

    void connect() {
        client = std::make_unique<ClientEndpoint>(
            loop,
            ClientEndpoint::Callbacks{
                [this](const RelayCertificate& seen) {
                    judged = seen;
                    return trust;
                },
                [this](const LinkFacts& facts) { client_facts = facts; },
                [this](std::string_view text) { received.emplace_back(text); },
                [this](const LinkEnd& how) { end = how; }},
            pace);
        client->connect("127.0.0.1", port);
    }

    void open() {
        serve();
        connect();
        BOOST_REQUIRE(until([this] { return client_facts && !ids.empty(); }));
    }

    /// Runs `client` in a thread of its own while the loop runs here.
    void meanwhile(const std::function<void()>& client_side) {
        std::atomic<bool> done{false};
        std::exception_ptr problem;
        std::thread other([&] {
            try {
                client_side();
            } catch (...) {
                problem = std::current_exception();
            }
            done = true;
        });
        const bool finished = until([&] { return done.load(); });
        other.join();
        BOOST_TEST(finished);
        if (problem) {
            std::rethrow_exception(problem);
        }
    }

    bool until(const std::function<bool()>& done) {
        const auto deadline = Loop::Clock::now() + std::chrono::seconds(20);
        while (!done() && Loop::Clock::now() < deadline) {
            loop.run_for(std::chrono::milliseconds(2));
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
    LinkPace pace;                          ///< the client's
    std::function<void()> besides = [] {};  ///< what the server does when it hears of something
    std::unique_ptr<ServerEndpoint> server;
    std::unique_ptr<ClientEndpoint> client;
    std::uint16_t port = 0;
    bool trust = true;
    bool too_large = false;
    std::vector<ConnectionId> ids;
    std::vector<ConnectionId> ended;
    std::vector<std::string> received;  ///< by the client
    std::vector<std::string> heard;     ///< by the server
    std::vector<std::string> troubles;
    std::optional<RelayCertificate> judged;
    std::optional<LinkFacts> client_facts;
    LinkFacts server_facts;
    std::optional<LinkEnd> end;
};

}  // namespace sotto::net
