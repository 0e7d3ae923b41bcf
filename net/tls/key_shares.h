#pragma once

#include <openssl/ssl.h>

namespace sotto::net {

/// Wipes what a finished TLS 1.3 handshake exchanged keys with: our ephemeral private key and
/// the peer's public one (RFC 8446 section 4.2.8). OpenSSL keeps both as long as the
/// connection, and nothing asks for them again: whoever got hold of the memory later could
/// read the connection from its beginning, and an ML-KEM key of the peer has 6.5 KiB.
void forget_key_shares(SSL& ssl) noexcept;

}  // namespace sotto::net
