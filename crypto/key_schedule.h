#pragma once

#include "crypto/primitives.h"
#include "crypto/session.h"

namespace sotto::crypto {

/// The outputs of section 5's PRK: the session's keys and the two confirmation keys.
struct KeySchedule {
    Secret<32> confirm_a;  ///< kc_A
    Secret<32> confirm_b;  ///< kc_B
    SessionKeys session;
};

/// PRK = HKDF-Extract-SHA256(salt = TH, IKM = shared), then every expansion.
/// `shared` is [ss_mlkem ||] X25519.
[[nodiscard]] KeySchedule derive_keys(const TranscriptHash& transcript_hash, ByteView shared,
                                      Suite suite);

/// [ss_mlkem ||] X25519(mine, theirs) in secret memory, the KEM part first.
class SharedSecret {
  public:
    /// Where the KEM's secret goes; counts it in.
    [[nodiscard]] gsl::span<std::uint8_t> kem() {
        kem_ = kKemSecretSize;
        return bytes_.bytes().first(kKemSecretSize);
    }
    /// False if the X25519 result is all zeros.
    [[nodiscard]] bool agree(const Secret<32>& mine, ByteView theirs) {
        return x25519(mine, theirs, bytes_.bytes().subspan(kem_, 32));
    }
    [[nodiscard]] ByteView bytes() const { return bytes_.bytes().first(kem_ + 32); }

  private:
    Secret<kKemSecretSize + 32> bytes_;
    std::size_t kem_ = 0;
};

}  // namespace sotto::crypto
