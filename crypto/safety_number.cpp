#include "crypto/safety_number.h"

#include "crypto/transcript.h"

#include <sodium.h>

#include <algorithm>

namespace sotto::crypto {

namespace {

constexpr int kFurtherRounds = 5'199;
constexpr std::size_t kGroups = 6;

}  // namespace

std::string safety_half(const Party& party) {
    std::array<std::uint8_t, crypto_hash_sha512_BYTES> digest{};
    const Bytes first =
        Writer().u8(0).u8(0).raw(party.key).raw(view(party.name)).raw(party.key).bytes();
    crypto_hash_sha512(digest.data(), first.data(), first.size());
    for (int round = 0; round < kFurtherRounds; ++round) {
        std::array<std::uint8_t, crypto_hash_sha512_BYTES + 32> input{};
        std::copy(digest.begin(), digest.end(), input.begin());
        std::copy(party.key.begin(), party.key.end(), input.begin() + digest.size());
        crypto_hash_sha512(digest.data(), input.data(), input.size());
    }
    std::string out;
    for (std::size_t group = 0; group < kGroups; ++group) {
        std::uint64_t number = 0;
        for (std::size_t i = 0; i < 5; ++i) {
            number = (number << 8U) | digest[group * 5 + i];
        }
        const std::string digits = std::to_string(number % 100'000);
        out += std::string(5 - digits.size(), '0') + digits;
    }
    return out;
}

std::string safety_number(const Party& one, const Party& other) {
    std::string a = safety_half(one);
    std::string b = safety_half(other);
    return a < b ? a + b : b + a;
}

}  // namespace sotto::crypto
