#include "relay/broker/mailbox.h"

#include <utility>

namespace sotto::relay {

bool Mailbox::put(Parcel parcel) {
    const std::lock_guard lock(lock_);
    bytes_.fetch_add(parcel.bytes(), std::memory_order_relaxed);
    parcels_.push_back(std::move(parcel));
    return parcels_.size() == 1;
}

std::vector<Parcel> Mailbox::take() {
    const std::lock_guard lock(lock_);
    bytes_.store(0, std::memory_order_relaxed);
    return std::exchange(parcels_, {});
}

}  // namespace sotto::relay
