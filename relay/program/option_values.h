#pragma once

#include "relay/core/token_bucket.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::relay {

/// The most that a number of an option may be: sums and products of two still fit, and a
/// double holds it.
constexpr std::uint64_t kMostOfAny = 1'000'000'000'000'000;

/// A whole number in decimal digits, without a leading zero, of at most `most`; none else.
[[nodiscard]] std::optional<std::uint64_t> whole_number(std::string_view text,
                                                        std::uint64_t most = kMostOfAny);

/// `PER_SECOND:BURST`, or 0 for no limit; none else. Digits with a point at most: from
/// 0.000001 a second, a burst of 1 or more, neither above `kMostOfAny`.
[[nodiscard]] std::optional<Rate> rate_in(std::string_view text);

}  // namespace sotto::relay
