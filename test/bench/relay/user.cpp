#include "test/bench/relay/user.h"

#include "net/loop/loop_impl.h"
#include "net/tls/tls_context.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

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

net::Pin last_pin{};  // of the measured relay

/// Shared by all: a context with the system's authorities takes long to create.
SSL_CTX* client_context() {
    static const net::JudgeCertificate judge = [](const net::PresentedCertificate& seen) {
        last_pin = seen.pin;
        return true;
    };
    static const net::SslContext context = [] {
        net::SslContext made = net::make_client_context("127.0.0.1", judge);
        // The same work for each: by default one relay chooses AES-128, another AES-256.
        SSL_CTX_set_ciphersuites(made.get(), "TLS_AES_256_GCM_SHA384");
        return made;
    }();
    return context.get();
}

constexpr std::size_t kMaxQueued = 256U << 20U;

}  // namespace

User::User(net::Loop& loop, const Peer& peer, std::uint16_t port, const Role& role)
    : speech_(peer.speech(role, *this)) {
    stream_ = std::make_unique<net::TlsStream>(
        loop.impl().poller, connect_to(port), net::make_ssl(client_context()),
        net::TlsStream::Options{false, kMaxQueued}, static_cast<net::TlsStream::Owner&>(*this));
    stream_->start();
}

void User::on_secure() {
    secure_ = true;
    speech_->begin();
}

void User::on_readable() {
    std::size_t messages = 0;
    std::size_t size = 0;
    while ((size = stream_->read(buffer.data(), buffer.size())) > 0) {
        messages += speech_->hear({buffer.data(), size});
    }
    if (messages > 0 && on_messages) {
        on_messages(messages);
    }
}

void User::on_end(net::TlsStream::End /*end*/) {
    throw std::runtime_error("the relay ended a connection");
}

net::Pin User::pin() const {
    return last_pin;
}

void run_until(net::Loop& loop, const std::function<bool()>& done, const char* what) {
    const auto deadline = net::Loop::Clock::now() + std::chrono::minutes(1);
    while (!done()) {
        loop.run_for(std::chrono::milliseconds(20));
        if (net::Loop::Clock::now() > deadline) {
            throw std::runtime_error(std::string("timed out: ") + what);
        }
    }
}

}  // namespace sotto::bench
