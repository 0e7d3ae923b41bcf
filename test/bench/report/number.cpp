#include "test/bench/report/number.h"

#include <array>
#include <cstdio>

namespace sotto::bench {

std::string decimal(double value, int decimals) {
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%.*f", decimals, value);
    std::string text = buffer.data();
    const std::size_t point = text.find('.');
    const std::size_t whole = point == std::string::npos ? text.size() : point;
    for (std::size_t at = whole; at > 3;) {
        at -= 3;
        text.insert(at, 1, ',');
    }
    return text;
}

std::string rounded(double value) {
    if (value < 0.1) {
        return decimal(value, 3);
    }
    if (value < 10) {
        return decimal(value, 2);
    }
    return decimal(value, value < 100 ? 1 : 0);
}

}  // namespace sotto::bench
