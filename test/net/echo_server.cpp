// Echoes WebSocket messages on the real server endpoint, so that a conformance suite can
// be run against it: echo_server [PORT [MAX_MESSAGE]]. It asks for no subprotocol; binary
// messages are refused with 1003, as section 1 of the protocol wants.
#include "net/io/certificate.h"
#include "net/io/loop.h"
#include "net/io/server_endpoint.h"

#include <stdlib.h>

#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace sotto::net;

void serve(const std::string& folder, std::uint16_t port, std::size_t max_message) {
    const CertificatePair pair = make_self_signed("echo");
    ServerEndpoint::Options options;
    options.certificate_file = folder + "/certificate.pem";
    options.key_file = folder + "/key.pem";
    options.max_message = max_message;
    options.max_queued_bytes = 16 * max_message + (4U << 20U);
    options.subprotocol.clear();
    std::ofstream(options.certificate_file) << pair.certificate;
    std::ofstream(options.key_file) << pair.key;
    Loop loop;
    std::unique_ptr<ServerEndpoint> server;
    server = std::make_unique<ServerEndpoint>(
        loop, options,
        ServerEndpoint::Callbacks{
            [](ConnectionId, const LinkFacts&) {},
            [&](ConnectionId id, ServerEndpoint::Message& text) { server->forward(id, text); },
            [](ConnectionId) {}, [](ConnectionId) {}});
    const auto listening = server->listen("127.0.0.1", port);
    if (!listening) {
        throw std::runtime_error(listening.error());
    }
    std::printf("wss://127.0.0.1:%u/\n", static_cast<unsigned>(*listening));
    std::fflush(stdout);
    loop.on_signals({SIGINT, SIGTERM}, [&](int) { loop.stop(); });
    loop.run();
}

}  // namespace

int main(int argc, char** argv) {
    std::string folder = (std::filesystem::temp_directory_path() / "sotto-echo-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) {
        return 1;
    }
    int status = 0;
    try {
        serve(folder, static_cast<std::uint16_t>(argc > 1 ? std::stoi(argv[1]) : 0),
              argc > 2 ? std::stoul(argv[2]) : 16U << 20U);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "echo_server: %s\n", error.what());
        status = 1;
    }
    std::filesystem::remove_all(folder);
    return status;
}
