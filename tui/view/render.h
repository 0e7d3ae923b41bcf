#pragma once

#include "crypto/base/time.h"
#include "tui/model/state.h"
#include "tui/view/frame.h"

#include <cstdint>

namespace sotto::tui {

/// The current time: wall clock for the times shown, monotonic clock for countdowns.
struct Moment {
    std::uint64_t wall_ms = 0;
    base::MonotonicTime monotonic{};
};

/// The whole screen. Pure: the same state and moment give the same frame.
[[nodiscard]] Frame render(const State& state, Moment moment);

/// When the frame changes without an event: at the next minute of the clock or second of a
/// countdown. Nothing is drawn before, so an idle program writes nothing.
[[nodiscard]] base::MonotonicTime next_change(const State& state, Moment moment);

}  // namespace sotto::tui
