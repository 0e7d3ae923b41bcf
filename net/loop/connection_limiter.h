#pragma once

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

namespace sotto::net {

/// How many connections there may be at a time, half-open ones too: in all, and from one
/// network (an IPv4 address or an IPv6 /64). Endpoints on several loops share one; any
/// thread may use it.
class ConnectionLimiter {
  public:
    struct Limits {
        std::size_t in_all = 0;       ///< 0: no limit
        std::size_t per_network = 0;  ///< 0: no limit
    };

    /// How many were turned away, by the limit.
    struct Refusals {
        std::uint64_t in_all = 0;
        std::uint64_t per_network = 0;
    };

    /// Other limits for those who come from now on.
    void set(const Limits& limits);
    /// Counts one more, unless there are too many: false then.
    [[nodiscard]] bool enter(const std::string& network);
    /// One that has entered goes.
    void leave(const std::string& network);

    [[nodiscard]] Refusals refusals() const;  ///< since the start

  private:
    mutable std::mutex lock_;
    Limits limits_;
    Refusals refusals_;
    std::size_t in_all_ = 0;
    std::unordered_map<std::string, std::size_t> of_network_;
};

}  // namespace sotto::net
