#pragma once

#include <gsl/span>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::base {

/// The lower-case digits of 0 to 15, in order.
inline constexpr std::string_view kHexDigits = "0123456789abcdef";

/// The value of a digit of either case; -1 if it is none.
[[nodiscard]] constexpr int hex_value(char digit) noexcept {
    return digit >= '0' && digit <= '9'   ? digit - '0'
           : digit >= 'a' && digit <= 'f' ? digit - 'a' + 10
           : digit >= 'A' && digit <= 'F' ? digit - 'A' + 10
                                          : -1;
}

/// Appends the two lower-case digits of an octet.
inline void append_hex(std::string& out, std::uint8_t octet) {
    out += kHexDigits[octet >> 4U];
    out += kHexDigits[octet & 15U];
}

/// Two lower-case digits an octet.
[[nodiscard]] std::string hex(gsl::span<const std::uint8_t> octets);

/// Two digits an octet, of either case, written into `out`. False, with `out` undefined, unless
/// `text` has exactly two digits for each octet of it.
[[nodiscard]] bool read_hex(std::string_view text, gsl::span<std::uint8_t> out) noexcept;

/// The same for a value of octets, such as a Pin.
template <class Octets>
[[nodiscard]] std::optional<Octets> from_hex(std::string_view text) {
    Octets out;
    return read_hex(text, out) ? std::optional(out) : std::nullopt;
}

}  // namespace sotto::base
