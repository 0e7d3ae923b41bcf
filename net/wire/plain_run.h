#pragma once

#include "net/wire/registers.h"

namespace sotto::wire {

/// First byte from `at` on that a reader of a JSON string needs to look at: a quote, a
/// backslash, a control character, or not ASCII; `end` if there is none. Many at a time,
/// because the payload of a message is most of its bytes: 64 at once are 2x as fast as 16, and
/// by `wide` registers nearly 2x again.
[[nodiscard]] const char* skip_plain(const char* at, const char* end,
                                     bool wide = has_avx2()) noexcept;

}  // namespace sotto::wire
