#pragma once

#include "net/loop/loop.h"
#include "net/tls/certificate.h"
#include "net/websocket/client_endpoint.h"
#include "test/support/child_process.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>
#include <sys/stat.h>

#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// sotto-relay as a process, what it finds on the disk, and who connects to it.
namespace sotto::test {

/// Files for it.
struct Folder {
    std::string put(const std::string& name, const std::string& text) const {
        std::string file = path + "/" + name;
        std::ofstream(file, std::ios::trunc) << text;
        ::chmod(file.c_str(), 0600);
        return file;
    }
    void put_certificate(const std::string& name = "relay.example") const {
        const auto pair = net::make_self_signed(name);
        put("certificate.pem", pair.certificate);
        put("key.pem", pair.key);
    }

    TemporaryFolder folder;
    std::string path = folder.path.string();
};

/// A client in this process.
struct Client {
    explicit Client(std::uint16_t port)
        : endpoint(loop, {[](const net::RelayCertificate&) { return true; },
                          [this](const net::LinkFacts& link) { facts = link; },
                          [this](std::string_view said) { received.emplace_back(said); },
                          [this](const net::LinkEnd&) { ended = true; }}) {
        endpoint.connect("127.0.0.1", port);
        BOOST_REQUIRE(until([this] { return facts.has_value(); }));
    }
    template <class Done>
    bool until(const Done& done) {
        const auto deadline = net::Loop::Clock::now() + std::chrono::seconds(60);
        while (!done() && net::Loop::Clock::now() < deadline) {
            loop.run_for(std::chrono::milliseconds(10));
        }
        return done();
    }
    /// Whether the relay answers it.
    bool is_served() {
        endpoint.send(R"({"type":"hello","versions":[1],"software":"test"})");
        return until([this] { return !received.empty(); }) && !ended;
    }

    net::Loop loop;
    std::optional<net::LinkFacts> facts;
    std::vector<std::string> received;
    bool ended = false;
    net::ClientEndpoint endpoint;
};

/// A relay with its own folder, whose log is among what it says.
struct RunningRelay : Folder {
    [[nodiscard]] ChildProcess::Options here(std::vector<std::string> words) const {
        return {std::move(words), {{"XDG_CONFIG_HOME", path}, {"HOME", path}}};
    }
    void start() {
        relay = std::make_unique<ChildProcess>(
            "/bin/sh",
            here({"-c", "exec \"$0\" \"$@\" 2>&1", SOTTO_RELAY_PROGRAM, "--address", "127.0.0.1",
                  "--port", "0", "--state", path, "--config", path + "/relay.conf"}));
        const std::string said = relay->read_until("listening on");
        port = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(" port ") + 6)));
        relay->read_until("to connect");
    }
    /// What the program says with these words on the same state, and its status.
    std::pair<std::string, int> ask(std::vector<std::string> words) const {
        words.insert(words.end(), {"--state", path});
        ChildProcess program(SOTTO_RELAY_PROGRAM, here(std::move(words)));
        const int status = program.wait();
        return {program.said() + program.complained(), status};
    }

    std::unique_ptr<ChildProcess> relay;
    std::uint16_t port = 0;
};

}  // namespace sotto::test
