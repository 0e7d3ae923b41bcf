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
class Batch {
  public:
    /// The text is copied: its own memory belongs to the loop that read it.
    void add(const Forward& message) {
        entries_.push_back({message, message.text.size()});
        texts_.append(message.text);
    }
    /// Calls `task(message)` for each, in order.
    template <class Task>
    void for_each(const Task& task) const {
        std::string_view rest = texts_;
        for (const Entry& entry : entries_) {
            Forward message = entry.message;
            message.text = rest.substr(0, entry.size);
            task(message);
            rest.remove_prefix(entry.size);
        }
    }
    [[nodiscard]] bool empty() const { return entries_.empty(); }
    [[nodiscard]] std::size_t bytes() const { return texts_.size(); }

    net::Loop::Clock::time_point since;  ///< when the turn began that read them

  private:
    struct Entry {
        Forward message;  ///< without its text
        std::size_t size = 0;
    };
    std::vector<Entry> entries_;
    std::string texts_;
};

/// The queue of what other loops have for one loop, first in, first out: what one sender
/// sends to one receiver keeps its order. A lock is held to move a batch in or out, no longer.
class LoopQueue {
  public:
    /// From any thread. True if the queue was empty: its owner must be woken.
    [[nodiscard]] bool push(Batch batch);
    /// All that is in it; for its owner.
    [[nodiscard]] std::vector<Batch> take_all();
    /// Bytes in it, from any thread: the more, the less the others should read.
    [[nodiscard]] std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }

  private:
    std::mutex lock_;
    std::vector<Batch> batches_;
    std::atomic<std::size_t> bytes_{0};
};

}  // namespace sotto::relay
