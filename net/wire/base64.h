#pragma once

#include <gsl/span>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::wire {

/// RFC 4648 section 4 with padding. Not constant-time: for public bytes only.
[[nodiscard]] std::string base64(gsl::span<const std::uint8_t> bytes);
/// Accepts exactly what `base64` produces: no white space, no missing padding, no
/// stray bits behind the last byte.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);

/// RFC 4648 section 5 without padding, as in contact links.
[[nodiscard]] std::string base64url(gsl::span<const std::uint8_t> bytes);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

/// True if `text` is base64 of exactly `size` bytes; decodes nothing.
[[nodiscard]] bool is_base64_of(std::string_view text, std::size_t size) noexcept;

}  // namespace sotto::wire
