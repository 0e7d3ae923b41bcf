#include "relay/core/admission.h"

#include <algorithm>
#include <vector>

namespace sotto::relay {

namespace {

constexpr std::size_t kBucketsAtOnce = 8'192;  // of the hash table: a millisecond or less

}  // namespace

void Acquaintances::add(std::string_view user) {
    const std::lock_guard lock(lock_);
    const auto at = std::find(users_.begin(), users_.end(), user);
    if (at != users_.end()) {
        std::rotate(at, at + 1, users_.end());
        return;
    }
    if (users_.size() == kMost) {
        users_.erase(users_.begin());
    }
    users_.emplace_back(user);
}

void Acquaintances::remove(std::string_view user) {
    const std::lock_guard lock(lock_);
    const auto at = std::find(users_.begin(), users_.end(), user);
    if (at != users_.end()) {
        users_.erase(at);
    }
}

bool Acquaintances::has(std::string_view user) const {
    const std::lock_guard lock(lock_);
    return std::find(users_.begin(), users_.end(), user) != users_.end();
}

template <class Allowance>
std::shared_ptr<Allowance> Admission::Table<Allowance>::of(const std::string& whose) {
    auto& one = kept[whose];
    if (!one) {
        one = std::make_shared<Allowance>();
    }
    return one;
}

template <class Allowance>
void Admission::Table<Allowance>::forget_rested(Time now) {
    std::vector<std::string> rested;
    const std::size_t buckets = std::min(kept.bucket_count(), kBucketsAtOnce);
    for (std::size_t looked_at = 0; looked_at < buckets; ++looked_at) {
        next_bucket = next_bucket + 1 < kept.bucket_count() ? next_bucket + 1 : 0;
        for (auto at = kept.begin(next_bucket); at != kept.end(next_bucket); ++at) {
            // Nobody but us gives it out, and we have the lock: the count stays 1.
            if (at->second.use_count() == 1 && at->second->is_rested(now)) {
                rested.push_back(at->first);
            }
        }
    }
    for (const std::string& whose : rested) {
        kept.erase(whose);
    }
}

std::shared_ptr<NetworkAllowance> Admission::of_network(const std::string& network) {
    const std::lock_guard lock(lock_);
    return networks_.of(network);
}

std::shared_ptr<UserAllowance> Admission::of_user(const std::string& user) {
    const std::lock_guard lock(lock_);
    return users_.of(user);
}

void Admission::forget_rested(Time now) {
    const std::lock_guard lock(lock_);
    networks_.forget_rested(now);
    users_.forget_rested(now);
}

std::size_t Admission::size() const {
    const std::lock_guard lock(lock_);
    return networks_.kept.size() + users_.kept.size();
}

}  // namespace sotto::relay
