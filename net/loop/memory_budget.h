#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <functional>
#include <limits>
#include <mutex>
#include <unordered_map>

namespace sotto::net {

/// How much memory a process may use for its connections, and how much is in use. One for all
/// loops of a process; any thread may call. It knows what it is told: see MemoryCharge, which
/// gives back what it took.
///
/// Each use has a share of its own, so that none can starve another. Numbers are read and
/// written without order: what is decided by them may be late by what other threads do at
/// that moment.
class MemoryBudget {
  public:
    enum class Use {
        connections,    ///< each as such, open or not: half of the bound
        half_received,  ///< what has come in part, and waits for the rest: a quarter
        queued,         ///< what readers have not taken: a quarter
    };
    static constexpr std::size_t kUses = 3;
    static constexpr std::size_t kNoBound = std::numeric_limits<std::size_t>::max();

    /// `bound` in bytes; 0: no bound, and all is only counted.
    explicit MemoryBudget(std::size_t bound = 0) noexcept : bound_(bound) {}

    /// Holds from now on; whoever is over it goes with the next that is charged.
    void set_bound(std::size_t bytes) noexcept { bound_.store(bytes, std::memory_order_relaxed); }
    [[nodiscard]] std::size_t bound() const noexcept {
        return bound_.load(std::memory_order_relaxed);
    }
    /// Most bytes for `use`.
    [[nodiscard]] std::size_t share(Use use) const noexcept {
        const std::size_t all = bound();
        return all == 0 ? kNoBound : all / (use == Use::connections ? 2 : 4);
    }
    [[nodiscard]] std::size_t used(Use use) const noexcept {
        return used_[index(use)].load(std::memory_order_relaxed);
    }
    [[nodiscard]] std::size_t used() const noexcept {
        return used(Use::connections) + used(Use::half_received) + used(Use::queued);
    }
    /// Bytes that `use` may still take.
    [[nodiscard]] std::size_t left(Use use) const noexcept {
        const std::size_t most = share(use);
        const std::size_t now = used(use);
        return now < most ? most - now : 0;
    }
    [[nodiscard]] bool is_over(Use use) const noexcept { return used(use) > share(use); }

    /// A holder that had `before` bytes has `now`.
    void change(Use use, std::size_t before, std::size_t now) noexcept {
        const std::size_t delta = now - before;
        const std::size_t all =
            used_[index(use)].fetch_add(delta, std::memory_order_relaxed) + delta;
        std::atomic<std::size_t>& most = most_[index(use)];
        if (all > most.load(std::memory_order_relaxed)) {
            most.store(all, std::memory_order_relaxed);
        }
    }
    /// Whether one of the uses is `bytes` or more below the most that it had since this was
    /// last so. One caller of several is told.
    [[nodiscard]] bool has_fallen_by(std::size_t bytes) noexcept {
        bool has = false;
        for (std::size_t i = 0; i < kUses; ++i) {
            std::size_t most = most_[i].load(std::memory_order_relaxed);
            const std::size_t now = used_[i].load(std::memory_order_relaxed);
            has |= most >= bytes && most - bytes >= now &&
                   most_[i].compare_exchange_strong(most, now, std::memory_order_relaxed);
        }
        return has;
    }

    /// One loop's holders are `who`'s to let go: `wake` asks for it, on any thread, until `who`
    /// has left. It must not come back here.
    void join(const void* who, std::function<void()> wake) {
        const std::lock_guard lock(lock_);
        loops_.insert_or_assign(who, std::move(wake));
    }
    void leave(const void* who) {
        const std::lock_guard lock(lock_);
        loops_.erase(who);
    }
    /// A share is over, and it is not known whose holders have waited longest.
    void wake_all_but(const void* who) const {
        const std::lock_guard lock(lock_);
        for (const auto& [other, wake] : loops_) {
            if (other != who) {
                wake();
            }
        }
    }
    /// Bytes of `use` that each loop may keep, however much the others have.
    [[nodiscard]] std::size_t share_of_a_loop(Use use) const {
        const std::lock_guard lock(lock_);
        return share(use) / (loops_.empty() ? 1 : loops_.size());
    }

    [[nodiscard]] static constexpr std::size_t index(Use use) noexcept {
        return static_cast<std::size_t>(use);
    }

  private:
    std::atomic<std::size_t> bound_;
    std::array<std::atomic<std::size_t>, kUses> used_{};
    std::array<std::atomic<std::size_t>, kUses> most_{};  ///< since it fell
    mutable std::mutex lock_;                             ///< of what follows
    std::unordered_map<const void*, std::function<void()>> loops_;
};

}  // namespace sotto::net
