#pragma once

#include "crypto/base/bytes.h"
#include "crypto/base/protocol_values.h"

/// Value types that the whole room shares. All integers on the wire are
/// big-endian; LP(x) is u32(length of x) || x (section 0).
namespace sotto::crypto {

using base::append;
using base::Bytes;
using base::ByteView;
using base::same;
using base::to_bytes;
using base::view;

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

}  // namespace sotto::crypto
