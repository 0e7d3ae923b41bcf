#include "crypto/base/utf8.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace sotto::base {

namespace {

/// Bytes of the sequence that begins with `lead`, and the bounds of its second byte.
struct Form {
    std::size_t size;
    std::uint8_t low;
    std::uint8_t high;
};

Form form_of(std::uint8_t lead) noexcept {
    if (lead < 0x80) {
        return {1, 0, 0};
    }
    if (lead >= 0xC2 && lead <= 0xDF) {
        return {2, 0x80, 0xBF};
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        return {3, static_cast<std::uint8_t>(lead == 0xE0 ? 0xA0 : 0x80),
                static_cast<std::uint8_t>(lead == 0xED ? 0x9F : 0xBF)};
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        return {4, static_cast<std::uint8_t>(lead == 0xF0 ? 0x90 : 0x80),
                static_cast<std::uint8_t>(lead == 0xF4 ? 0x8F : 0xBF)};
    }
    return {0, 0, 0};
}

/// Bytes from `at` on, in steps of eight, that are plain ASCII: most text is nothing else.
std::size_t ascii_words(std::string_view text, std::size_t at) noexcept {
    constexpr std::uint64_t kHighBits = 0x8080808080808080U;
    const std::size_t begin = at;
    for (std::uint64_t word = 0; text.size() - at >= sizeof word; at += sizeof word) {
        std::memcpy(&word, text.data() + at, sizeof word);
        if ((word & kHighBits) != 0) {
            break;
        }
    }
    return at - begin;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    for (std::size_t i = ascii_words(text, 0); i < text.size();) {
        const Form form = form_of(at(i));
        if (form.size == 0 || form.size > text.size() - i) {
            return false;
        }
        if (form.size > 1 && (at(i + 1) < form.low || at(i + 1) > form.high)) {
            return false;
        }
        for (std::size_t k = 2; k < form.size; ++k) {
            if ((at(i + k) & 0xC0U) != 0x80) {
                return false;
            }
        }
        i += form.size;
        i += ascii_words(text, i);
    }
    return true;
}

}  // namespace sotto::base
