#pragma once

#include "crypto/bytes.h"

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

namespace sotto::crypto {

[[nodiscard]] inline ByteView view(std::string_view text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of a char array
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Writes the binary forms of section 0: big-endian integers, LP(x), raw bytes.
class Writer {
  public:
    Writer() = default;
    /// Room for `size` bytes from the start; it grows beyond by itself.
    explicit Writer(std::size_t size) { out_.reserve(size); }

    Writer& u8(std::uint8_t value);
    Writer& u32(std::uint32_t value);
    Writer& u64(std::uint64_t value);
    Writer& raw(ByteView bytes);
    Writer& lp(ByteView bytes);  ///< u32(length) || bytes
    Writer& lp(std::string_view text) { return lp(view(text)); }

    [[nodiscard]] const Bytes& bytes() const& noexcept { return out_; }
    [[nodiscard]] Bytes bytes() && noexcept { return std::move(out_); }

  private:
    Bytes out_;
};

/// Reads the same forms. Never beyond the end: the first read that does not fit
/// fails the reader for good, and everything read from then on is empty or zero.
class Reader {
  public:
    explicit Reader(ByteView bytes) noexcept : rest_(bytes) {}

    std::uint8_t u8();
    std::uint32_t u32();
    std::uint64_t u64();
    ByteView raw(std::size_t size);
    ByteView lp();
    ByteView rest();  ///< all that is left

    /// The next octets as what they are: `take<Signature>()`.
    template <class T>
    T take() {
        T out{};
        const ByteView bytes = raw(T::kSize);
        std::copy_n(bytes.data(), bytes.size(), out.begin());
        return out;
    }

    [[nodiscard]] bool ok() const noexcept { return ok_; }
    /// True if all reads fitted and nothing is left.
    [[nodiscard]] bool done() const noexcept { return ok_ && rest_.empty(); }

  private:
    ByteView rest_;
    bool ok_ = true;
};

[[nodiscard]] inline bool same(ByteView a, ByteView b) {
    return a.size() == b.size() && std::equal(a.data(), a.data() + a.size(), b.data());
}

}  // namespace sotto::crypto
