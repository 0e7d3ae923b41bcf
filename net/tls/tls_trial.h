#pragma once

#include <openssl/ossl_typ.h>

#include <optional>
#include <string>

namespace sotto::net {

/// Lets a client that takes any certificate shake hands with this server, in memory. Why it
/// can't, or none: TLS 1.3 has no signatures for every key that a certificate may have.
[[nodiscard]] std::optional<std::string> try_handshake(SSL_CTX* server);

}  // namespace sotto::net
