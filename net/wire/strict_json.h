#pragma once

#include "net/wire/error.h"

#include <cstddef>
#include <limits>
#include <string_view>

namespace sotto::wire {

/// Strict JSON of section 1, in front of the parser: RFC 8259 with an object at
/// the top, no duplicate keys at any level (compared after unescaping), no
/// trailing bytes, valid UTF-8, nesting of at most 4, numbers only as integers
/// within +-2^53 (no fraction, exponent or -0), no raw control characters, no
/// BOM, no unpaired surrogate escapes. White space may stand around the object.
/// Errors are `close`. Time and memory are linear in the text (n log n in keys). More than
/// `most_values` members and elements in all are refused, too.
[[nodiscard]] Expected<void> check_strict_json(
    std::string_view text, std::size_t most_values = std::numeric_limits<std::size_t>::max());

}  // namespace sotto::wire
