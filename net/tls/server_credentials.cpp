#include "net/tls/server_credentials.h"

#include "net/tls/openssl_reason.h"
#include "net/tls/pem_password.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509err.h>

#include <stdexcept>

namespace sotto::net {

namespace {

/// Whether OpenSSL complains of a key that belongs to another certificate.
bool is_mismatch(unsigned long error) {
    const int reason = ERR_GET_REASON(error);
    return ERR_GET_LIB(error) == ERR_LIB_X509 &&
           (reason == X509_R_KEY_VALUES_MISMATCH || reason == X509_R_KEY_TYPE_MISMATCH);
}

}  // namespace

void use_credentials(SSL_CTX* context, const std::string& certificate_file,
                     const std::string& key_file) {
    bool encrypted = false;
    SSL_CTX_set_default_passwd_cb(context, no_password);
    SSL_CTX_set_default_passwd_cb_userdata(context, &encrypted);
    ERR_clear_error();
    if (SSL_CTX_use_certificate_chain_file(context, certificate_file.c_str()) != 1) {
        throw std::runtime_error("can't use the certificate " + certificate_file + ": " +
                                 openssl_reason());
    }
    encrypted = false;
    const bool used = SSL_CTX_use_PrivateKey_file(context, key_file.c_str(), SSL_FILETYPE_PEM) == 1;
    SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
    if (encrypted) {
        throw std::runtime_error("the key " + key_file +
                                 " is encrypted, and nobody is asked for its passphrase; keep "
                                 "it without one");
    }
    if (!used && !is_mismatch(ERR_peek_last_error())) {
        throw std::runtime_error("can't use the key " + key_file + ": " + openssl_reason());
    }
    if (!used || SSL_CTX_check_private_key(context) != 1) {
        ERR_clear_error();
        throw std::runtime_error("the key " + key_file + " is not that of the certificate " +
                                 certificate_file);
    }
}

}  // namespace sotto::net
