// The primitives that libsodium keeps: SHA-256, X25519, randomness.
#include "crypto/primitives.h"

#include <sodium.h>

namespace sotto::crypto {

void SystemRandom::fill(gsl::span<std::uint8_t> out) {
    randombytes_buf(out.data(), out.size());
}

Digest sha256(ByteView bytes) {
    Digest out;
    crypto_hash_sha256(out.data(), bytes.data(), bytes.size());
    return out;
}

Ephemeral::Ephemeral(Random& random) {
    random.fill(secret.bytes());
    crypto_scalarmult_base(public_key.data(), secret.bytes().data());
}

bool x25519(const Secret<32>& mine, ByteView theirs, gsl::span<std::uint8_t> out) {
    // libsodium refuses small-order points and an all-zero result.
    if (theirs.size() != 32 || out.size() != 32 ||
        crypto_scalarmult(out.data(), mine.bytes().data(), theirs.data()) != 0 ||
        sodium_is_zero(out.data(), out.size()) == 1) {
        wipe(out);
        return false;
    }
    return true;
}

}  // namespace sotto::crypto
