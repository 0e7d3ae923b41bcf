#pragma once

#include "net/loop/loop.h"
#include "relay/core/action.h"

#include <atomic>
#include <cstddef>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::relay {

/// Messages that one turn of a loop brought for connections of another loop.
class Parcel {
  public:
    struct Label {
        ConnectionId from = 0;
        ConnectionId to = 0;
        std::size_t size = 0;
        bool binary = false;
    };
    /// The text is copied: its own memory is the loop's that read it.
    void add(const Label& label, std::string_view text) {
        labels_.push_back(label);
        texts_.append(text);
    }
    /// Calls `task(label, text)` for each, in order.
    template <class Task>
    void for_each(const Task& task) const {
        std::string_view rest = texts_;
        for (const Label& label : labels_) {
            task(label, rest.substr(0, label.size));
            rest.remove_prefix(label.size);
        }
    }
    [[nodiscard]] bool empty() const { return labels_.empty(); }
    [[nodiscard]] std::size_t bytes() const { return texts_.size(); }

    net::Loop::Clock::time_point since;  ///< when the turn began that read them

  private:
    std::vector<Label> labels_;
    std::string texts_;
};

/// What other loops have for one loop, in the order in which they put it there; so what
/// one sender sends to one receiver keeps its order. A lock is held to move a parcel in
/// or out, no longer.
class Mailbox {
  public:
    /// From any thread. True if the box was empty: the owner is to be woken.
    [[nodiscard]] bool put(Parcel parcel);
    /// The owner's.
    [[nodiscard]] std::vector<Parcel> take();
    /// Bytes in it, from any thread: the more, the less the others should read.
    [[nodiscard]] std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  private:
    std::mutex lock_;
    std::vector<Parcel> parcels_;
    std::atomic<std::size_t> bytes_{0};
};

}  // namespace sotto::relay
