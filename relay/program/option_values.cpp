#include "relay/program/option_values.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace sotto::relay {

namespace {

constexpr double kLeastPerSecond = 1e-6;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Other than those of the library this takes no sign, blank, exponent or infinity.
std::optional<double> decimal(std::string_view text) {
    const auto point = std::min(text.find('.'), text.size());
    const std::string_view whole = text.substr(0, point);
    const std::string_view rest = text.substr(std::min(point + 1, text.size()));
    const bool digits = std::all_of(whole.begin(), whole.end(), is_digit) &&
                        std::all_of(rest.begin(), rest.end(), is_digit);
    if (!digits || whole.empty() || (point < text.size() && rest.empty())) {
        return std::nullopt;
    }
    return std::strtod(std::string(text).c_str(), nullptr);
}

}  // namespace

std::optional<std::uint64_t> whole_number(std::string_view text, std::uint64_t most) {
    std::uint64_t number = 0;
    const char* end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    const bool octal = text.size() > 1 && text.front() == '0';  // or so it looks
    if (text.empty() || octal || read.ec != std::errc() || read.ptr != end || number > most) {
        return std::nullopt;
    }
    return number;
}

std::optional<Rate> rate_in(std::string_view text) {
    if (text == "0") {
        return Rate{};
    }
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const auto per_second = decimal(text.substr(0, colon));
    const auto burst = decimal(text.substr(colon + 1));
    constexpr auto kMost = static_cast<double>(kMostOfAny);
    if (!per_second || !burst || *per_second < kLeastPerSecond || *per_second > kMost ||
        *burst < 1 || *burst > kMost) {
        return std::nullopt;
    }
    return Rate{*per_second, *burst};
}

}  // namespace sotto::relay
