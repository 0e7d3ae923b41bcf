#include "relay/core/admission.h"

#include <iterator>

namespace sotto::relay {

namespace {

constexpr std::size_t kNetworksKept = 1'024;  // before those at rest are forgotten

}  // namespace

bool Admission::take_registration(const std::string& network, const Limits& limits, Time now) {
    const std::lock_guard lock(lock_);
    return networks_[network].registrations.take(limits.registrations, now);
}

bool Admission::take_new_name(const std::string& network, const Limits& limits, Time now) {
    const std::lock_guard lock(lock_);
    return networks_[network].new_names.take(limits.new_names, now);
}

void Admission::forget_rested(Time now) {
    const std::lock_guard lock(lock_);
    if (networks_.size() < kNetworksKept) {
        return;
    }
    for (auto at = networks_.begin(); at != networks_.end();) {
        const bool rested =
            at->second.registrations.is_full(now) && at->second.new_names.is_full(now);
        at = rested ? networks_.erase(at) : std::next(at);
    }
}

}  // namespace sotto::relay
