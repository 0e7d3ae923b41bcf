#pragma once

#include <string>

namespace sotto::bench {

/// `value` with so many decimals and commas between thousands: "1,234.5". Not for negative
/// values.
[[nodiscard]] std::string decimal(double value, int decimals);

/// With about three significant digits, as measurements deserve: "0.71", "25.1", "5,286".
[[nodiscard]] std::string rounded(double value);

}  // namespace sotto::bench
