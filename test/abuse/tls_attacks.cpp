// Attacks on TLS: on its handshakes, and with the few requests that are possible after them.
#include "test/abuse/raw_crowd.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>

namespace sotto::abuse {

namespace {

using net::RawClient;

Outcome churn_with_resets(const Target& target) {
    return said(again_and_again(target,
                                [](RawClient& client) {
                                    client.upgrade();
                                    const linger at_once{1, 0};
                                    ::setsockopt(client.socket(), SOL_SOCKET, SO_LINGER, &at_once,
                                                 sizeof at_once);
                                }),
                "upgrades, then a reset");
}
Outcome broken_hellos(const Target& target) {
    std::mt19937 random(2);
    const std::string hello = RawClient::client_hello();
    return said(again_and_again(target,
                                [&](RawClient& client) {
                                    std::string bytes = hello;
                                    for (int i = 0; i < 3; ++i) {
                                        bytes[5 + random() % (bytes.size() - 5)] =
                                            static_cast<char>(random());
                                    }
                                    client.send(bytes);
                                }),
                "broken hellos");
}
/// Hundreds of clients from one network stall in their handshakes; then one from another arrives.
Outcome crowds_of_hellos(const Target& target) {
    constexpr double kNewcomer = 2;  // seconds, at most
    const std::string hello = RawClient::client_hello();
    std::size_t hellos = 0;
    double most = 0;
    for (const Until until(target.seconds); until.left();) {
        const Clients crowd = many(target, std::min<std::size_t>(target.crowd, 500),
                                   [&](RawClient& client) { client.send(hello); });
        hellos += crowd.size();
        const auto come = std::chrono::steady_clock::now();
        RawClient newcomer(target.port, address(99));
        newcomer.upgrade();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - come;
        most = std::max(most, took.count());
    }
    char text[64];
    std::snprintf(text, sizeof text, "hellos, a newcomer waited %.0f ms", most * 1'000);
    return said(hellos, text, most < kNewcomer);
}
/// A key exchange that costs a server 20 ms and the client nothing.
Outcome dear_hellos(const Target& target) {
    const std::string hello = RawClient::client_hello("ffdhe8192");
    return said(again_and_again(target, [&](RawClient& client) { client.send(hello); }),
                "hellos for ffdhe8192");
}
Outcome old_tls(const Target& target) {
    std::size_t spoken = 0;
    const std::size_t turns = again_and_again(target, [&](RawClient& client) {
        client.tls(TLS1_2_VERSION);
        ++spoken;
    });
    return said(turns, "handshakes, " + std::to_string(spoken) + " taken", spoken == 0);
}
/// TLS 1.3 has no renegotiation; a client can only ask for new keys.
Outcome key_updates(const Target& target) {
    std::size_t asked = 0;
    again_and_again(target, [&](RawClient& client) {
        client.upgrade();
        for (const Until until(target.seconds); until.left() && !is_cut(client); ++asked) {
            SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED);
            client.send(RawClient::frame(0x8A, ""));
        }
    });
    return said(asked, "new keys asked for");
}

int made_up_session(SSL* /*ssl*/, const EVP_MD* /*digest*/, const unsigned char** id,
                    std::size_t* size, SSL_SESSION** out) {
    static constexpr unsigned char kId[] = "a session that never was";
    static constexpr unsigned char kCipher[] = {0x13, 0x01};
    static constexpr unsigned char kSecret[32] = {1};
    SSL_SESSION* session = SSL_SESSION_new();
    const net::SslContext context(SSL_CTX_new(TLS_client_method()));
    const net::Ssl ssl(SSL_new(context.get()));
    SSL_SESSION_set_protocol_version(session, TLS1_3_VERSION);
    SSL_SESSION_set_cipher(session, SSL_CIPHER_find(ssl.get(), kCipher));
    SSL_SESSION_set1_master_key(session, kSecret, sizeof kSecret);
    SSL_SESSION_set_max_early_data(session, 16'384);
    *id = kId;
    *size = sizeof kId - 1;
    *out = session;
    return 1;
}
Outcome early_data(const Target& target) {
    std::size_t accepted = 0;
    std::size_t finished = 0;
    const net::SslContext context(SSL_CTX_new(TLS_client_method()));
    SSL_CTX_set_psk_use_session_callback(context.get(), made_up_session);
    const std::size_t turns = again_and_again(target, [&](RawClient& client) {
        const net::Ssl ssl(SSL_new(context.get()));
        SSL_set_fd(ssl.get(), client.socket());
        std::size_t sent = 0;
        const std::string request = RawClient::upgrade_request();
        ERR_clear_error();
        if (SSL_write_early_data(ssl.get(), request.data(), request.size(), &sent) == 1 &&
            SSL_connect(ssl.get()) == 1) {
            ++finished;
            accepted += SSL_get_early_data_status(ssl.get()) == SSL_EARLY_DATA_ACCEPTED ? 1 : 0;
        }
    });
    return said(turns,
                "tries, " + std::to_string(finished) + " handshakes, " + std::to_string(accepted) +
                    " heard early",
                accepted == 0 && finished > 0);
}

}  // namespace

const std::vector<Attack>& attacks_on_tls() {
    static const std::vector<Attack> all{
        {"churn of handshakes", churn_with_resets},
        {"broken client hellos", broken_hellos},
        {"crowds of client hellos", crowds_of_hellos},
        {"dear client hellos", dear_hellos},
        {"TLS 1.2", old_tls},
        {"key updates", key_updates},
        {"early data", early_data},
    };
    return all;
}

}  // namespace sotto::abuse
