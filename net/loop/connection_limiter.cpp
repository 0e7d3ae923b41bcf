#include "net/loop/connection_limiter.h"

namespace sotto::net {

void ConnectionLimiter::set(const Limits& limits) {
    const std::lock_guard lock(lock_);
    limits_ = limits;
}

bool ConnectionLimiter::enter(const std::string& network) {
    const std::lock_guard lock(lock_);
    if (limits_.in_all != 0 && in_all_ >= limits_.in_all) {
        ++refusals_.in_all;
        return false;
    }
    const auto at = of_network_.try_emplace(network, 0).first;
    if (limits_.per_network != 0 && at->second >= limits_.per_network) {
        ++refusals_.per_network;
        return false;  // it has some, so nothing was added
    }
    ++at->second;
    ++in_all_;
    return true;
}

ConnectionLimiter::Refusals ConnectionLimiter::refusals() const {
    const std::lock_guard lock(lock_);
    return refusals_;
}

void ConnectionLimiter::leave(const std::string& network) {
    const std::lock_guard lock(lock_);
    const auto at = of_network_.find(network);
    if (at != of_network_.end()) {
        --in_all_;
        if (--at->second == 0) {
            of_network_.erase(at);
        }
    }
}

}  // namespace sotto::net
