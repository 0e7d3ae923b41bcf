#pragma once

#include "crypto/base/bytes.h"

#include <algorithm>
#include <cstdint>

namespace sotto::base {

/// Reads what OctetWriter writes. Never beyond the end: the first read that does not fit
/// fails the reader for good, and everything read from then on is empty or zero.
class OctetReader {
  public:
    explicit OctetReader(ByteView bytes) noexcept : rest_(bytes) {}

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

}  // namespace sotto::base
