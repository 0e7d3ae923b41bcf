#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace sotto::abuse {

/// One way to bother a relay on loopback, until the time is over.
struct Attack {
    std::string_view name;
    void (*run)(std::uint16_t port, double seconds);
};

[[nodiscard]] const std::vector<Attack>& attacks();

}  // namespace sotto::abuse
