#pragma once

#include <chrono>
#include <cstdint>

/// What time it is, in two types that do not mix. Nothing here reads a clock: the cores are
/// told the time by whoever calls them. Durations are std::chrono::milliseconds.
namespace sotto::base {

/// Names the monotonic clock for the type system; who calls chooses its origin.
struct MonotonicClock {
    using duration = std::chrono::milliseconds;
    using rep = duration::rep;
    using period = duration::period;
    using time_point = std::chrono::time_point<MonotonicClock, duration>;
    static constexpr bool is_steady = true;
};

/// For deadlines and rates: never set back, and the same on no two machines.
using MonotonicTime = MonotonicClock::time_point;

/// For what is signed, stored and shown: milliseconds since 1970 by a clock that a person may
/// set. One from the network may be any 64-bit number.
class WallTime {
  public:
    constexpr WallTime() = default;
    constexpr explicit WallTime(std::uint64_t ms_since_1970) noexcept : ms_(ms_since_1970) {}
    [[nodiscard]] constexpr std::uint64_t ms() const noexcept { return ms_; }

    /// Modulo 2^64, as what came from outside must not be undefined.
    constexpr WallTime& operator+=(std::chrono::milliseconds by) noexcept {
        ms_ += static_cast<std::uint64_t>(by.count());
        return *this;
    }
    friend constexpr WallTime operator+(WallTime time, std::chrono::milliseconds by) noexcept {
        return time += by;
    }
    friend constexpr WallTime operator-(WallTime time, std::chrono::milliseconds by) noexcept {
        return time += -by;
    }

    friend constexpr bool operator==(WallTime a, WallTime b) noexcept { return a.ms_ == b.ms_; }
    friend constexpr bool operator!=(WallTime a, WallTime b) noexcept { return a.ms_ != b.ms_; }
    friend constexpr bool operator<(WallTime a, WallTime b) noexcept { return a.ms_ < b.ms_; }

  private:
    std::uint64_t ms_ = 0;
};

/// Milliseconds from the earlier to the later of the two, in whichever order they are given.
[[nodiscard]] constexpr std::uint64_t ms_apart(WallTime one, WallTime other) noexcept {
    return one < other ? other.ms() - one.ms() : one.ms() - other.ms();
}

}  // namespace sotto::base
