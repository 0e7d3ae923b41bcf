#pragma once

#include "tui/model/state.h"
#include "tui/view/frame.h"

#include <chrono>
#include <cstdint>

namespace sotto::tui {

/// When it is: the wall clock for what is shown, the monotonic one for countdowns.
struct Moment {
    std::uint64_t wall_ms = 0;
    std::chrono::milliseconds monotonic{};
};

/// The whole screen. Pure: the same state and moment give the same frame.
[[nodiscard]] Frame render(const State& state, Moment moment);

/// When the frame will change by itself: the next minute of the clock, the next second of
/// a countdown. Nothing is drawn before, so nothing is written while idle.
[[nodiscard]] std::chrono::milliseconds next_change(const State& state, Moment moment);

}  // namespace sotto::tui
