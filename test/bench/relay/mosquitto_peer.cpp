#include "test/bench/relay/peer.h"
#include "test/bench/relay/websocket_speech.h"

#include <algorithm>
#include <stdexcept>

namespace sotto::bench {

namespace {

/// MQTT 3.1.1 in binary frames, QoS 0: each user subscribes to a topic with their name.
/// http://docs.oasis-open.org/mqtt/mqtt/v3.1.1/mqtt-v3.1.1.html
class MqttSpeech final : public WebSocketSpeech {
  public:
    MqttSpeech(Role role, Line& line) : WebSocketSpeech(line, "mqtt"), role_(std::move(role)) {}
    [[nodiscard]] std::string message(std::string_view text) const override {
        return binary_frame(packet(kPublish, string(role_.partner) + std::string(text)));
    }

  private:
    static constexpr unsigned kConnect = 0x10;
    static constexpr unsigned kConnected = 0x20;
    static constexpr unsigned kPublish = 0x30;
    static constexpr unsigned kSubscribe = 0x82;
    static constexpr unsigned kSubscribed = 0x90;

    static std::string string(const std::string& text) {
        return std::string(1, '\0') + static_cast<char>(text.size()) + text;
    }
    static std::string packet(unsigned type, const std::string& rest) {
        std::string out(1, static_cast<char>(type));
        for (std::size_t size = rest.size(); size > 0; size /= 128) {
            out += static_cast<char>(size % 128 | (size > 127 ? 128U : 0U));
        }
        return out + rest;
    }
    void on_upgraded() override {
        // level 4, a clean session, no keep-alive
        const std::string head = string("MQTT") + std::string("\x04\x02\x00\x00", 4);
        line().write(binary_frame(packet(kConnect, head + string(role_.name))));
    }
    std::size_t on_payload(std::string_view piece, bool /*last*/) override {
        std::size_t messages = 0;
        while (!piece.empty()) {
            if (left_ == 0 && !take_head(piece)) {
                break;
            }
            const std::size_t size = std::min(left_, piece.size());
            if (step() != Step::joined) {
                rest_ += piece.substr(0, size);
            }
            piece.remove_prefix(size);
            left_ -= size;
            if (left_ == 0 && step() == Step::joined) {
                messages += (type_ & 0xF0U) == kPublish ? 1 : 0;
            } else if (left_ == 0) {
                on_answer();
            }
        }
        return messages;
    }
    /// The type, and the length of the rest in groups of seven bits, lowest first.
    bool take_head(std::string_view& piece) {
        while (!piece.empty()) {
            head_ += piece.front();
            piece.remove_prefix(1);
            if (head_.size() < 2 || (static_cast<unsigned char>(head_.back()) & 128U) != 0) {
                continue;
            }
            for (std::size_t i = head_.size() - 1; i > 0; --i) {
                left_ = left_ << 7U | (static_cast<unsigned char>(head_[i]) & 127U);
            }
            type_ = static_cast<unsigned char>(head_[0]);
            head_.clear();
            return true;
        }
        return false;
    }
    void on_answer() {
        if (rest_.empty() || rest_.back() != 0) {
            throw std::runtime_error("mosquitto says no");
        }
        if (type_ == kConnected) {
            const std::string topic = std::string("\0\1", 2) + string(role_.name) + '\0';
            line().write(binary_frame(packet(kSubscribe, topic)));
        } else if (type_ == kSubscribed) {
            reach(Step::joined);
        }
        rest_.clear();
    }

    Role role_;
    std::string head_;
    std::string rest_;  ///< of an incomplete packet, until the user has joined
    std::size_t left_ = 0;
    unsigned type_ = 0;
};

}  // namespace

Peer mosquitto_peer(const Scratch& scratch) {
    const std::string program = find_program("mosquitto");
    if (program.empty()) {
        return {"mosquitto", "it is not installed", {}, {}};
    }
    const auto start = [program, &scratch] {
        const std::uint16_t port = free_port();
        // This mosquitto does not start with WebSocket listeners only, so it gets a socket file,
        // too.
        const std::string configuration = scratch.file(
            "mosquitto.conf",
            "user root\nlog_dest file " + scratch.path() + "/mosquitto.log\npersistence false\n" +
                "allow_anonymous true\nmax_queued_messages 0\nset_tcp_nodelay true\n" +
                "listener 0 " + scratch.path() + "/mosquitto\nlistener " + std::to_string(port) +
                " 127.0.0.1\nprotocol websockets\ncertfile " + scratch.certificate() +
                "\nkeyfile " + scratch.key() + "\n");
        return std::make_unique<Child>(std::vector<std::string>{program, "-c", configuration},
                                       port);
    };
    return {with_version("mosquitto", output_of(program + " -h")), "", start, speak<MqttSpeech>,
            1'024};
}

}  // namespace sotto::bench
