#pragma once

#include "crypto/time.h"

#include <algorithm>
#include <optional>

namespace sotto::client {

/// The earlier of two deadlines, each of which may be none.
[[nodiscard]] inline std::optional<crypto::Time> earlier(const std::optional<crypto::Time>& a,
                                                         const std::optional<crypto::Time>& b) {
    return a && b ? std::min(*a, *b) : a ? a : b;
}

}  // namespace sotto::client
