#pragma once

#include "relay/core/action.h"

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>
#include <utility>

namespace sotto::relay {

/// Who is not read, and until when. A connection that is paused again is read again when the
/// later of both has passed, not the first.
class Pauses {
  public:
    void add(const Pause& pause) {
        const auto [at, is_new] = until_.emplace(pause.connection, pause.until);
        if (!is_new) {
            order_.erase({at->second, pause.connection});
            at->second = std::max(at->second, pause.until);
        }
        order_.emplace(at->second, pause.connection);
    }
    /// When the first of them ends.
    [[nodiscard]] std::optional<Time> next() const {
        return order_.empty() ? std::nullopt : std::optional(order_.begin()->first);
    }
    /// One that has ended, and is forgotten with that.
    [[nodiscard]] std::optional<ConnectionId> take_ended(Time now) {
        if (order_.empty() || order_.begin()->first > now) {
            return std::nullopt;
        }
        const ConnectionId ended = order_.begin()->second;
        order_.erase(order_.begin());
        until_.erase(ended);
        return ended;
    }

  private:
    std::unordered_map<ConnectionId, Time> until_;
    std::set<std::pair<Time, ConnectionId>> order_;
};

}  // namespace sotto::relay
