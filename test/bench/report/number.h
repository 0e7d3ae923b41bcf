#pragma once

#include <string>

namespace sotto::bench {

/// `value` with so many decimals, and commas between its thousands: "1,234.5". Not for
/// values below zero.
[[nodiscard]] std::string decimal(double value, int decimals);

/// With the three digits or so that a measurement is good for: "0.71", "25.1", "5,286".
[[nodiscard]] std::string rounded(double value);

}  // namespace sotto::bench
