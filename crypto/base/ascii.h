#pragma once

#include <string>
#include <string_view>

namespace sotto::base {

[[nodiscard]] constexpr char lower_case(char letter) noexcept {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// The letters A to Z as a to z; all else as it is.
[[nodiscard]] inline std::string lower_case(std::string_view text) {
    std::string out(text);
    for (char& letter : out) {
        letter = lower_case(letter);
    }
    return out;
}

}  // namespace sotto::base
