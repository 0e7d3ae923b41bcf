#pragma once

#include "crypto/bytes.h"
#include "crypto/error.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#include <optional>
#include <string_view>

namespace sotto::crypto {

/// A long-term Ed25519 key pair: who somebody is. The secret half lives in
/// guarded memory, is wiped on destruction and has no way out but `seal`.
class Identity {
  public:
    /// Makes a new key pair from `random`.
    [[nodiscard]] static Identity generate(Random& random);

    /// Reads bytes made by `seal`. Errors (all fatal) tell apart a file that is
    /// truncated or of another kind, one that needs a passphrase, and a wrong one.
    [[nodiscard]] static Expected<Identity> open(ByteView sealed,
                                                 std::optional<std::string_view> passphrase);

    /// True if the sealed bytes need a passphrase to open; false also for what
    /// is not a sealed identity at all.
    [[nodiscard]] static bool needs_passphrase(ByteView sealed) noexcept;

    /// The key pair as bytes for a file: versioned, integrity-checked and, with a
    /// passphrase, encrypted under Argon2id (moderate cost) and XChaCha20-Poly1305.
    [[nodiscard]] Bytes seal(std::optional<std::string_view> passphrase, Random& random) const;

    [[nodiscard]] const PublicKey& public_key() const noexcept { return public_; }

    /// Sign(IK, domain, rest) of section 0: over LP(domain) || rest.
    [[nodiscard]] Signature sign(std::string_view domain, ByteView rest) const;

    /// Signs `transcript`, which already begins with LP(its domain).
    [[nodiscard]] Signature sign_whole(ByteView transcript) const;

  private:
    Identity(PublicKey pub, Secret<64> secret) noexcept
        : public_(pub), secret_(std::move(secret)) {}

    PublicKey public_;
    Secret<64> secret_;
};

/// Verifies Sign(key, domain, rest). Refuses S >= L and small-order or
/// non-canonical encodings of key and R (section 0).
[[nodiscard]] bool verify(const PublicKey& key, std::string_view domain, ByteView rest,
                          const Signature& signature);

/// Verifies a signature over a transcript that begins with LP(its domain).
[[nodiscard]] bool verify_whole(const PublicKey& key, ByteView transcript,
                                const Signature& signature);

/// Short form of a key for people: the first 16 hex digits in groups of four.
[[nodiscard]] std::string fingerprint(const PublicKey& key);

}  // namespace sotto::crypto
