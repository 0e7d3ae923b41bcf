#pragma once

#include <gsl/span>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::base {

using Bytes = std::vector<std::uint8_t>;
using ByteView = gsl::span<const std::uint8_t>;

/// Appends by pointers: through gsl's checked iterators every byte would be checked anew,
/// which costs more than sealing it.
inline void append(Bytes& out, ByteView bytes) {
    out.insert(out.end(), bytes.data(), bytes.data() + bytes.size());
}
[[nodiscard]] inline Bytes to_bytes(ByteView bytes) {
    return {bytes.data(), bytes.data() + bytes.size()};
}

[[nodiscard]] inline ByteView view(std::string_view text) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes of a char array
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view text_of(ByteView bytes) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): chars of a byte array
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Not constant-time: for public bytes only.
[[nodiscard]] inline bool same(ByteView a, ByteView b) {
    return a.size() == b.size() && std::equal(a.data(), a.data() + a.size(), b.data());
}

}  // namespace sotto::base
