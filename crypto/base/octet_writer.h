#pragma once

#include "crypto/base/bytes.h"

#include <cstdint>
#include <string_view>
#include <utility>

namespace sotto::base {

/// Writes the binary forms of section 0: big-endian integers, LP(x), raw bytes.
class OctetWriter {
  public:
    OctetWriter() = default;
    /// Room for `size` bytes from the start; it grows beyond by itself.
    explicit OctetWriter(std::size_t size) { out_.reserve(size); }

    OctetWriter& u8(std::uint8_t value);
    OctetWriter& u32(std::uint32_t value);
    OctetWriter& u64(std::uint64_t value);
    OctetWriter& raw(ByteView bytes);
    OctetWriter& lp(ByteView bytes);  ///< u32(length) || bytes
    OctetWriter& lp(std::string_view text) { return lp(view(text)); }

    [[nodiscard]] const Bytes& bytes() const& noexcept { return out_; }
    [[nodiscard]] Bytes bytes() && noexcept { return std::move(out_); }

  private:
    Bytes out_;
};

}  // namespace sotto::base
