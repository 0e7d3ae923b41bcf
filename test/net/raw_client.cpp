#include "test/net/raw_client.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <map>
#include <stdexcept>

namespace sotto::net {

namespace {

/// A line has a label, the client's random number and the secret, all but the first in hex.
void keep_secret(const SSL* ssl, const char* text) {
    const std::string_view line(text);
    auto* const out = static_cast<std::string*>(SSL_get_app_data(ssl));
    if (out == nullptr || line.rfind("CLIENT_TRAFFIC_SECRET_0 ", 0) != 0) {
        return;
    }
    out->clear();
    for (std::size_t at = line.rfind(' ') + 1; at < line.size(); at += 2) {
        *out += static_cast<char>(std::stoi(std::string(line.substr(at, 2)), nullptr, 16));
    }
}

/// One for all clients of a version: it costs more to make than a handshake.
SSL_CTX* context_for(int version) {
    static std::map<int, SslContext> all;
    SslContext& context = all[version];
    if (!context) {
        context.reset(SSL_CTX_new(TLS_client_method()));
        SSL_CTX_set_min_proto_version(context.get(), version);
        SSL_CTX_set_max_proto_version(context.get(), version);
        SSL_CTX_set_keylog_callback(context.get(), keep_secret);
    }
    return context.get();
}

}  // namespace

int RawClient::Frame::close_code() const {
    return opcode == 8 && payload.size() >= 2 ? (static_cast<unsigned char>(payload[0]) << 8U) |
                                                    static_cast<unsigned char>(payload[1])
                                              : 0;
}

RawClient::RawClient(std::uint16_t port, const std::string& from, int max_segment)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    std::signal(SIGPIPE, SIG_IGN);  // it may be cut while it speaks
    sockaddr_in ours{};
    ours.sin_family = AF_INET;
    ::inet_pton(AF_INET, from.c_str(), &ours.sin_addr);
    const int on = 1;  // many connections: ports of a pair of ends, not of an address
    ::setsockopt(socket_.get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on);
    if (max_segment != 0) {
        ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_MAXSEG, &max_segment, sizeof max_segment);
    }
    ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&ours), sizeof ours);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // What it does in two writes is not to wait for the answer to the first.
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval wait{8, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
    if (::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
        throw std::runtime_error("the raw client can't connect");
    }
}

void RawClient::tls(int version, const std::string& groups) {
    ssl_.reset(SSL_new(context_for(version)));
    if (!groups.empty()) {
        SSL_ctrl(ssl_.get(), SSL_CTRL_SET_GROUPS_LIST, 0, const_cast<char*>(groups.c_str()));
    }
    SSL_set_fd(ssl_.get(), socket_.get());
    SSL_set_app_data(ssl_.get(), &traffic_secret_);
    ERR_clear_error();
    errno = 0;
    const int result = SSL_connect(ssl_.get());
    if (result != 1) {
        const int number = errno;
        const int kind = SSL_get_error(ssl_.get(), result);
        const char* const reason = ERR_reason_error_string(ERR_peek_error());
        throw std::runtime_error("the raw client's TLS handshake failed: " +
                                 std::string(kind == SSL_ERROR_WANT_READ ? "no answer in time"
                                             : reason != nullptr         ? reason
                                             : number != 0               ? std::strerror(number)
                                                                         : "the connection ended"));
    }
}

bool RawClient::knows_groups(const std::string& groups) {
    const SslContext context(SSL_CTX_new(TLS_client_method()));
    return SSL_CTX_ctrl(context.get(), SSL_CTRL_SET_GROUPS_LIST, 0,
                        const_cast<char*>(groups.c_str())) == 1;
}

std::string RawClient::client_hello(const std::string& groups) {
    const Ssl ssl(SSL_new(context_for(TLS1_3_VERSION)));
    SSL_ctrl(ssl.get(), SSL_CTRL_SET_GROUPS_LIST, 0, const_cast<char*>(groups.c_str()));
    SSL_set_bio(ssl.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_connect(ssl.get());
    std::string out(2'000, '\0');
    const int size = BIO_read(SSL_get_wbio(ssl.get()), out.data(), static_cast<int>(out.size()));
    out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return out;
}

std::string RawClient::upgrade_request() {
    return "GET / HTTP/1.1\r\nHost: relay\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Protocol: sotto.v1\r\n\r\n";
}

std::string RawClient::upgrade() {
    tls();
    send(upgrade_request());
    return read_head();
}

void RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent =
            ssl_
                ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                : static_cast<int>(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL));
        if (sent <= 0) {
            return;  // the other end has enough: what it says about that is to be read
        }
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

void RawClient::send_with(std::string_view bytes, std::string_view bare) {
    const auto cork = [this](int on) {
        ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    };
    cork(1);
    send(bytes);
    ::send(socket_.get(), bare.data(), bare.size(), MSG_NOSIGNAL);
    cork(0);
}

bool RawClient::read_exactly(char* to, std::size_t size) {
    while (size > 0) {
        const int got = ssl_ ? SSL_read(ssl_.get(), to, static_cast<int>(size))
                             : static_cast<int>(::recv(socket_.get(), to, size, 0));
        if (got <= 0) {
            return false;
        }
        to += got;
        size -= static_cast<std::size_t>(got);
    }
    return true;
}

std::string RawClient::read_head() {
    std::string head;
    char byte = 0;
    while (head.find("\r\n\r\n") == std::string::npos && read_exactly(&byte, 1)) {
        head += byte;
    }
    return head;
}

RawClient::Frame RawClient::read_frame() {
    char start[2];
    if (!read_exactly(start, 2)) {
        return {};
    }
    std::uint64_t size = static_cast<unsigned char>(start[1]) & 0x7FU;
    const int more = size == 126 ? 2 : size == 127 ? 8 : 0;
    if (more != 0) {
        char bytes[8];
        size = 0;
        if (!read_exactly(bytes, static_cast<std::size_t>(more))) {
            return {};
        }
        for (int i = 0; i < more; ++i) {
            size = size << 8U | static_cast<unsigned char>(bytes[i]);
        }
    }
    Frame frame{start[0] & 0x0F, std::string(size, '\0')};
    return read_exactly(frame.payload.data(), frame.payload.size()) ? frame : Frame{};
}

RawClient::Frame RawClient::read_frame_past_pings() {
    Frame frame = read_frame();
    while (frame.opcode == 9) {
        frame = read_frame();
    }
    return frame;
}

bool RawClient::ends() {
    char byte = 0;
    int got = 1;
    while (got > 0) {
        got = static_cast<int>(::recv(socket_.get(), &byte, 1, 0));
    }
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

std::string RawClient::head(int first_byte, std::uint64_t length, bool masked) {
    const unsigned mask = masked ? 0x80U : 0U;
    std::string out(1, static_cast<char>(first_byte));
    const int more = length < 126 ? 0 : length <= 0xFFFF ? 2 : 8;
    out += static_cast<char>(mask | (more == 0   ? static_cast<unsigned>(length)
                                     : more == 2 ? 126U
                                                 : 127U));
    for (int i = more - 1; i >= 0; --i) {
        out += static_cast<char>(length >> static_cast<unsigned>(8 * i));
    }
    return masked ? out + "\x11\x22\x33\x44" : out;
}

std::string RawClient::frame(int first_byte, std::string_view payload) {
    std::string out = head(first_byte, payload.size());
    for (std::size_t i = 0; i < payload.size(); ++i) {
        out += static_cast<char>(payload[i] ^ "\x11\x22\x33\x44"[i % 4]);
    }
    return out;
}

}  // namespace sotto::net
