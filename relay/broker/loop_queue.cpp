#include "relay/broker/loop_queue.h"

#include <utility>

namespace sotto::relay {

bool LoopQueue::push(Batch batch) {
    const std::lock_guard lock(lock_);
    bytes_.fetch_add(batch.bytes(), std::memory_order_relaxed);
    batches_.push_back(std::move(batch));
    return batches_.size() == 1;
}

std::vector<Batch> LoopQueue::take_all() {
    const std::lock_guard lock(lock_);
    bytes_.store(0, std::memory_order_relaxed);
    return std::exchange(batches_, {});
}

}  // namespace sotto::relay
