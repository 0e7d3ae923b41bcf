#include "relay/core/admission.h"

#include <iterator>

namespace sotto::relay {

namespace {

constexpr std::size_t kNetworksKept = 1'024;  // before those at rest are forgotten

}  // namespace

Admission::Buckets& Admission::of(const std::string& network, const Limits& limits, Time now) {
    return networks_
        .try_emplace(network, Buckets{TokenBucket(limits.registrations, now),
                                      TokenBucket(limits.new_names, now)})
        .first->second;
}

bool Admission::take_registration(const std::string& network, const Limits& limits, Time now) {
    const std::lock_guard lock(lock_);
    return of(network, limits, now).registrations.take(limits.registrations, now);
}

bool Admission::take_new_name(const std::string& network, const Limits& limits, Time now) {
    const std::lock_guard lock(lock_);
    return of(network, limits, now).new_names.take(limits.new_names, now);
}

void Admission::forget_rested(const Limits& limits, Time now) {
    const std::lock_guard lock(lock_);
    if (networks_.size() < kNetworksKept) {
        return;
    }
    for (auto at = networks_.begin(); at != networks_.end();) {
        const bool rested = at->second.registrations.is_full(limits.registrations, now) &&
                            at->second.new_names.is_full(limits.new_names, now);
        at = rested ? networks_.erase(at) : std::next(at);
    }
}

}  // namespace sotto::relay
