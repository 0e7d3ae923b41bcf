#include "tui/model/local_time.h"

#include <array>

namespace sotto::tui {

std::string hour_and_minute(const std::tm& time) {
    std::array<char, 8> out{};
    return {out.data(), std::strftime(out.data(), out.size(), "%H:%M", &time)};
}

std::string date(const std::tm& time) {
    std::array<char, 32> out{};
    return {out.data(), std::strftime(out.data(), out.size(), "%Y-%m-%d", &time)};
}

}  // namespace sotto::tui
