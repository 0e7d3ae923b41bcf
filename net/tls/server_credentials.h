#pragma once

#include <openssl/ossl_typ.h>

#include <string>

namespace sotto::net {

/// Gives a server's context its certificate, with the chain behind it, and its key. Throws
/// std::runtime_error with a sentence that says which of both can't be used and why: the
/// system's reason, or OpenSSL's. Asks nobody for a passphrase.
void use_credentials(SSL_CTX* context, const std::string& certificate_file,
                     const std::string& key_file);

}  // namespace sotto::net
