#pragma once

#include "crypto/random.h"
#include "tui/client/client.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace sotto::client {

/// How long to wait after so many failures: from 0.5 s to 30 s (section 9). Half of it is
/// random, so that peers do not come back at once.
[[nodiscard]] inline std::chrono::milliseconds backoff(unsigned failures, crypto::Random& random) {
    constexpr std::chrono::milliseconds first = std::chrono::seconds(1);
    constexpr std::chrono::milliseconds last = std::chrono::seconds(30);
    const std::chrono::milliseconds full = std::min(last, first * (1U << std::min(failures, 6U)));
    std::array<std::uint8_t, 1> byte{};
    random.fill(byte);
    return full / 2 + full * byte[0] / 512;
}

}  // namespace sotto::client
