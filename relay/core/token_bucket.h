#pragma once

#include <algorithm>
#include <chrono>

namespace sotto::relay {

/// How much is allowed: `burst` at once and `per_second` in the long run. A burst of 0
/// means no limit.
struct Rate {
    double per_second = 0;
    double burst = 0;
};

/// Counts against a Rate.
class TokenBucket {
  public:
    using Time = std::chrono::milliseconds;

    TokenBucket(const Rate& rate, Time now) : tokens_(rate.burst), last_(now) {}

    [[nodiscard]] bool take(const Rate& rate, Time now) {
        if (rate.burst <= 0) {
            return true;
        }
        refill(rate, now);
        if (tokens_ < 1) {
            return false;
        }
        tokens_ -= 1;
        return true;
    }

    /// Takes `amount` in any case and returns how long to wait before the next: 0 while
    /// the bucket holds something.
    [[nodiscard]] Time owe(const Rate& rate, double amount, Time now) {
        if (rate.burst <= 0) {
            return Time::zero();
        }
        refill(rate, now);
        tokens_ -= amount;
        if (tokens_ >= 0) {
            return Time::zero();
        }
        const std::chrono::duration<double> wait(-tokens_ / rate.per_second);
        return std::chrono::duration_cast<Time>(wait) + Time(1);
    }

    /// Whether it is as good as a new one.
    [[nodiscard]] bool is_full(const Rate& rate, Time now) {
        refill(rate, now);
        return tokens_ >= rate.burst;
    }

  private:
    void refill(const Rate& rate, Time now) {
        const std::chrono::duration<double> passed = now - last_;
        tokens_ = std::min(rate.burst, tokens_ + passed.count() * rate.per_second);
        last_ = now;
    }

    double tokens_;
    Time last_;
};

}  // namespace sotto::relay
