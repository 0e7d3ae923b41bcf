#include "net/wire/plain_run.h"

#include <algorithm>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace sotto::wire {

namespace {

bool is_plain(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

#if defined(__x86_64__)
/// Which of the 16 bytes from `at` on need a look: a bit each.
unsigned stops_in_16(const char* at) noexcept {
    __m128i block;
    std::copy_n(at, 16, reinterpret_cast<char*>(&block));
    // Signed: bytes from 0x80 on are negative, so one comparison finds them and controls.
    const __m128i stops = _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('"')),
                                                    _mm_cmpeq_epi8(block, _mm_set1_epi8('\\'))),
                                       _mm_cmplt_epi8(block, _mm_set1_epi8(0x20)));
    return static_cast<unsigned>(_mm_movemask_epi8(stops));
}

/// Skips 64 bytes at a time as long as none of them needs a look.
const char* skip_64s(const char* at, const char* end) noexcept {
    while (end - at >= 64 && (stops_in_16(at) | stops_in_16(at + 16) | stops_in_16(at + 32) |
                              stops_in_16(at + 48)) == 0) {
        at += 64;
    }
    return at;
}

/// The same with registers that not every x86 has.
__attribute__((target("avx2"))) const char* skip_64s_avx2(const char* at,
                                                          const char* end) noexcept {
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i backslash = _mm256_set1_epi8('\\');
    const __m256i printable = _mm256_set1_epi8(0x1F);
    const __m256i all = _mm256_set1_epi8(-1);
    __m256i one;
    __m256i other;
    for (; end - at >= 64; at += 64) {
        std::copy_n(at, 32, reinterpret_cast<char*>(&one));
        std::copy_n(at + 32, 32, reinterpret_cast<char*>(&other));
        // A quote or backslash is in neither, and both must be printable ASCII.
        const __m256i good = _mm256_and_si256(_mm256_cmpgt_epi8(one, printable),
                                              _mm256_cmpgt_epi8(other, printable));
        const __m256i bad = _mm256_or_si256(
            _mm256_or_si256(_mm256_cmpeq_epi8(one, quote), _mm256_cmpeq_epi8(other, quote)),
            _mm256_or_si256(_mm256_cmpeq_epi8(one, backslash),
                            _mm256_cmpeq_epi8(other, backslash)));
        if (_mm256_testc_si256(_mm256_andnot_si256(bad, good), all) == 0) {
            break;
        }
    }
    return at;
}
#endif

}  // namespace

const char* skip_plain(const char* at, const char* end, [[maybe_unused]] bool wide) noexcept {
#if defined(__x86_64__)
    for (bool is_long = false; end - at >= 16; is_long = true) {
        if (is_long && end - at >= 64) {
            at = wide ? skip_64s_avx2(at, end) : skip_64s(at, end);
            if (end - at < 16) {
                break;
            }
        }
        const unsigned mask = stops_in_16(at);
        if (mask != 0) {
            return at + __builtin_ctz(mask);
        }
        at += 16;
    }
#endif
    while (at != end && is_plain(*at)) {
        ++at;
    }
    return at;
}

}  // namespace sotto::wire
