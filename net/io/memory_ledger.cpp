#include "net/io/memory_ledger.h"

#include <utility>

namespace sotto::net {

MemoryLedger::MemoryLedger(std::shared_ptr<MemoryBudget> budget, std::function<void()> on_over)
    : budget_(std::move(budget)), on_over_(std::move(on_over)) {}

void MemoryLedger::change(Use use, std::size_t before, std::size_t now) {
    budget_->change(use, before, now);
    if (now > before && budget_->is_over(use) && !std::exchange(told_, true)) {
        on_over_();
    }
}

MemoryLedger::Order::iterator MemoryLedger::enter(Use use, Holder& holder) {
    return order(use).insert(order(use).end(), &holder);
}

void MemoryLedger::leave(Use use, Order::iterator place) noexcept {
    order(use).erase(place);
}

void MemoryLedger::renew(Use use, Order::iterator place) noexcept {
    order(use).splice(order(use).end(), order(use), place);
}

void MemoryLedger::relieve() {
    told_ = false;
    for (const Use use : {Use::half_received, Use::queued}) {
        Order& waiting = order(use);
        while (budget_->is_over(use) && !waiting.empty()) {
            const std::size_t before = waiting.size();
            waiting.front()->on_memory_short();
            if (waiting.size() >= before) {
                break;  // it did not go: better over than for ever
            }
        }
    }
}

}  // namespace sotto::net
