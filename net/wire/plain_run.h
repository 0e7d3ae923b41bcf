#pragma once

#include "net/wire/registers.h"

#if defined(__x86_64__)
#include <emmintrin.h>

#include <cstring>
#endif

namespace sotto::wire {

/// The same as skip_plain for what is mostly long, and not inlined: many bytes at a time,
/// because the payload of a message is most of its bytes. By `wide` registers it takes half
/// of the time.
[[nodiscard]] const char* skip_long_plain(const char* at, const char* end,
                                          bool wide = has_avx2()) noexcept;

#if defined(__x86_64__)
/// Which of the 16 bytes from `at` on a reader of a JSON string needs to look at: a bit each.
[[nodiscard]] inline unsigned stops_in_16(const char* at) noexcept {
    __m128i block;
    std::memcpy(&block, at, sizeof block);
    // Signed: bytes from 0x80 on are negative, so one comparison finds them and controls.
    const __m128i stops = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')),
                                                    _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'))),
                                       _mm_cmplt_epi8(block, _mm_set1_epi8(0x20)));
    return static_cast<unsigned>(_mm_movemask_epi8(stops));
}
#endif

/// First byte from `at` on that a reader of a JSON string needs to look at: a quote, a
/// backslash, a control character, or not ASCII; `end` if there is none. Most strings end
/// within 16 bytes: a look at those costs less than a call.
[[nodiscard]] inline const char* skip_plain(const char* at, const char* end) noexcept {
#if defined(__x86_64__)
    if (end - at >= 16) {
        const unsigned stops = stops_in_16(at);
        if (stops != 0) {
            return at + __builtin_ctz(stops);
        }
        at += 16;
    }
#endif
    return skip_long_plain(at, end);
}

}  // namespace sotto::wire
