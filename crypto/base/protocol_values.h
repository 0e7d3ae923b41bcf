#pragma once

#include "crypto/base/octets.h"

/// The keys, digests and ids that more than one room speaks of. Each is a type of its own: a
/// pin where an identity key is asked for does not compile.
namespace sotto::base {

using IdentityKey = Octets<32, struct IdentityKeyTag>;  ///< Ed25519 public key: who a user is
using Signature = Octets<64, struct SignatureTag>;      ///< Ed25519
using ChatId = Octets<16, struct ChatIdTag>;            ///< random name of one chat (section 4)
using MessageId = Octets<16, struct MessageIdTag>;      ///< random name of one text (section 6)
using FileId = Octets<16, struct FileIdTag>;            ///< random name of one file (section 6)
using Pin = Octets<32, struct PinTag>;            ///< SHA-256 of a SubjectPublicKeyInfo (section 1)
using Exporter = Octets<32, struct ExporterTag>;  ///< RFC 9266 tls-exporter value of a connection
using RelayNonce = Octets<32, struct RelayNonceTag>;  ///< of a relay's hello (section 2)

inline constexpr std::size_t kMaxText = 16 * 1024;  ///< bytes of one text (section 9)

}  // namespace sotto::base
