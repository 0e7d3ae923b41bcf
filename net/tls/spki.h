#pragma once

#include "net/tls/link_facts.h"

#include <openssl/ossl_typ.h>

namespace sotto::net {

/// SHA-256 of the certificate's SubjectPublicKeyInfo (section 1).
[[nodiscard]] Pin spki_pin(const X509* certificate);

}  // namespace sotto::net
