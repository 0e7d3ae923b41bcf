#pragma once

#include "crypto/bytes.h"

#include <cstdint>

namespace sotto::crypto {

/// Key agreement suites of section 5. A larger number is preferred.
enum class Suite : std::uint8_t {
    x25519 = 1,
    x25519_mlkem768 = 2,
};

/// The best suite that this build's OpenSSL has (2 from OpenSSL 3.5 on).
[[nodiscard]] Suite best_suite() noexcept;

/// What one side is willing to use: every known suite from `floor` to `best`.
/// `floor` is the best suite ever used with the contact; only a person lowers it.
struct SuitePolicy {
    Suite floor = Suite::x25519;
    Suite best = best_suite();

    [[nodiscard]] Bytes offer() const;                    ///< distinct, in falling order
    [[nodiscard]] bool allows(std::uint8_t suite) const;  ///< known and within the bounds
};

}  // namespace sotto::crypto
