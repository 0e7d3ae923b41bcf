#include "relay/broker/loop_delivery.h"

#include "relay/broker/worker.h"

#include <utility>

namespace sotto::relay {

namespace {

// Bytes in the queue of a loop. Above the soft mark its senders are read less, as the kernel
// would see to if it were one loop; the hard one is for what comes in all the same.
constexpr std::size_t kSoftMark = 4U << 20U;
constexpr std::size_t kHardMark = 16U << 20U;

}  // namespace

Delivery::Outcome LoopDelivery::deliver(const Forward& message) {
    batches_.resize(workers_.size());
    Batch& batch = batches_.at(message.to.loop);
    const std::size_t waiting = workers_[message.to.loop]->queue().bytes() + batch.bytes();
    if (waiting > kHardMark) {
        return Outcome::no_room;
    }
    if (batch.empty()) {
        batch.since = loop_.turn_began();
    }
    batch.add(message);
    if (!std::exchange(is_due_, true)) {
        loop_.after_turn([this] { push_all(); });
    }
    return waiting > kSoftMark ? Outcome::congested : Outcome::accepted;
}

void LoopDelivery::push_all() {
    is_due_ = false;
    for (std::size_t loop = 0; loop < batches_.size(); ++loop) {
        Worker& other = *workers_[loop];
        if (!batches_[loop].empty() && other.queue().push(std::exchange(batches_[loop], {}))) {
            other.post([](Worker& theirs) { theirs.on_queue(); });
        }
    }
}

void LoopDelivery::bounce(Bounce bounce) {
    Worker& other = *workers_.at(bounce.to.loop);
    other.post([bounce = std::move(bounce)](Worker& theirs) { theirs.on_bounce(bounce); });
}

void LoopDelivery::replace(const Replace& replaced) {
    workers_.at(replaced.place.loop)->post([replaced](Worker& theirs) {
        theirs.on_replaced(replaced);
    });
}

}  // namespace sotto::relay
