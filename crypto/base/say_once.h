#pragma once

#include <optional>

namespace sotto::base {

/// Whether a trouble is news. While it comes back sooner than every `quiet`, it is the same one
/// and was told already. `TimePoint` is of any monotonic clock.
template <class TimePoint>
class SayOnce {
  public:
    using Duration = typename TimePoint::duration;

    explicit constexpr SayOnce(Duration quiet) : quiet_(quiet) {}

    /// The trouble is there again. True if it is to be said.
    [[nodiscard]] bool is_news(TimePoint now) {
        const bool news = is_over(now);
        last_ = now;
        return news;
    }
    /// True if it has not come for so long that the next one is news.
    [[nodiscard]] bool is_over(TimePoint now) const { return !last_ || now - *last_ > quiet_; }
    /// It has ended: the next one is news.
    void end() { last_.reset(); }

  private:
    Duration quiet_;
    std::optional<TimePoint> last_;  ///< when it came last
};

}  // namespace sotto::base
