#pragma once

#include <algorithm>
#include <chrono>

namespace sotto::relay {

/// Allows `burst` at once and `per_second` in the long run.
class TokenBucket {
  public:
    using Time = std::chrono::milliseconds;

    TokenBucket(double per_second, double burst, Time now)
        : per_second_(per_second), burst_(burst), tokens_(burst), last_(now) {}

    [[nodiscard]] bool take(Time now) {
        const std::chrono::duration<double> passed = now - last_;
        tokens_ = std::min(burst_, tokens_ + passed.count() * per_second_);
        last_ = now;
        if (tokens_ < 1) {
            return false;
        }
        tokens_ -= 1;
        return true;
    }

  private:
    double per_second_;
    double burst_;
    double tokens_;
    Time last_;
};

}  // namespace sotto::relay
