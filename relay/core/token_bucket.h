#pragma once

#include "crypto/base/time.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>

namespace sotto::relay {

/// How much is allowed: `burst` at once and `per_second` in the long run. A burst of 0
/// means no limit.
struct Rate {
    double per_second = 0;
    double burst = 0;
};

/// Counts against a Rate. It holds one number, the time at which it will be full again (the
/// generic cell rate algorithm), so several threads may use it without a lock: of two that
/// take at the same moment one may be counted alone, and nothing else goes wrong.
class TokenBucket {
  public:
    using Time = base::MonotonicTime;
    using Duration = std::chrono::milliseconds;

    TokenBucket() = default;  ///< full
    TokenBucket(const TokenBucket& other) noexcept : full_at_(other.full_at()) {}
    TokenBucket& operator=(const TokenBucket& other) noexcept {
        full_at_.store(other.full_at(), std::memory_order_relaxed);
        return *this;
    }
    ~TokenBucket() = default;

    [[nodiscard]] bool take(const Rate& rate, Time now) {
        if (rate.burst <= 0) {
            return true;
        }
        const std::int64_t after = full_after(rate, 1, now);
        if (after - nanoseconds(now) > time_for(rate.burst, rate)) {
            return false;
        }
        full_at_.store(after, std::memory_order_relaxed);
        return true;
    }

    /// Takes `amount` in any case and returns how long to wait before the next: 0 while
    /// the bucket holds something.
    [[nodiscard]] Duration owe(const Rate& rate, double amount, Time now) {
        if (rate.burst <= 0) {
            return Duration::zero();
        }
        const std::int64_t after = full_after(rate, amount, now);
        full_at_.store(after, std::memory_order_relaxed);
        const std::int64_t debt = after - nanoseconds(now) - time_for(rate.burst, rate);
        return debt <= 0 ? Duration::zero() : Duration(debt / kPerMillisecond + 1);
    }

    /// Whether it is as good as a new one.
    [[nodiscard]] bool is_full(Time now) const { return full_at() <= nanoseconds(now); }

  private:
    static constexpr std::int64_t kPerMillisecond = 1'000'000;
    /// No bucket takes longer to fill: a year. Far from where additions overflow.
    static constexpr double kLongest = 365.0 * 24 * 3'600 * 1e9;

    [[nodiscard]] static std::int64_t nanoseconds(Time time) {
        return time.time_since_epoch().count() * kPerMillisecond;
    }
    [[nodiscard]] static std::int64_t time_for(double amount, const Rate& rate) {
        return static_cast<std::int64_t>(std::min(amount / rate.per_second * 1e9, kLongest));
    }
    [[nodiscard]] std::int64_t full_at() const { return full_at_.load(std::memory_order_relaxed); }
    [[nodiscard]] std::int64_t full_after(const Rate& rate, double amount, Time now) const {
        return std::max(full_at(), nanoseconds(now)) + time_for(amount, rate);
    }

    std::atomic<std::int64_t> full_at_{std::numeric_limits<std::int64_t>::min()};
};

}  // namespace sotto::relay
