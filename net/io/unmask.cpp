#include "net/io/unmask.h"

#include <cstring>

namespace sotto::net {

namespace {

/// A register of any 64-bit x86 or ARM.
using Wide = std::uint64_t __attribute__((vector_size(16)));

Wide load(const std::uint8_t* from) noexcept {
    Wide out;
    std::memcpy(&out, from, sizeof out);
    return out;
}

}  // namespace

bool unmask(std::uint8_t* data, std::size_t size, const std::array<std::uint8_t, 4>& key,
            std::size_t offset) noexcept {
    std::array<std::uint8_t, sizeof(Wide)> turned{};  // the key as it stands at `data`, repeated
    for (std::size_t i = 0; i < turned.size(); ++i) {
        turned[i] = key[(offset + i) % key.size()];
    }
    const Wide mask = load(turned.data());
    Wide seen{};
    std::size_t i = 0;
    for (; i + 2 * sizeof(Wide) <= size; i += 2 * sizeof(Wide)) {
        const Wide one = load(data + i) ^ mask;
        const Wide other = load(data + i + sizeof(Wide)) ^ mask;
        seen |= one | other;
        std::memcpy(data + i, &one, sizeof one);
        std::memcpy(data + i + sizeof(Wide), &other, sizeof other);
    }
    std::uint8_t rest = 0;
    for (; i < size; ++i) {
        data[i] ^= turned[i % key.size()];
        rest |= data[i];
    }
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    return ((seen[0] | seen[1]) & kHighBits) == 0 && (rest & 0x80U) == 0;
}

}  // namespace sotto::net
