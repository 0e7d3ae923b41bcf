#include "net/tls/tls_trial.h"

#include "net/tls/openssl_reason.h"
#include "net/tls/tls_stream.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <new>

namespace sotto::net {

namespace {

constexpr int kTurns = 8;  // two would do

/// Whether the handshake is over or waits for the other side.
bool goes_well(SSL* side) {
    const int done = SSL_do_handshake(side);
    const int error = SSL_get_error(side, done);
    return done == 1 || error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
}

}  // namespace

std::optional<std::string> try_handshake(SSL_CTX* server) {
    const SslContext context(SSL_CTX_new(TLS_client_method()));
    const Ssl here(SSL_new(server));
    const Ssl there(context ? SSL_new(context.get()) : nullptr);
    BIO* one = nullptr;
    BIO* other = nullptr;
    if (!here || !there || BIO_new_bio_pair(&one, 0, &other, 0) != 1) {
        throw std::bad_alloc();
    }
    SSL_set_bio(here.get(), one, one);
    SSL_set_bio(there.get(), other, other);
    SSL_set_accept_state(here.get());
    SSL_set_connect_state(there.get());
    ERR_clear_error();
    for (int turn = 0; turn < kTurns; ++turn) {
        for (SSL* side : {there.get(), here.get()}) {
            if (!goes_well(side)) {
                return openssl_reason();
            }
        }
        if (SSL_is_init_finished(here.get()) != 0 && SSL_is_init_finished(there.get()) != 0) {
            return std::nullopt;
        }
    }
    return "the handshake does not end";
}

}  // namespace sotto::net
