#pragma once

#include "net/loop/memory_ledger.h"

#include <array>
#include <cstddef>
#include <memory>
#include <utility>

namespace sotto::net {

/// What one connection holds of the memory budget; given back with the object. Without a
/// ledger it does nothing. A message that comes whole and leaves in the same turn of the loop
/// never shows here, so only what stays costs anything.
class MemoryCharge {
  public:
    using Use = MemoryBudget::Use;

    MemoryCharge() = default;
    ~MemoryCharge() { give_back(); }
    MemoryCharge(const MemoryCharge&) = delete;
    MemoryCharge& operator=(const MemoryCharge&) = delete;

    /// `holder` owns this.
    void open(std::shared_ptr<MemoryLedger> ledger, MemoryLedger::Holder& holder) {
        give_back();
        ledger_ = std::move(ledger);
        holder_ = &holder;
    }
    [[nodiscard]] bool is_open() const noexcept { return ledger_ != nullptr; }
    void set(Use use, std::size_t bytes) {
        if (ledger_ && of(use).bytes != bytes) {
            change(use, bytes);
        }
    }
    /// What it holds for `use` has moved: it has not waited at all.
    void renew(Use use) noexcept {
        if (ledger_ && of(use).bytes != 0) {
            ledger_->renew(use, of(use).place);
        }
    }
    void give_back() {
        set(Use::half_received, 0);
        set(Use::queued, 0);
        set(Use::connections, 0);
    }

  private:
    struct Part {
        std::size_t bytes = 0;
        MemoryLedger::Order::iterator place{};  ///< while `bytes` is not 0
    };
    [[nodiscard]] Part& of(Use use) noexcept { return parts_[MemoryBudget::index(use)]; }
    void change(Use use, std::size_t bytes) {
        Part& part = of(use);
        if (part.bytes == 0) {
            part.place = ledger_->enter(use, *holder_);
        } else if (bytes == 0) {
            ledger_->leave(use, part.place);
        }
        ledger_->change(use, std::exchange(part.bytes, bytes), bytes);
    }

    std::shared_ptr<MemoryLedger> ledger_;
    MemoryLedger::Holder* holder_ = nullptr;
    std::array<Part, MemoryBudget::kUses> parts_{};
};

}  // namespace sotto::net
