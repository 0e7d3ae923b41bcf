#pragma once

#include "crypto/bytes.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace sotto::test {

/// Bytes from hex digits; white space is skipped. Throws for anything else: a vector
/// that was typed wrongly must not pass for a shorter one.
[[nodiscard]] inline crypto::Bytes from_hex(std::string_view hex) {
    constexpr std::string_view digits = "0123456789abcdef";
    crypto::Bytes out;
    unsigned high = 0;
    bool half = false;
    for (const char c : hex) {
        if (c == ' ' || c == '\n') {
            continue;
        }
        const auto value = digits.find(c);
        if (value == std::string_view::npos) {
            throw std::invalid_argument("not a hex digit");
        }
        if (half) {
            out.push_back(static_cast<std::uint8_t>(high << 4U | static_cast<unsigned>(value)));
        }
        high = static_cast<unsigned>(value);
        half = !half;
    }
    if (half) {
        throw std::invalid_argument("an odd number of hex digits");
    }
    return out;
}

/// Exactly N bytes from hex digits.
template <std::size_t N>
[[nodiscard]] std::array<std::uint8_t, N> array_from_hex(std::string_view hex) {
    const crypto::Bytes bytes = from_hex(hex);
    if (bytes.size() != N) {
        throw std::invalid_argument("wrong number of hex digits");
    }
    std::array<std::uint8_t, N> out{};
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return out;
}

/// Those bytes as what they are: `octets_from_hex<crypto::ChatId>("...")`.
template <class Octets>
[[nodiscard]] Octets octets_from_hex(std::string_view hex) {
    return Octets(array_from_hex<Octets::kSize>(hex));
}

}  // namespace sotto::test
