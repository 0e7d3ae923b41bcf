#include "test/bench/relay_user.h"

#include "crypto/random.h"
#include "net/io/loop_impl.h"
#include "net/wire/base64.h"
#include "net/wire/envelope.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace sotto::bench {

namespace {

net::Descriptor connect_to(std::uint16_t port) {
    net::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        throw std::runtime_error("the load generator can't connect");
    }
    const int on = 1;
    ::setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::fcntl(socket.get(), F_SETFL, O_NONBLOCK);
    return socket;
}

std::array<char, 64U << 10U> buffer;  // one thread

constexpr std::string_view kPing("\x89\x00", 2);
constexpr std::string_view kPong("\x8A\x80\x00\x00\x00\x00", 6);

net::Pin last_pin{};  // of the relay under measurement

/// One for all: a context with the system's authorities takes its time.
SSL_CTX* client_context() {
    static const net::JudgeCertificate judge = [](const net::PresentedCertificate& seen) {
        last_pin = seen.pin;
        return true;
    };
    static const net::SslContext context = net::make_client_context("127.0.0.1", judge);
    return context.get();
}

}  // namespace

std::string text_frame(std::string_view text) {
    static constexpr std::string_view kMask = "\x37\xA1\x5C\xE2";
    std::string out = "\x81";
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

std::string User::message(Speech speech, const std::string& from, const std::string& to,
                          std::size_t size) {
    wire::Relay message{{from, to, {1, 2, 3}, 9}, "record", wire::Bytes(size, 0xA5)};
    const std::string text = wire::encode(message);
    // The ceiling carries as many bytes as the others, without their frames.
    return speech == Speech::raw ? text : text_frame(text);
}

User::User(net::Loop& loop, Speech speech, std::uint16_t port, std::string name, std::string peer)
    : speech_(speech), name_(std::move(name)), peer_(std::move(peer)) {
    stream_ = std::make_unique<net::TlsStream>(
        loop.impl().poller, connect_to(port), net::make_ssl(client_context()),
        net::TlsStream::Options{false, 256U << 20U}, static_cast<net::TlsStream::Owner&>(*this));
    stream_->start();
}

void User::on_secure() {
    if (speech_ == Speech::raw) {
        step_ = Step::registration;
        stream_->write(name_ + " " + peer_ + "\n");
        return;
    }
    step_ = Step::upgrade;
    stream_->write(
        "GET / HTTP/1.1\r\nHost: bench\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Protocol: sotto.v1\r\n\r\n");
}

void User::on_readable() {
    std::size_t size = 0;
    while ((size = stream_->read(buffer.data(), buffer.size())) > 0) {
        const std::string_view bytes(buffer.data(), size);
        if (step_ == Step::joined) {
            count(bytes);
        } else {
            join_with(bytes);
        }
    }
}

void User::say(const std::string& text) {
    stream_->write(text_frame(text));
}

std::string User::registration(const std::string& hello) const {
    static crypto::SystemRandom random;
    static const crypto::Identity identity = crypto::Identity::generate(random);
    const auto answer = wire::decode_from_relay(hello);
    if (!answer || !std::holds_alternative<wire::RelayHello>(*answer)) {
        throw std::runtime_error("no hello: " + hello);
    }
    const auto& nonce = std::get<wire::RelayHello>(answer.value()).nonce;
    const auto exporter = stream_->exporter();
    crypto::Bytes rest{0, 0, 0, 32};
    const auto put = [&](const auto& bytes) {
        rest.insert(rest.end(), bytes.begin(), bytes.end());
    };
    put(last_pin);
    put(std::array<std::uint8_t, 4>{0, 0, 0, static_cast<std::uint8_t>(name_.size())});
    put(name_);
    put(identity.public_key());
    put(nonce);
    put(exporter);
    return wire::encode(
        wire::Register{{}, name_, identity.public_key(), identity.sign("sotto/1 register", rest)});
}

void User::join_with(std::string_view bytes) {
    pending_ += bytes;
    if (speech_ == Speech::raw) {
        step_ = pending_ == "ok\n" ? Step::joined : step_;
    } else if (step_ == Step::upgrade) {
        if (pending_.find("\r\n\r\n") != std::string::npos) {
            step_ = Step::hello;
            pending_.clear();
            say(R"({"type":"hello","versions":[1],"software":"bench"})");
        }
        return;
    } else {
        while (pending_.rfind(kPing, 0) == 0) {
            pending_.erase(0, kPing.size());
            stream_->write(kPong);
        }
        const std::size_t head = pending_.size() > 1 && pending_[1] == 126 ? 4 : 2;
        if (pending_.size() <= head || pending_.back() != '}') {
            return;
        }
        const std::string text = pending_.substr(head);
        pending_.clear();
        if (step_ == Step::hello) {
            step_ = Step::registration;
            say(registration(text));
            return;
        }
        if (text.find("\"ok\":true") == std::string::npos) {
            throw std::runtime_error("not registered: " + text);
        }
        step_ = Step::joined;
    }
    if (step_ == Step::joined) {
        pending_.clear();
    }
}

void User::count(std::string_view bytes) {
    std::size_t messages = 0;
    if (speech_ == Speech::raw) {
        to_skip_ += bytes.size();
        messages = to_skip_ / message_size;
        to_skip_ %= message_size;
        bytes = {};
    }
    while (!bytes.empty()) {
        const auto skipped =
            static_cast<std::size_t>(std::min<std::uint64_t>(to_skip_, bytes.size()));
        bytes.remove_prefix(skipped);
        to_skip_ -= skipped;
        if (to_skip_ == 0) {
            messages += std::exchange(in_text_, false) ? 1 : 0;
        }
        if (bytes.empty()) {
            break;
        }
        pending_ += bytes.front();
        bytes.remove_prefix(1);
        const auto code = pending_.size() < 2 ? 0 : static_cast<unsigned char>(pending_[1]);
        const std::size_t head = code == 126 ? 4 : code == 127 ? 10 : 2;
        if (pending_.size() < head) {
            continue;
        }
        to_skip_ = head == 2 ? code : 0;
        for (std::size_t i = 2; i < head; ++i) {
            to_skip_ = to_skip_ << 8U | static_cast<unsigned char>(pending_[i]);
        }
        in_text_ = pending_[0] == '\x81';
        if (pending_[0] == '\x89') {
            stream_->write(kPong);
        }
        pending_.clear();
    }
    if (messages > 0 && on_messages) {
        on_messages(messages);
    }
}

void User::on_end(net::TlsStream::End /*end*/) {
    ended_ = true;
}

}  // namespace sotto::bench
