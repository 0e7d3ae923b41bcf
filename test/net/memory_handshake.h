#pragma once

#include "net/tls/tls_stream.h"

namespace sotto::test {

/// Joins two ends in memory and lets them shake hands. True if both are through.
[[nodiscard]] inline bool shake_hands(const net::Ssl& server, const net::Ssl& client) {
    BIO* one = nullptr;
    BIO* other = nullptr;
    if (BIO_new_bio_pair(&one, 0, &other, 0) != 1) {
        return false;
    }
    SSL_set_bio(server.get(), one, one);
    SSL_set_bio(client.get(), other, other);
    SSL_set_accept_state(server.get());
    SSL_set_connect_state(client.get());
    for (int step = 0; step < 10; ++step) {
        SSL_do_handshake(client.get());
        SSL_do_handshake(server.get());
    }
    return SSL_is_init_finished(client.get()) == 1 && SSL_is_init_finished(server.get()) == 1;
}

}  // namespace sotto::test
