#include "test/sim/scheduler.h"

#include <algorithm>
#include <utility>

namespace sotto::sim {

bool Scheduler::is_later(const Entry& a, const Entry& b) {
    return std::pair(a.when, a.sequence) > std::pair(b.when, b.sequence);
}

void Scheduler::at(Time when, Task task) {
    heap_.push_back({std::max(when, now.monotonic), ++last_sequence_, std::move(task)});
    std::push_heap(heap_.begin(), heap_.end(), is_later);
}

void Scheduler::advance(Time to) {
    if (to > now.monotonic) {
        now.wall += to - now.monotonic;
        now.monotonic = to;
    }
}

bool Scheduler::step(Time until) {
    if (heap_.empty() || heap_.front().when > until) {
        return false;
    }
    std::pop_heap(heap_.begin(), heap_.end(), is_later);
    const Entry entry = std::move(heap_.back());
    heap_.pop_back();
    advance(entry.when);
    entry.task();
    return true;
}

void Scheduler::run_until(Time until) {
    while (step(until)) {
    }
    advance(until);
}

void Scheduler::settle() {
    for (int tasks = 0; tasks < 100'000 && step(now.monotonic); ++tasks) {
    }
}

}  // namespace sotto::sim
