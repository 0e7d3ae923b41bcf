#include "crypto/transcript.h"

namespace sotto::crypto {

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> big_endian(std::uint64_t value) {
    std::array<std::uint8_t, N> out{};
    for (std::size_t i = N; i-- > 0; value >>= 8U) {
        out[i] = static_cast<std::uint8_t>(value);
    }
    return out;
}

}  // namespace

Writer& Writer::u8(std::uint8_t value) {
    out_.push_back(value);
    return *this;
}

Writer& Writer::u32(std::uint32_t value) {
    return raw(big_endian<4>(value));
}

Writer& Writer::u64(std::uint64_t value) {
    return raw(big_endian<8>(value));
}

Writer& Writer::raw(ByteView bytes) {
    append(out_, bytes);
    return *this;
}

Writer& Writer::lp(ByteView bytes) {
    u32(static_cast<std::uint32_t>(bytes.size()));
    return raw(bytes);
}

ByteView Reader::raw(std::size_t size) {
    if (!ok_ || size > rest_.size()) {
        ok_ = false;
        rest_ = {};
        return {};
    }
    const ByteView out = rest_.first(size);
    rest_ = rest_.subspan(size);
    return out;
}

std::uint8_t Reader::u8() {
    const ByteView bytes = raw(1);
    return bytes.empty() ? std::uint8_t{0} : bytes[0];
}

std::uint32_t Reader::u32() {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : raw(4)) {
        value = (value << 8U) | byte;
    }
    return value;
}

std::uint64_t Reader::u64() {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : raw(8)) {
        value = (value << 8U) | byte;
    }
    return value;
}

ByteView Reader::lp() {
    return raw(u32());
}

ByteView Reader::rest() {
    return raw(rest_.size());
}

}  // namespace sotto::crypto
