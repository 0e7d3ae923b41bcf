#pragma once

#include "net/tls/link_facts.h"
#include "net/tls/tls_stream.h"

#include <functional>
#include <string>

namespace sotto::net {

/// TLS 1.3 only, no early data, no tickets (section 1). Throws std::runtime_error with
/// a sentence for the operator if certificate or key can't be read, do not fit each other, or
/// are of a kind that TLS 1.3 can't sign with.
[[nodiscard]] SslContext make_server_context(const std::string& certificate_file,
                                             const std::string& key_file);

/// What the client's own verification sees, inside the handshake.
struct PresentedCertificate {
    Pin pin{};
    bool chain_verified = false;  ///< against the CA store, host name included
};
/// Decides alone; false ends the handshake. Must not throw.
using JudgeCertificate = std::function<bool(const PresentedCertificate&)>;

/// The client's side, TLS 1.3 only; `judge` takes the place of OpenSSL's own verdict and
/// must outlive the context.
[[nodiscard]] SslContext make_client_context(const std::string& host,
                                             const JudgeCertificate& judge);

/// An SSL of `context`; a client's carries the host name (SNI) unless it is an address.
[[nodiscard]] Ssl make_ssl(SSL_CTX* context, const std::string& sni = {});

}  // namespace sotto::net
