#pragma once

#include "net/tls/link_facts.h"

#include <tl/expected.hpp>

#include <chrono>
#include <string>

struct x509_st;  // OpenSSL's X509

namespace sotto::net {

/// SHA-256 of the certificate's SubjectPublicKeyInfo (section 1).
[[nodiscard]] Pin spki_pin(const x509_st* certificate);

/// A self-signed P-256 certificate with its key, both PEM. The key is a secret:
/// wipe it once it is written.
struct CertificatePair {
    std::string certificate;
    std::string key;
};

/// Makes a new one for `common_name`, valid from yesterday for 30 years: clients
/// hold to the key, not to the dates. Throws std::runtime_error if OpenSSL can't.
[[nodiscard]] CertificatePair make_self_signed(const std::string& common_name);

/// SHA-256 of the SubjectPublicKeyInfo of the first certificate in a PEM file, or a
/// sentence that says what is wrong with the file.
[[nodiscard]] tl::expected<Pin, std::string> pin_of_file(const std::string& certificate_file);

/// When a certificate is valid.
struct Validity {
    std::chrono::system_clock::time_point from;
    std::chrono::system_clock::time_point until;
};

/// When that certificate is valid, or a sentence as above.
[[nodiscard]] tl::expected<Validity, std::string> validity_of_file(
    const std::string& certificate_file);

}  // namespace sotto::net
