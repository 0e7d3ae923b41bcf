#include "crypto/base/octet_writer.h"

#include <array>
#include <cstddef>

namespace sotto::base {

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

OctetWriter& OctetWriter::u8(std::uint8_t value) {
    out_.push_back(value);
    return *this;
}

OctetWriter& OctetWriter::u32(std::uint32_t value) {
    return raw(big_endian<4>(value));
}

OctetWriter& OctetWriter::u64(std::uint64_t value) {
    return raw(big_endian<8>(value));
}

OctetWriter& OctetWriter::raw(ByteView bytes) {
    append(out_, bytes);
    return *this;
}

OctetWriter& OctetWriter::lp(ByteView bytes) {
    u32(static_cast<std::uint32_t>(bytes.size()));
    return raw(bytes);
}

}  // namespace sotto::base
