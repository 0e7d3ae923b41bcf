#pragma once

#include "net/loop/memory_budget.h"

#include <array>
#include <cstddef>
#include <functional>
#include <list>
#include <memory>

namespace sotto::net {

/// Who holds memory of the budget on one loop, in the order in which they go when a share is
/// over: who has waited longest is first. So whoever fills a share with what never moves makes
/// room for those whose messages pass. Of several loops those let go that have more than their
/// part of the share: who fills it on one does not drive out who comes on another. Used on
/// its loop only, by MemoryCharge.
class MemoryLedger {
  public:
    using Use = MemoryBudget::Use;
    /// A connection.
    class Holder {
      public:
        virtual ~Holder() = default;
        /// There is too little for it: it gives back all of `half_received` and `queued` at
        /// once, and goes.
        virtual void on_memory_short() = 0;
    };
    using Order = std::list<Holder*>;

    /// `on_over` is told once, from the middle of things, when a share is over: to call
    /// `relieve` as soon as nobody is at work.
    MemoryLedger(std::shared_ptr<MemoryBudget> budget, std::function<void()> on_over);
    ~MemoryLedger();
    MemoryLedger(const MemoryLedger&) = delete;
    MemoryLedger& operator=(const MemoryLedger&) = delete;
    /// One of several from now on: `wake` asks for `relieve` on any thread, when a share is
    /// over on another loop.
    void join(std::function<void()> wake);
    void leave();  ///< nobody wakes it any more: before its loop goes

    [[nodiscard]] const MemoryBudget& budget() const noexcept { return *budget_; }

    /// `use` of a holder is `now` instead of `before` bytes.
    void change(Use use, std::size_t before, std::size_t now);
    /// It waits from now on.
    [[nodiscard]] Order::iterator enter(Use use, Holder& holder);
    void leave(Use use, Order::iterator place) noexcept;
    void renew(Use use, Order::iterator place) noexcept;  ///< the same place, as if just entered

    /// Lets those go who waited longest, until each share is kept or this loop has no more
    /// than its part.
    void relieve();

  private:
    [[nodiscard]] Order& order(Use use) noexcept { return orders_[MemoryBudget::index(use)]; }

    std::shared_ptr<MemoryBudget> budget_;
    std::function<void()> on_over_;
    std::array<Order, MemoryBudget::kUses> orders_;
    std::array<std::size_t, MemoryBudget::kUses> used_{};  ///< of its holders
    bool told_ = false;
};

}  // namespace sotto::net
