#include "net/wire/base64.h"

#include <array>

namespace sotto::wire {

namespace {

constexpr std::string_view kStandard =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kUrl =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::uint8_t kInvalid = 0xFF;

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
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    const auto put = [&](std::uint32_t group, unsigned digits) {
        for (unsigned i = 0; i < digits; ++i) {
            out += alphabet[group >> (18 - 6 * i) & 63U];
        }
        if (padded) {
            out.append(4 - digits, '=');
        }
    };
    std::size_t i = 0;
    for (; i + 3 <= bytes.size(); i += 3) {
        put(std::uint32_t{bytes[i]} << 16U | std::uint32_t{bytes[i + 1]} << 8U | bytes[i + 2], 4);
    }
    if (bytes.size() - i == 1) {
        put(std::uint32_t{bytes[i]} << 16U, 2);
    } else if (bytes.size() - i == 2) {
        put(std::uint32_t{bytes[i]} << 16U | std::uint32_t{bytes[i + 1]} << 8U, 3);
    }
    return out;
}

/// `text` without padding.
std::optional<std::vector<std::uint8_t>> decode(std::string_view text, const Reverse& reverse) {
    const std::size_t tail = text.size() % 4;
    if (tail == 1) {
        return std::nullopt;
    }
    std::vector<std::uint8_t> out;
    out.reserve(text.size() / 4 * 3 + 2);
    std::uint32_t group = 0;
    std::uint32_t bad = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::uint8_t digit = reverse[static_cast<unsigned char>(text[i])];
        bad |= digit & 0xC0U;  // an invalid one has these bits
        group = group << 6U | (digit & 63U);
        if (i % 4 == 3) {
            out.push_back(static_cast<std::uint8_t>(group >> 16U));
            out.push_back(static_cast<std::uint8_t>(group >> 8U));
            out.push_back(static_cast<std::uint8_t>(group));
            group = 0;
        }
    }
    if (tail == 2) {
        bad |= group & 0xFU;  // stray bits: not what an encoder produces
        out.push_back(static_cast<std::uint8_t>(group >> 4U));
    } else if (tail == 3) {
        bad |= group & 0x3U;
        out.push_back(static_cast<std::uint8_t>(group >> 10U));
        out.push_back(static_cast<std::uint8_t>(group >> 2U));
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
    const std::size_t padding = (3 - size % 3) % 3;
    const std::string_view digits = text.substr(0, text.size() - padding);
    if (text.substr(digits.size()) != std::string_view("==").substr(0, padding)) {
        return false;
    }
    std::uint8_t last = 0;
    for (const char c : digits) {
        last = kFromStandard[static_cast<unsigned char>(c)];
        if (last == kInvalid) {
            return false;
        }
    }
    return (last & (padding == 2 ? 0xFU : padding == 1 ? 0x3U : 0U)) == 0;
}

}  // namespace sotto::wire
