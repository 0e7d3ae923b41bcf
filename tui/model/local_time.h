#pragma once

#include <cstdint>
#include <ctime>
#include <string>

namespace sotto::tui {

/// Milliseconds since 1970 as the person's clock shows them. The model has no clock and no
/// time zone of its own; tests give it UTC.
using LocalTime = std::tm (*)(std::uint64_t wall_ms);

[[nodiscard]] std::string hour_and_minute(const std::tm& time);  ///< 14:05
[[nodiscard]] std::string date(const std::tm& time);             ///< 2026-11-24

}  // namespace sotto::tui
