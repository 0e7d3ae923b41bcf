#include "test/integration/tls_peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace sotto::test {

namespace {

struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;
using Tls = std::unique_ptr<SSL, Free>;

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in out{};
    out.sin_family = AF_INET;
    out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    out.sin_port = htons(port);
    return out;
}

const sockaddr* generic(const sockaddr_in& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

std::string complaint() {
    std::array<char, 256> text{};
    ERR_error_string_n(ERR_peek_last_error(), text.data(), text.size());
    ERR_clear_error();
    return text.data();
}

}  // namespace

std::string try_tls(std::uint16_t port, TlsVersion version) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(port);
    if (::connect(socket, generic(address), sizeof address) != 0) {
        ::close(socket);
        return "no connection";
    }
    const Context context(SSL_CTX_new(TLS_client_method()));
    if (version == TlsVersion::up_to_1_2) {
        SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    } else {
        SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    }
    const Tls tls(SSL_new(context.get()));
    SSL_set_fd(tls.get(), socket);
    const bool connected = SSL_connect(tls.get()) == 1;
    const std::string out = connected ? SSL_get_version(tls.get()) : complaint();
    ::close(socket);
    return out;
}

OldServer::OldServer(Speaks speaks, const std::string& certificate, const std::string& key)
    : listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(listener_, generic(address), size) != 0 || ::listen(listener_, 8) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        throw std::runtime_error("can't listen on loopback");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([=] { serve(speaks, certificate, key); });
}

OldServer::~OldServer() {
    ::shutdown(listener_, SHUT_RDWR);  // wakes the thread
    thread_.join();
    ::close(listener_);
}

void OldServer::serve(Speaks speaks, const std::string& certificate, const std::string& key) const {
    const Context context(SSL_CTX_new(TLS_server_method()));
    SSL_CTX_set_max_proto_version(context.get(), TLS1_2_VERSION);
    SSL_CTX_use_certificate_chain_file(context.get(), certificate.c_str());
    SSL_CTX_use_PrivateKey_file(context.get(), key.c_str(), SSL_FILETYPE_PEM);
    for (int client = ::accept(listener_, nullptr, nullptr); client >= 0;
         client = ::accept(listener_, nullptr, nullptr)) {
        if (speaks == Speaks::tls_1_2) {
            const Tls tls(SSL_new(context.get()));
            SSL_set_fd(tls.get(), client);
            SSL_accept(tls.get());
        } else {
            (void)!::write(client, "220 mail.example ready\r\n", 24);
        }
        ::close(client);
    }
}

}  // namespace sotto::test
