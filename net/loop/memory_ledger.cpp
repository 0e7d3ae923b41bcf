#include "net/loop/memory_ledger.h"

#include <utility>

namespace sotto::net {

MemoryLedger::MemoryLedger(std::shared_ptr<MemoryBudget> budget, std::function<void()> on_over)
    : budget_(std::move(budget)), on_over_(std::move(on_over)) {}

MemoryLedger::~MemoryLedger() {
    leave();
}

void MemoryLedger::join(std::function<void()> wake) {
    budget_->join(this, std::move(wake));
}

void MemoryLedger::leave() {
    budget_->leave(this);
}

void MemoryLedger::change(Use use, std::size_t before, std::size_t now) {
    budget_->change(use, before, now);
    used_[MemoryBudget::index(use)] += now - before;
    if (now > before && budget_->is_over(use) && !std::exchange(told_, true)) {
        on_over_();
        budget_->wake_all_but(this);
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
        const std::size_t& ours = used_[MemoryBudget::index(use)];
        while (budget_->is_over(use) && ours > budget_->share_of_a_loop(use) && !waiting.empty()) {
            const std::size_t before = waiting.size();
            waiting.front()->on_memory_short();
            if (waiting.size() >= before) {
                break;  // it did not go: better over than for ever
            }
        }
    }
}

}  // namespace sotto::net
