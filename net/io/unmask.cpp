#include "net/io/unmask.h"

#include <cstring>

namespace sotto::net {

namespace {

using Key = std::array<std::uint8_t, 4>;

/// A register of any 64-bit x86 or ARM, and one of most x86 only.
using Wide16 = std::uint64_t __attribute__((vector_size(16)));
using Wide32 = std::uint64_t __attribute__((vector_size(32)));

/// Two registers at a time; inlined, so that it is compiled for the processor that its
/// caller is compiled for.
template <class Wide>
[[gnu::always_inline]] inline bool unmask_by(std::uint8_t* data, std::size_t size, const Key& key,
                                             std::size_t offset) noexcept {
    constexpr std::size_t kWidth = sizeof(Wide);
    std::array<std::uint8_t, kWidth> turned{};  // the key as it stands at `data`, repeated
    for (std::size_t i = 0; i < turned.size(); ++i) {
        turned[i] = key[(offset + i) % key.size()];
    }
    Wide mask;
    std::memcpy(&mask, turned.data(), kWidth);
    Wide seen{};
    std::size_t i = 0;
    for (; i + 2 * kWidth <= size; i += 2 * kWidth) {
        Wide one;
        Wide other;
        std::memcpy(&one, data + i, kWidth);
        std::memcpy(&other, data + i + kWidth, kWidth);
        one ^= mask;
        other ^= mask;
        seen |= one | other;
        std::memcpy(data + i, &one, kWidth);
        std::memcpy(data + i + kWidth, &other, kWidth);
    }
    std::uint8_t rest = 0;
    for (; i < size; ++i) {
        data[i] ^= turned[i % key.size()];
        rest |= data[i];
    }
    std::uint64_t high = 0;
    for (std::size_t lane = 0; lane < kWidth / sizeof high; ++lane) {
        high |= seen[lane];
    }
    return (high & 0x8080808080808080U) == 0 && (rest & 0x80U) == 0;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) bool unmask_by_32(std::uint8_t* data, std::size_t size,
                                                  const Key& key, std::size_t offset) noexcept {
    return unmask_by<Wide32>(data, size, key, offset);
}
#endif

}  // namespace

bool unmask(std::uint8_t* data, std::size_t size, const Key& key, std::size_t offset,
            [[maybe_unused]] bool wide) noexcept {
#if defined(__x86_64__)
    if (wide) {
        return unmask_by_32(data, size, key, offset);
    }
#endif
    return unmask_by<Wide16>(data, size, key, offset);
}

}  // namespace sotto::net
