#pragma once

#include "relay/core/limits.h"
#include "relay/core/token_bucket.h"

#include <mutex>
#include <string>
#include <unordered_map>

namespace sotto::relay {

/// How often the connections of one network register, and take new names, whichever loop
/// they came to. Any thread may use it.
class Admission {
  public:
    using Time = TokenBucket::Time;

    [[nodiscard]] bool take_registration(const std::string& network, const Limits& limits,
                                         Time now);
    [[nodiscard]] bool take_new_name(const std::string& network, const Limits& limits, Time now);
    /// Forgets, once there are many, the networks that have been at rest for so long that
    /// they are as good as new ones.
    void forget_rested(Time now);

  private:
    struct Buckets {
        TokenBucket registrations;
        TokenBucket new_names;
    };

    std::mutex lock_;
    std::unordered_map<std::string, Buckets> networks_;
};

}  // namespace sotto::relay
