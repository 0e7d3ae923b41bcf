#pragma once

#include "crypto/base/time.h"

namespace sotto::crypto {

/// The room reads no clock: whoever calls says what time it is.
using Time = base::MonotonicTime;

}  // namespace sotto::crypto
