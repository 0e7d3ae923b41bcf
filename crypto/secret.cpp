#include "crypto/secret.h"

#include <sodium.h>

#include <cstdlib>
#include <stdexcept>

namespace sotto::crypto {

void init() {
    if (sodium_init() < 0) {
        throw std::runtime_error("libsodium could not be initialised");
    }
}

std::uint8_t* allocate_secret(std::size_t size) {
    auto* bytes = static_cast<std::uint8_t*>(sodium_malloc(size));
    if (bytes == nullptr) {
        std::abort();
    }
    return bytes;
}

void free_secret(std::uint8_t* bytes) noexcept {
    sodium_free(bytes);
}

void wipe(gsl::span<std::uint8_t> bytes) noexcept {
    sodium_memzero(bytes.data(), bytes.size());
}

bool equal_in_constant_time(gsl::span<const std::uint8_t> a,
                            gsl::span<const std::uint8_t> b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sotto::crypto
