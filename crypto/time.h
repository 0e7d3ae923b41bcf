#pragma once

#include <chrono>

namespace sotto::crypto {

/// Monotonic time since an origin of the caller's choice. The room reads no
/// clock: whoever calls says what time it is.
using Time = std::chrono::milliseconds;

}  // namespace sotto::crypto
