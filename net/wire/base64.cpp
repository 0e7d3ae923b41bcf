#include "net/wire/base64.h"

#include <array>

namespace sotto::wire {

namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kInvalid = 0xFF;
constexpr std::uint8_t kInvalidBits = 0xC0;  // that no digit's value has

using Reverse = std::array<std::uint8_t, 256>;

constexpr Reverse reverse_of(std::string_view alphabet) {
    Reverse out{};
    for (auto& value : out) {
        value = kInvalid;
    }
    for (std::size_t i = 0; i < alphabet.size(); ++i) {
        out[static_cast<unsigned char>(alphabet[i])] = static_cast<std::uint8_t>(i);
    }
    return out;
}

constexpr Reverse kFromStandard = reverse_of(kStandard);
constexpr Reverse kFromUrl = reverse_of(kUrl);

std::string encode(gsl::span<const std::uint8_t> bytes, std::string_view alphabet, bool padded) {
    const std::size_t size = bytes.size();
    std::string out((size + 2) / 3 * 4, '=');
    const std::uint8_t* in = bytes.data();
    char* to = out.data();
    const auto put = [&](std::uint32_t group, std::size_t digits) {
        for (std::size_t i = 0; i < digits; ++i) {
            to[i] = alphabet[group >> (18 - 6 * i) & 63U];
        }
        to += 4;
    };
    for (std::size_t left = size / 3; left != 0; --left, in += 3) {
        put(std::uint32_t{in[0]} << 16U | std::uint32_t{in[1]} << 8U | in[2], 4);
    }
    if (size % 3 == 1) {
        put(std::uint32_t{in[0]} << 16U, 2);
    } else if (size % 3 == 2) {
        put(std::uint32_t{in[0]} << 16U | std::uint32_t{in[1]} << 8U, 3);
    }
    if (!padded) {
        out.resize((size * 8 + 5) / 6);
    }
    return out;
}

/// `text` without padding.
std::optional<std::vector<std::uint8_t>> decode(std::string_view text, const Reverse& reverse) {
    const std::size_t tail = text.size() % 4;
    if (tail == 1) {
        return std::nullopt;
    }
    std::vector<std::uint8_t> out(text.size() / 4 * 3 + (tail == 0 ? 0 : tail - 1));
    std::uint8_t* to = out.data();
    std::uint32_t bad = 0;
    const auto take = [&](const char* digits, std::size_t count) {
        std::uint32_t group = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const std::uint8_t digit = reverse[static_cast<unsigned char>(digits[i])];
            bad |= digit & kInvalidBits;
            group = group << 6U | (digit & 63U);
        }
        return group;
    };
    const char* in = text.data();
    for (std::size_t left = text.size() / 4; left != 0; --left, in += 4, to += 3) {
        const std::uint32_t group = take(in, 4);
        to[0] = static_cast<std::uint8_t>(group >> 16U);
        to[1] = static_cast<std::uint8_t>(group >> 8U);
        to[2] = static_cast<std::uint8_t>(group);
    }
    if (tail == 2) {
        const std::uint32_t group = take(in, 2);
        bad |= group & 0xFU;  // stray bits: not what an encoder produces
        to[0] = static_cast<std::uint8_t>(group >> 4U);
    } else if (tail == 3) {
        const std::uint32_t group = take(in, 3);
        bad |= group & 0x3U;
        to[0] = static_cast<std::uint8_t>(group >> 10U);
        to[1] = static_cast<std::uint8_t>(group >> 2U);
    }
    return bad == 0 ? std::optional(std::move(out)) : std::nullopt;
}

/// Takes the padding off; nothing if it is not what an encoder produces.
std::optional<std::string_view> without_padding(std::string_view text) {
    if (text.size() % 4 != 0) {
        return std::nullopt;
    }
    std::size_t padding = 0;
    while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') {
        ++padding;
    }
    return text.substr(0, text.size() - padding);
}

}  // namespace

std::string base64(gsl::span<const std::uint8_t> bytes) {
    return encode(bytes, kStandard, true);
}

std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
    const auto digits = without_padding(text);
    return digits ? decode(*digits, kFromStandard) : std::nullopt;
}

std::string base64url(gsl::span<const std::uint8_t> bytes) {
    return encode(bytes, kUrl, false);
}

std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text) {
    return decode(text, kFromUrl);
}

bool is_base64_of(std::string_view text, std::size_t size) noexcept {
    if (text.size() != (size + 2) / 3 * 4) {
        return false;
    }
    const auto digit = [&](std::size_t at) {
        return kFromStandard[static_cast<unsigned char>(text[at])];
    };
    const std::size_t padding = text.size() / 4 * 3 - size;
    const std::size_t digits = text.size() - padding;
    std::size_t at = 0;
    for (; at + 4 <= digits; at += 4) {
        const unsigned four = digit(at) | digit(at + 1) | digit(at + 2) | digit(at + 3);
        if ((four & kInvalidBits) != 0) {
            return false;
        }
    }
    if (padding == 0) {
        return true;
    }
    // Of the last digit the bits are 0 that stand for no byte.
    const unsigned stray = padding == 2 ? 0xFU : 0x3U;
    const unsigned rest = padding == 2 ? digit(at) : digit(at) | digit(at + 1);
    return ((rest | digit(digits - 1)) & kInvalidBits) == 0 && (digit(digits - 1) & stray) == 0 &&
           text[digits] == '=' && text.back() == '=';
}

}  // namespace sotto::wire
