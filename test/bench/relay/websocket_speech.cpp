#include "test/bench/relay/websocket_speech.h"

#include <algorithm>
#include <stdexcept>

namespace sotto::bench {

namespace {

constexpr std::string_view kPong("\x8A\x80\x00\x00\x00\x00", 6);

std::string frame(char first, std::string_view text) {
    static constexpr std::string_view kMask = "\x37\xA1\x5C\xE2";
    std::string out(1, first);
    if (text.size() < 126) {
        out += static_cast<char>(0x80U | text.size());
    } else if (text.size() <= 0xFFFF) {
        out += '\xFE';
        out += static_cast<char>(text.size() >> 8U);
        out += static_cast<char>(text.size());
    } else {
        out += '\xFF';
        for (int shift = 56; shift >= 0; shift -= 8) {
            out += static_cast<char>(std::uint64_t{text.size()} >> static_cast<unsigned>(shift));
        }
    }
    out += kMask;
    for (std::size_t i = 0; i < text.size(); ++i) {
        out += static_cast<char>(text[i] ^ kMask[i % 4]);
    }
    return out;
}

}  // namespace

std::string text_frame(std::string_view text) {
    return frame('\x81', text);
}

std::string binary_frame(std::string_view bytes) {
    return frame('\x82', bytes);
}

void WebSocketSpeech::begin() {
    line_.write(
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n" +
        (subprotocol_.empty() ? "" : "Sec-WebSocket-Protocol: " + subprotocol_ + "\r\n") + "\r\n");
}

std::size_t WebSocketSpeech::hear(std::string_view bytes) {
    std::size_t messages = 0;
    if (step() == Step::secure) {
        bytes = upgrade(bytes);
    }
    while (!bytes.empty()) {
        if (!in_frame_ && !take_head(bytes)) {
            break;
        }
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
        left_ -= size;
        in_frame_ = left_ > 0;
        if (is_data_) {
            messages += on_payload(bytes.substr(0, size), !in_frame_);
        }
        bytes.remove_prefix(size);
    }
    return messages;
}

std::string_view WebSocketSpeech::upgrade(std::string_view bytes) {
    const std::size_t before = head_.size();
    head_ += bytes;
    const auto end = head_.find("\r\n\r\n");
    if (end == std::string::npos) {
        return {};
    }
    if (head_.rfind("HTTP/1.1 101", 0) != 0) {
        throw std::runtime_error("no upgrade: " + head_.substr(0, head_.find('\r')));
    }
    head_.clear();
    reach(Step::connected);
    on_upgraded();
    return bytes.substr(end + 4 - before);
}

bool WebSocketSpeech::take_head(std::string_view& bytes) {
    while (!bytes.empty()) {
        head_ += bytes.front();
        bytes.remove_prefix(1);
        const auto code = head_.size() < 2 ? 0 : static_cast<unsigned char>(head_[1]);
        const std::size_t size = code == 126 ? 4 : code == 127 ? 10 : 2;
        if (head_.size() < size) {
            continue;
        }
        left_ = size == 2 ? code : 0;
        for (std::size_t i = 2; i < size; ++i) {
            left_ = left_ << 8U | static_cast<unsigned char>(head_[i]);
        }
        const auto operation = static_cast<unsigned char>(head_[0]) & 0xFU;
        head_.clear();
        is_data_ = operation < 8;
        in_frame_ = left_ > 0;
        if (operation == 8) {
            throw std::runtime_error("the relay closed a connection");
        }
        if (operation == 9) {
            line_.write(kPong);
        }
        return true;
    }
    return false;
}

}  // namespace sotto::bench
