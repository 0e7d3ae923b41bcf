#include "crypto/base/hex.h"

#include <cstddef>

namespace sotto::base {

std::string hex(gsl::span<const std::uint8_t> octets) {
    std::string out;
    out.reserve(2 * octets.size());
    for (const std::uint8_t octet : octets) {
        append_hex(out, octet);
    }
    return out;
}

bool read_hex(std::string_view text, gsl::span<std::uint8_t> out) noexcept {
    if (text.size() != 2 * out.size()) {
        return false;
    }
    for (std::size_t i = 0; i < out.size(); ++i) {
        const int high = hex_value(text[2 * i]);
        const int low = hex_value(text[2 * i + 1]);
        if (high < 0 || low < 0) {
            return false;
        }
        out[i] = static_cast<std::uint8_t>(high << 4 | low);
    }
    return true;
}

}  // namespace sotto::base
