#include "test/sim/story.h"

#include <array>
#include <cstdio>

namespace sotto::sim {

void Story::mix(std::string_view octets) {
    for (const char octet : octets) {
        hash_ = (hash_ ^ static_cast<unsigned char>(octet)) * 0x100000001b3U;  // FNV-1a
    }
}

void Story::tell(Time at, std::string_view line) {
    const auto since = at - Scheduler::kStart;
    std::array<char, 32> stamp{};
    const int length = std::snprintf(stamp.data(), stamp.size(), "%5lld.%03d  ",
                                     static_cast<long long>(since.count() / 1'000),
                                     static_cast<int>(since.count() % 1'000));
    const std::string_view time(stamp.data(), static_cast<std::size_t>(length));
    mix(time);
    mix(line);
    mix("\n");
    if (keep_) {
        lines_.push_back(std::string(time).append(line));
    }
}

}  // namespace sotto::sim
