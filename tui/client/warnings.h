#pragma once

#include "crypto/time.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <deque>
#include <string>

namespace sotto::client {

/// Which warnings that others can bring about are said: they could flood the screen. In a second
/// one of each kind for each user, and eight of each kind in all; none of one kind keeps
/// one of another from being said.
class Warnings {
  public:
    enum class Kind { other_key, clock, suite, relay };

    /// Whether to say it; then it counts.
    [[nodiscard]] bool may_say(Kind kind, const std::string& user, crypto::Time now) {
        while (!said_.empty() && now - said_.front().when >= std::chrono::seconds(1)) {
            said_.pop_front();
        }
        const bool again = std::any_of(said_.begin(), said_.end(), [&](const Said& one) {
            return one.kind == kind && one.user == user;
        });
        const auto of_kind = std::count_if(said_.begin(), said_.end(),
                                           [&](const Said& one) { return one.kind == kind; });
        if (again || of_kind >= kMost) {
            return false;
        }
        said_.push_back({kind, user, now});
        return true;
    }

  private:
    static constexpr std::ptrdiff_t kMost = 8;
    struct Said {
        Kind kind;
        std::string user;
        crypto::Time when;
    };
    std::deque<Said> said_;  ///< within the last second, the oldest first
};

}  // namespace sotto::client
