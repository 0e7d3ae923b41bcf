#include "net/tls/key_shares.h"

#include <openssl/err.h>
#include <openssl/evp.h>

namespace sotto::net {

namespace {

/// There is no call to drop a key that a connection holds. But to give a key a type takes away
/// what it had, wiped, for all who hold it.
void wipe(EVP_PKEY* key) noexcept {
    if (EVP_PKEY_set_type(key, EVP_PKEY_X25519) != 1) {
        ERR_clear_error();
    }
    EVP_PKEY_free(key);
}

}  // namespace

void forget_key_shares(SSL& ssl) noexcept {
    EVP_PKEY* key = nullptr;
    if (SSL_get_tmp_key(&ssl, &key) == 1) {
        wipe(key);
    }
    if (SSL_get_peer_tmp_key(&ssl, &key) == 1) {
        wipe(key);
    }
}

}  // namespace sotto::net
