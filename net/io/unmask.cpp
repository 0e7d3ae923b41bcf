#include "net/io/unmask.h"

#include <cstring>

namespace sotto::net {

namespace {

/// Two 128-bit registers' worth: what every 64-bit x86 and ARM takes at a step.
struct Block {
    std::uint64_t words[4];
};

}  // namespace

bool unmask(std::uint8_t* data, std::size_t size, const std::array<std::uint8_t, 4>& key,
            std::size_t offset) noexcept {
    std::array<std::uint8_t, 8> turned{};  // the key as it stands at `data`, twice
    for (std::size_t i = 0; i < turned.size(); ++i) {
        turned[i] = key[(offset + i) % key.size()];
    }
    std::uint64_t wide = 0;
    std::memcpy(&wide, turned.data(), sizeof wide);

    std::uint64_t seen[4] = {0, 0, 0, 0};
    std::size_t i = 0;
    for (; i + sizeof(Block) <= size; i += sizeof(Block)) {
        Block block;
        std::memcpy(&block, data + i, sizeof block);
        for (std::size_t word = 0; word < 4; ++word) {
            block.words[word] ^= wide;
            seen[word] |= block.words[word];
        }
        std::memcpy(data + i, &block, sizeof block);
    }
    std::uint8_t rest = 0;
    for (; i < size; ++i) {
        data[i] ^= turned[i % key.size()];
        rest |= data[i];
    }
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    return ((seen[0] | seen[1] | seen[2] | seen[3]) & kHighBits) == 0 && (rest & 0x80U) == 0;
}

}  // namespace sotto::net
