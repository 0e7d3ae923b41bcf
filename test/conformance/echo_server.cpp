// websocket_echo: sends every WebSocket message back, on the relay's own endpoint, so that
// conformance suites can test the transport that sotto uses:
//
//     websocket_echo --port 9001 --max-message 16777216     and the suite at wss://127.0.0.1:9001
//
// It requires no subprotocol and accepts binary messages too. All else is as in the relay.
#include "net/tls/certificate.h"
#include "net/websocket/server_endpoint.h"
#include "net/wire/limits.h"

#include <CLI/CLI.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <stdexcept>

namespace {

using namespace sotto;

struct Options {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    net::ServerEndpoint::Options endpoint;
};

/// A temporary folder for a certificate, until the endpoint has read it.
class OwnCertificate {
  public:
    explicit OwnCertificate(net::ServerEndpoint::Options& options) {
        folder_ = (std::filesystem::temp_directory_path() / "sotto-echo-XXXXXX").string();
        if (::mkdtemp(folder_.data()) == nullptr) {
            throw std::runtime_error("can't make " + folder_);
        }
        options.certificate_file = folder_ + "/echo.pem";
        options.key_file = folder_ + "/echo.key";
        const net::CertificatePair pair = net::make_self_signed("localhost");
        std::ofstream(options.certificate_file) << pair.certificate;
        std::ofstream(options.key_file) << pair.key;
    }
    ~OwnCertificate() {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    OwnCertificate(const OwnCertificate&) = delete;
    OwnCertificate& operator=(const OwnCertificate&) = delete;

  private:
    std::string folder_;
};

void add_options(CLI::App& app, Options& options) {
    auto& endpoint = options.endpoint;
    endpoint.subprotocol.clear();
    endpoint.binary_too = true;
    endpoint.max_queued_bytes = 64U << 20U;  // conformance suites do not read while they send
    app.add_option("--address", options.address, "IP address")->capture_default_str();
    app.add_option("--port", options.port, "0 lets the kernel choose")->capture_default_str();
    auto* certificate =
        app.add_option("--certificate", endpoint.certificate_file, "PEM (default: a new one)");
    auto* key = app.add_option("--key", endpoint.key_file, "PEM");
    certificate->needs(key);
    key->needs(certificate);
    app.add_option("--max-message", endpoint.max_message, "bytes")->capture_default_str();
    app.add_option("--max-queued", endpoint.max_queued_bytes,
                   "bytes queued for a reader above which it is cut")
        ->capture_default_str();
    app.add_option("--ping-seconds", endpoint.ping_seconds)->capture_default_str();
    app.add_option("--silence-seconds", endpoint.silence_seconds)->capture_default_str();
}

int serve(Options& options) {
    net::Loop loop;
    std::unique_ptr<net::ServerEndpoint> endpoint;
    {
        std::optional<OwnCertificate> own;
        if (options.endpoint.certificate_file.empty()) {
            own.emplace(options.endpoint);
        }
        net::ServerEndpoint::Callbacks callbacks;
        callbacks.on_open = [](net::ConnectionId, const net::LinkFacts&) {};
        callbacks.on_message = [&](net::ConnectionId id, net::ServerEndpoint::Message& message) {
            endpoint->forward(id, message);
        };
        callbacks.on_too_large = [](net::ConnectionId) {};
        callbacks.on_end = [](net::ConnectionId) {};
        endpoint = std::make_unique<net::ServerEndpoint>(loop, options.endpoint, callbacks);
    }
    const auto port = endpoint->listen(options.address, options.port);
    if (!port) {
        throw std::runtime_error(port.error());
    }
    std::cout << "websocket_echo: listening on " << options.address << " port " << *port
              << std::endl;
    loop.on_signals({SIGINT, SIGTERM}, [&](int) { loop.stop(); });
    loop.run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app{"Echoes WebSocket messages on sotto's endpoint"};
    Options options;
    add_options(app, options);
    CLI11_PARSE(app, argc, argv);
    try {
        return serve(options);
    } catch (const std::exception& error) {
        std::cerr << "websocket_echo: " << error.what() << "\n";
        return 1;
    }
}
