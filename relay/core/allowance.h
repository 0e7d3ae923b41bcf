#pragma once

#include "relay/core/token_bucket.h"

#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::relay {

/// What the connections of one network may still ask of the relay before they are registered.
struct NetworkAllowance {
    TokenBucket registrations;
    TokenBucket new_names;
    TokenBucket refusals;

    [[nodiscard]] bool is_rested(TokenBucket::Time now) const {
        return registrations.is_full(now) && new_names.is_full(now) && refusals.is_full(now);
    }
};

/// The users that a user has written to of late: their chat requests are welcome. Any thread
/// may use it.
class Acquaintances {
  public:
    void add(std::string_view user);
    void remove(std::string_view user);
    [[nodiscard]] bool has(std::string_view user) const;

    static constexpr std::size_t kMost = 64;  ///< past that the oldest is forgotten

  private:
    mutable std::mutex lock_;
    std::vector<std::string> users_;  ///< the oldest first
};

/// What one user may still ask of the relay, and others of that user. It belongs to the name,
/// not to the connection: a user who reconnects goes on with what was left.
struct UserAllowance {
    TokenBucket lookups;
    TokenBucket requests;
    TokenBucket relay_bytes;
    TokenBucket refusals;
    TokenBucket stranger_requests;  ///< to this user
    Acquaintances acquaintances;

    [[nodiscard]] bool is_rested(TokenBucket::Time now) const {
        return lookups.is_full(now) && requests.is_full(now) && relay_bytes.is_full(now) &&
               refusals.is_full(now) && stranger_requests.is_full(now);
    }
};

}  // namespace sotto::relay
