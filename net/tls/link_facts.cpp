#include "net/tls/link_facts.h"

namespace sotto::net {

std::string to_hex(const Pin& pin) {
    static constexpr char kDigits[] = "0123456789abcdef";
    std::string out;
    for (const std::uint8_t byte : pin) {
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    return out;
}

bool from_hex(const std::string& text, Pin& pin) {
    pin = {};
    if (text.size() != 2 * pin.size()) {
        return false;
    }
    Pin out{};
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0) {
            return false;
        }
        out[i / 2] = static_cast<std::uint8_t>(out[i / 2] << 4U | digit);
    }
    pin = out;
    return true;
}

}  // namespace sotto::net
