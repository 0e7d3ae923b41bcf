#include "net/websocket/unmask.h"

#include <cstring>

namespace sotto::net {

namespace {

using Key = std::array<std::uint8_t, 4>;
constexpr std::size_t kKey = std::tuple_size_v<Key>;

/// A register of any 64-bit x86 or ARM, and one of most x86 only.
using Wide16 = std::uint32_t __attribute__((vector_size(16)));
using Wide32 = std::uint32_t __attribute__((vector_size(32)));

/// Unmasks the word at `data` by `mask`, the key repeated, and adds its bits to `seen`.
template <class Word>
[[gnu::always_inline]] inline void unmask_word(std::uint8_t* data, const Word& mask,
                                               Word& seen) noexcept {
    Word word;
    std::memcpy(&word, data, sizeof word);
    word ^= mask;
    seen |= word;
    std::memcpy(data, &word, sizeof word);
}

/// Two registers at a time; inlined, so that it is compiled for the processor that its
/// caller is compiled for.
template <class Wide>
[[gnu::always_inline]] inline bool unmask_by(std::uint8_t* data, std::size_t size, const Key& key,
                                             std::size_t offset) noexcept {
    constexpr std::size_t kWidth = sizeof(Wide);
    std::array<std::uint8_t, 2 * kKey> twice{};
    std::memcpy(twice.data(), key.data(), kKey);
    std::memcpy(twice.data() + kKey, key.data(), kKey);
    std::uint32_t turned = 0;  // the key as it stands at `data`
    std::memcpy(&turned, twice.data() + offset % kKey, kKey);
    const Wide mask = Wide{} + turned;
    Wide one{};
    Wide other{};
    std::size_t at = 0;
    for (; at + 2 * kWidth <= size; at += 2 * kWidth) {
        unmask_word(data + at, mask, one);
        unmask_word(data + at + kWidth, mask, other);
    }
    std::uint32_t seen = 0;
    for (; at + kKey <= size; at += kKey) {
        unmask_word(data + at, turned, seen);
    }
    for (; at < size; ++at) {
        data[at] ^= key[(offset + at) % kKey];
        seen |= data[at];
    }
    one |= other;
    for (std::size_t lane = 0; lane < kWidth / kKey; ++lane) {
        seen |= one[lane];
    }
    return (seen & 0x80808080U) == 0;
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
