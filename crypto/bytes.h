#pragma once

#include "crypto/base/protocol_values.h"

#include <gsl/span>

#include <cstdint>
#include <vector>

/// Value types that the whole room shares. All integers on the wire are
/// big-endian; LP(x) is u32(length of x) || x (section 0).
namespace sotto::crypto {

using Bytes = std::vector<std::uint8_t>;
using ByteView = gsl::span<const std::uint8_t>;

using PublicKey = base::IdentityKey;  ///< IK
using base::ChatId;
using base::FileId;
using base::MessageId;
using base::Signature;

using Digest = base::Octets<32, struct DigestTag>;                  ///< SHA-256 of anything
using RequestHash = base::Octets<32, struct RequestHashTag>;        ///< SHA256(T_req || sig_req)
using ConsentHash = base::Octets<32, struct ConsentHashTag>;        ///< `consent` (section 4)
using Step1Hash = base::Octets<32, struct Step1HashTag>;            ///< SHA256(LP(T1) || LP(s1))
using TranscriptHash = base::Octets<32, struct TranscriptHashTag>;  ///< TH (section 5)
using EphemeralKey = base::Octets<32, struct EphemeralKeyTag>;      ///< X25519 public key
using SessionId = base::Octets<16, struct SessionIdTag>;            ///< sid (section 5)

/// Appends by pointers: through gsl's checked iterators every byte would be checked anew,
/// which costs more than sealing it.
inline void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.data(), bytes.data() + bytes.size());
}
[[nodiscard]] inline Bytes to_bytes(ByteView bytes) {
    return {bytes.data(), bytes.data() + bytes.size()};
}

}  // namespace sotto::crypto
