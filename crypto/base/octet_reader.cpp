#include "crypto/base/octet_reader.h"

namespace sotto::base {

ByteView OctetReader::raw(std::size_t size) {
    if (!ok_ || size > rest_.size()) {
        ok_ = false;
        rest_ = {};
        return {};
    }
    const ByteView out = rest_.first(size);
    rest_ = rest_.subspan(size);
    return out;
}

std::uint8_t OctetReader::u8() {
    const ByteView bytes = raw(1);
    return bytes.empty() ? std::uint8_t{0} : bytes[0];
}

std::uint32_t OctetReader::u32() {
    std::uint32_t value = 0;
    for (const std::uint8_t byte : raw(4)) {
        value = (value << 8U) | byte;
    }
    return value;
}

std::uint64_t OctetReader::u64() {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : raw(8)) {
        value = (value << 8U) | byte;
    }
    return value;
}

ByteView OctetReader::lp() {
    return raw(u32());
}

ByteView OctetReader::rest() {
    return raw(rest_.size());
}

}  // namespace sotto::base
