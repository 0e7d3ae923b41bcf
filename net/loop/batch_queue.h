#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace sotto::net {

/// A queue that is worked off batch by batch: what is added during a batch belongs to the next
/// one. An item leaves the queue when it is taken, so if the work on it throws, the rest is
/// still there.
template <class T>
class BatchQueue {
  public:
    void add(T one) { next_.push_back(std::move(one)); }
    /// Goes on with the batch under way, or begins the next.
    void begin() {
        if (at_ == now_.size()) {
            now_.clear();
            now_.swap(next_);
            at_ = 0;
        }
    }
    /// False: the batch is at its end.
    [[nodiscard]] bool take(T& out) {
        if (at_ == now_.size()) {
            return false;
        }
        out = std::move(now_[at_++]);
        return true;
    }
    /// A T() stands for it from now on.
    void forget(const T& gone) {
        std::replace(now_.begin(), now_.end(), gone, T());
        std::replace(next_.begin(), next_.end(), gone, T());
    }
    [[nodiscard]] bool has_next() const noexcept { return !next_.empty(); }
    [[nodiscard]] bool empty() const noexcept { return at_ == now_.size() && next_.empty(); }

  private:
    std::vector<T> now_;
    std::size_t at_ = 0;  ///< of `now_`, to be taken next
    std::vector<T> next_;
};

}  // namespace sotto::net
