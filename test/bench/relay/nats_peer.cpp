#include "test/bench/relay/peer.h"
#include "test/bench/relay/websocket_speech.h"

#include <algorithm>
#include <stdexcept>

namespace sotto::bench {

namespace {

/// NATS's text protocol in binary frames: each user subscribes to a subject with their name.
/// https://docs.nats.io/reference/reference-protocols/nats-protocol
class NatsSpeech final : public WebSocketSpeech {
  public:
    NatsSpeech(Role role, Line& line) : WebSocketSpeech(line, ""), role_(std::move(role)) {}
    [[nodiscard]] std::string message(std::string_view text) const override {
        return binary_frame("PUB " + role_.partner + " " + std::to_string(text.size()) + "\r\n" +
                            std::string(text) + "\r\n");
    }

  private:
    void on_upgraded() override {
        line().write(
            binary_frame("CONNECT {\"verbose\":false,\"pedantic\":false,\"lang\":"
                         "\"bench\",\"version\":\"1\",\"protocol\":1}\r\nSUB " +
                         role_.name + " 1\r\nPING\r\n"));
    }
    std::size_t on_payload(std::string_view piece, bool /*last*/) override {
        std::size_t messages = 0;
        while (!piece.empty()) {
            if (left_ > 0) {
                const std::size_t size = std::min(left_, piece.size());
                piece.remove_prefix(size);
                left_ -= size;
                messages += left_ == 0 ? 1 : 0;
                continue;
            }
            const auto end = piece.find('\n');
            line_ += piece.substr(0, end);
            if (end == std::string_view::npos) {
                break;
            }
            piece.remove_prefix(end + 1);
            on_line();
            line_.clear();
        }
        return messages;
    }
    void on_line() {
        if (line_.rfind("MSG ", 0) == 0) {
            left_ = std::stoul(line_.substr(line_.rfind(' '))) + 2;
        } else if (line_.rfind("PING", 0) == 0) {
            line().write(binary_frame("PONG\r\n"));
        } else if (line_.rfind("PONG", 0) == 0) {
            reach(Step::joined);
        } else if (line_.rfind("-ERR", 0) == 0) {
            throw std::runtime_error("nats: " + line_);
        }
    }

    Role role_;
    std::string line_;      ///< the incomplete line
    std::size_t left_ = 0;  ///< bytes left of a message's payload and line end
};

}  // namespace

Peer nats_peer(const Scratch& scratch) {
    const std::string program = find_program("nats-server");
    if (program.empty()) {
        return {"nats-server", "it is not installed", {}, {}};
    }
    const auto start = [program, &scratch] {
        const std::uint16_t port = free_port();
        const std::string configuration =
            scratch.file("nats.conf", "listen: \"127.0.0.1:-1\"\nlog_file: \"" + scratch.path() +
                                          "/nats.log\"\nmax_connections: 100000\nwebsocket {\n"
                                          "  listen: \"127.0.0.1:" +
                                          std::to_string(port) + "\"\n  tls { cert_file: \"" +
                                          scratch.certificate() + "\", key_file: \"" +
                                          scratch.key() + "\" }\n}\n");
        return std::make_unique<Child>(std::vector<std::string>{program, "--config", configuration},
                                       port);
    };
    return {with_version("nats-server", output_of(program + " --version")), "", start,
            speak<NatsSpeech>};
}

}  // namespace sotto::bench
