#pragma once

#include <gsl/span>

#include <array>
#include <cstdint>
#include <vector>

/// Value types that the whole room shares. All integers on the wire are
/// big-endian; LP(x) is u32(length of x) || x (section 0).
namespace sotto::crypto {

using Bytes = std::vector<std::uint8_t>;
using ByteView = gsl::span<const std::uint8_t>;

using PublicKey = std::array<std::uint8_t, 32>;  ///< Ed25519 identity public key (IK)
using Signature = std::array<std::uint8_t, 64>;  ///< Ed25519 signature
using Hash = std::array<std::uint8_t, 32>;       ///< SHA-256 digest
using ChatId = std::array<std::uint8_t, 16>;     ///< random name of one chat (section 4)
using MessageId = std::array<std::uint8_t, 16>;  ///< random name of one text (section 6)

/// Appends by pointers: through gsl's checked iterators every byte would be checked anew,
/// which costs more than sealing it.
inline void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.data(), bytes.data() + bytes.size());
}
[[nodiscard]] inline Bytes to_bytes(ByteView bytes) {
    return {bytes.data(), bytes.data() + bytes.size()};
}

}  // namespace sotto::crypto
