#include "net/wire/plain_run.h"

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
constexpr std::ptrdiff_t kBlock = 128;

/// Skips a block at a time as long as no byte of it needs a look.
const char* skip_blocks(const char* at, const char* end) noexcept {
    for (; end - at >= kBlock; at += kBlock) {
        unsigned stops = 0;
        for (std::ptrdiff_t i = 0; i < kBlock; i += 16) {
            stops |= stops_in_16(at + i);
        }
        if (stops != 0) {
            break;
        }
    }
    return at;
}

/// The same with registers that not every x86 has.
__attribute__((target("avx2"))) const char* skip_blocks_avx2(const char* at,
                                                             const char* end) noexcept {
    const __m256i quote = _mm256_set1_epi8('"');
    const __m256i backslash = _mm256_set1_epi8('\\');
    const __m256i space = _mm256_set1_epi8(' ');
    for (; end - at >= kBlock; at += kBlock) {
        __m256i nearest = _mm256_set1_epi8(-1);  // 0 where a quote or backslash was
        __m256i lowest = space;  // signed: below it where a control or non-ASCII was
        for (std::ptrdiff_t i = 0; i < kBlock; i += 32) {
            __m256i bytes;
            std::memcpy(&bytes, at + i, sizeof bytes);
            const __m256i far =
                _mm256_min_epu8(_mm256_xor_si256(bytes, quote), _mm256_xor_si256(bytes, backslash));
            nearest = _mm256_min_epu8(nearest, far);
            lowest = _mm256_min_epi8(lowest, bytes);
        }
        const __m256i stops = _mm256_or_si256(_mm256_cmpeq_epi8(nearest, _mm256_setzero_si256()),
                                              _mm256_cmpgt_epi8(space, lowest));
        if (_mm256_testz_si256(stops, stops) == 0) {
            break;
        }
    }
    return at;
}
#endif

}  // namespace

const char* skip_long_plain(const char* at, const char* end, [[maybe_unused]] bool wide) noexcept {
#if defined(__x86_64__)
    const char* const begin = at;
    for (bool is_long = false; end - at >= 16; is_long = true) {
        if (is_long && end - at >= kBlock) {
            at = wide ? skip_blocks_avx2(at, end) : skip_blocks(at, end);
            if (end - at < 16) {
                break;
            }
        }
        const unsigned stops = stops_in_16(at);
        if (stops != 0) {
            return at + __builtin_ctz(stops);
        }
        at += 16;
    }
    if (end - begin >= 16) {  // the rest stands at the end of 16 of which the others are plain
        const unsigned stops = stops_in_16(end - 16);
        return stops == 0 ? end : end - 16 + __builtin_ctz(stops);
    }
#endif
    while (at != end && is_plain(*at)) {
        ++at;
    }
    return at;
}

}  // namespace sotto::wire
