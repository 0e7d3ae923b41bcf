#pragma once

#include "tui/client/client.h"

#include <cstdint>
#include <functional>
#include <vector>

namespace sotto::sim {

using Time = base::MonotonicTime;
using Duration = std::chrono::milliseconds;

/// Virtual time: what is due runs in the order of (time, sequence), and the clocks show the
/// time of what runs. Nothing waits.
class Scheduler {
  public:
    using Task = std::function<void()>;
    static constexpr Time kStart{Duration(1'000'000)};

    void at(Time when, Task task);  ///< now, if `when` has passed
    void after(Duration delay, Task task) { at(now.monotonic + delay, std::move(task)); }

    /// Runs the next task that is due by `until`; false if there is none.
    bool step(Time until);
    /// Runs all that is due by then, and what comes of it; the clocks show `until` afterwards.
    void run_until(Time until);
    /// Runs all that is due now, and what comes of it, but at most 100,000 tasks.
    void settle();

    /// Both clocks; a test may set them forward.
    client::Now now{kStart, base::WallTime(1'700'000'000'000)};

  private:
    struct Entry {
        Time when{};
        std::uint64_t sequence = 0;
        Task task;
    };
    static bool is_later(const Entry& a, const Entry& b);
    void advance(Time to);

    std::vector<Entry> heap_;
    std::uint64_t last_sequence_ = 0;
};

}  // namespace sotto::sim
