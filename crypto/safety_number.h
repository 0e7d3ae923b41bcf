#pragma once

#include "crypto/consent.h"

#include <string>

namespace sotto::crypto {

/// The 60 digits of section 8 for two users; the same for both of them.
/// Costs about 10,400 SHA-512 of 64 to 100 bytes: some milliseconds.
[[nodiscard]] std::string safety_number(const Party& one, const Party& other);
/// The 30 digits that one user brings to it: its first or its second half.
[[nodiscard]] std::string safety_half(const Party& party);

}  // namespace sotto::crypto
