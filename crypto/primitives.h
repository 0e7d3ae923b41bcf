#pragma once

#include "crypto/bytes.h"
#include "crypto/random.h"
#include "crypto/secret.h"

#include <optional>
#include <string_view>

/// The primitives that sections 5 to 7 are made of: hashes and curves from libsodium,
/// HKDF, AES-256-GCM and ML-KEM from OpenSSL (openssl.cpp), because libsodium 1.0.18
/// has no HKDF and its AES-GCM does not run on every CPU.
namespace sotto::crypto {

inline constexpr std::size_t kTagSize = 16;
inline constexpr std::size_t kKemPublicKeySize = 1'184;  ///< ML-KEM-768 kem_ek
inline constexpr std::size_t kKemCiphertextSize = 1'088;
inline constexpr std::size_t kKemSecretSize = 32;

using Nonce = base::Octets<12, struct NonceTag>;  ///< of AES-GCM

[[nodiscard]] Digest sha256(ByteView bytes);
/// The same, as what the digest is of: `sha256_of<RequestHash>(...)`.
template <class T>
[[nodiscard]] T sha256_of(ByteView bytes) {
    return T(sha256(bytes).raw());
}

/// HKDF-Extract-SHA256 (RFC 5869): PRK into `prk`.
void hkdf_extract(ByteView salt, ByteView key_material, gsl::span<std::uint8_t> prk);
/// HKDF-Expand-SHA256: `info` is the ASCII text itself, without length or NUL.
void hkdf_expand(ByteView prk, ByteView info, gsl::span<std::uint8_t> out);

/// AES-256-GCM: ciphertext, then the 16-byte tag.
[[nodiscard]] Bytes aead_seal(ByteView key, const Nonce& nonce, ByteView ad, ByteView plaintext);
/// The plaintext, or nothing if the tag does not fit.
[[nodiscard]] std::optional<Bytes> aead_open(ByteView key, const Nonce& nonce, ByteView ad,
                                             ByteView sealed);

/// An X25519 key pair made for one attempt or one rekey. Move-only.
struct Ephemeral {
    explicit Ephemeral(Random& random);
    Secret<32> secret;
    EphemeralKey public_key{};
};
/// X25519; false (and `out` wiped) if the result is all zeros.
[[nodiscard]] bool x25519(const Secret<32>& mine, ByteView theirs, gsl::span<std::uint8_t> out);

/// ML-KEM-768's decapsulating half, if this OpenSSL has it (3.5 and later). Its secret is
/// in OpenSSL's memory: wiped when it goes, but neither guarded nor kept out of swap.
class KemKey {
  public:
    [[nodiscard]] static bool available() noexcept;
    explicit KemKey(
        Random& random);  ///< a new key pair; throws std::runtime_error if there is none
    ~KemKey();
    KemKey(KemKey&& other) noexcept;
    KemKey& operator=(KemKey&& other) noexcept;
    KemKey(const KemKey&) = delete;
    KemKey& operator=(const KemKey&) = delete;

    [[nodiscard]] const Bytes& public_key() const noexcept { return public_; }
    /// False if `ciphertext` has a wrong length. One that was not made for this key gives
    /// another secret (FIPS 203's implicit rejection): the handshake's tag then fails.
    [[nodiscard]] bool decapsulate(ByteView ciphertext, gsl::span<std::uint8_t> secret) const;

  private:
    void* key_ = nullptr;  // EVP_PKEY; OpenSSL's names stay in openssl.cpp
    Bytes public_;
};
/// Makes a secret for `public_key`; the ciphertext, or nothing if the key is not one.
[[nodiscard]] std::optional<Bytes> kem_encapsulate(ByteView public_key,
                                                   gsl::span<std::uint8_t> secret);

}  // namespace sotto::crypto
