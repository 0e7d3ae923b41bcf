#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

struct evp_pkey_st;

/// Byte strings and primitives for the stranger: libsodium and OpenSSL directly, nothing
/// of the house's own crypto or wire rooms. Written from sotto-protocol(7), section 0.
namespace sotto::stranger {

using Octets = std::string;

/// What the other side sent is not what the page says.
class Deviation : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};
void expect(bool fits, const char* what);

[[nodiscard]] Octets u8(std::uint64_t value);
[[nodiscard]] Octets u32(std::uint64_t value);
[[nodiscard]] Octets u64(std::uint64_t value);
[[nodiscard]] Octets lp(const Octets& bytes);
[[nodiscard]] std::uint64_t number(const Octets& big_endian);

/// Takes a byte string apart from its front.
class Cut {
  public:
    explicit Cut(Octets bytes) : rest_(std::move(bytes)) {}
    Octets take(std::size_t size);
    Octets lp() { return take(number(take(4))); }
    Octets rest() { return std::exchange(rest_, {}); }
    void done() const { expect(rest_.empty(), "something has bytes too many"); }

  private:
    Octets rest_;
};

[[nodiscard]] Octets b64(const Octets& bytes);
[[nodiscard]] Octets unb64(const std::string& text);  ///< throws unless it is exactly base64

[[nodiscard]] Octets random(std::size_t size);
[[nodiscard]] Octets sha256(const Octets& bytes);
[[nodiscard]] Octets sha512(const Octets& bytes);
[[nodiscard]] Octets extract(const Octets& salt, const Octets& key_material);
[[nodiscard]] Octets expand(const Octets& prk, const Octets& info, std::size_t size = 32);

struct KeyPair {
    Octets pub;
    Octets secret;
};
[[nodiscard]] KeyPair ed25519(std::uint8_t seed);
[[nodiscard]] Octets signature(const KeyPair& key, const Octets& whole);
[[nodiscard]] bool verifies(const Octets& pub, const Octets& whole, const Octets& signature);

[[nodiscard]] KeyPair x25519();
[[nodiscard]] Octets x25519(const Octets& secret, const Octets& pub);

[[nodiscard]] Octets gcm_seal(const Octets& key, const Octets& nonce, const Octets& ad,
                              const Octets& plain);
[[nodiscard]] std::optional<Octets> gcm_open(const Octets& key, const Octets& nonce,
                                             const Octets& ad, const Octets& sealed);

/// ML-KEM-768, where OpenSSL is 3.5 or later.
[[nodiscard]] bool has_ml_kem();
class KemKeys {
  public:
    KemKeys();
    Octets pub;  ///< kem_ek
    [[nodiscard]] Octets decapsulate(const Octets& ciphertext) const;

  private:
    std::shared_ptr<evp_pkey_st> key_;
};
struct Encapsulated {
    Octets ciphertext;  ///< kem_ct
    Octets secret;
};
[[nodiscard]] Encapsulated encapsulate(const Octets& pub);

}  // namespace sotto::stranger
