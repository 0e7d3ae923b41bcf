#include "net/loop/poller.h"

#include <asio/post.hpp>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace sotto::net {

namespace {

constexpr std::size_t kBuffersKept = 64;
constexpr std::size_t kBufferKept = 512U << 10U;  // more than a read brings, doubled as it grows
constexpr std::size_t kBufferedKept = 4U << 20U;  // all of them together
constexpr std::size_t kTurn = 1U << 20U;          // moved before a turn ends in between
constexpr auto kRow = std::chrono::microseconds(500);  // of turns, before the loop's other work
constexpr int kHardWork = 64;                          // a turn at most, however little each costs
constexpr auto kHardWorkTime = std::chrono::milliseconds(10);  // then no other is begun

int make_epoll() {
    const int made = ::epoll_create1(EPOLL_CLOEXEC);
    if (made < 0) {
        throw std::system_error(errno, std::generic_category(), "can't watch sockets");
    }
    return made;
}

}  // namespace

Poller::Poller(asio::io_context& context) : context_(context), poll_(context, make_epoll()) {
    wait();
}

Poller::~Poller() = default;

bool Poller::add(int descriptor, Watcher& watcher) {
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    wanted.data.ptr = &watcher;
    return ::epoll_ctl(poll_.native_handle(), EPOLL_CTL_ADD, descriptor, &wanted) == 0;
}

void Poller::remove(int descriptor, Watcher& watcher) {
    if (descriptor >= 0) {
        ::epoll_ctl(poll_.native_handle(), EPOLL_CTL_DEL, descriptor, nullptr);
    }
    for (std::size_t i = 0; i < ready_; ++i) {
        if (events_[i].data.ptr == &watcher) {
            events_[i].data.ptr = nullptr;
        }
    }
    again_.forget(&watcher);
    watcher.again_ = false;
    hard_work_.remove(watcher);
    at_end_.forget(&watcher);
}

void Poller::again(Watcher& watcher) {
    if (!std::exchange(watcher.again_, true)) {
        again_.add(&watcher);
        soon();
    }
}

void Poller::queue_hard_work(Watcher& watcher, std::string_view group, HardWorkQueue::Place place) {
    hard_work_.add(watcher, group, place);
    soon();
}

void Poller::at_turn_end(Watcher& watcher) {
    at_end_.add(&watcher);
    soon();
}

void Poller::later(std::function<void()> task) {
    later_.add(std::move(task));
    soon();
}

void Poller::after_turn(std::function<void()> task) {
    after_.add(std::move(task));
    soon();
}

void Poller::soon() {
    if (!in_turn_ || again_.has_next()) {  // else the turn's end sees to it
        turn_soon();
    }
}

void Poller::turn_soon() {
    if (!std::exchange(soon_, true)) {
        asio::post(poll_.get_executor(), [this, alive = std::weak_ptr<int>(alive_)] {
            if (!alive.expired()) {
                try_turn();
            }
        });
    }
}

void Poller::wait() {
    poll_.async_wait(asio::posix::stream_descriptor::wait_read,
                     [this, alive = std::weak_ptr<int>(alive_)](const asio::error_code& error) {
                         if (error || alive.expired()) {
                             return;
                         }
                         try {
                             try_turns();
                         } catch (...) {
                             wait();
                             throw;
                         }
                         wait();
                     });
}

/// Back to Asio's wait and here again are two system calls, so what has become ready meanwhile
/// has its turn first. Not so behind hard work: timers and other loops' posts have waited enough.
void Poller::try_turns() {
    const auto began = Loop::Clock::now();
    while (try_turn() && hard_work_.empty() && now_ - began < kRow && !context_.stopped()) {
    }
}

/// An exception is the owner's. The loop may be run again, and then goes on where it was.
bool Poller::try_turn() {
    try {
        return turn();
    } catch (...) {
        in_turn_ = false;
        turn_soon();
        throw;
    }
}

bool Poller::turn() {
    soon_ = false;
    in_turn_ = true;
    now_ = Loop::Clock::now();
    again_.begin();
    const bool served = serve_ready();
    Watcher* watcher = nullptr;
    while (again_.take(watcher)) {
        if (watcher != nullptr) {
            watcher->again_ = false;
            watcher->on_ready({true, false, false});
        }
        if (moved_ >= kTurn) {
            finish_turn();
        }
    }
    finish_turn();
    if (!hard_work_.empty()) {
        work_hard();
        finish_turn();
    }
    in_turn_ = false;
    return served;
}

bool Poller::serve_ready() {
    if (event_ == ready_) {
        const int ready = ::epoll_wait(poll_.native_handle(), events_.data(),
                                       static_cast<int>(events_.size()), 0);
        ready_ = ready > 0 ? static_cast<std::size_t>(ready) : 0;
        event_ = 0;
    }
    const bool any = event_ < ready_;
    while (event_ < ready_) {
        const epoll_event& next = events_[event_++];
        if (auto* watcher = static_cast<Watcher*>(next.data.ptr)) {
            const bool hangup = (next.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
            watcher->on_ready({(next.events & EPOLLIN) != 0 || hangup,
                               (next.events & EPOLLOUT) != 0 || hangup, hangup});
        }
        if (moved_ >= kTurn) {
            finish_turn();
        }
    }
    ready_ = event_ = 0;
    return any;
}

void Poller::work_hard() {
    const auto until = Loop::Clock::now() + kHardWorkTime;
    for (int begun = 0; begun < kHardWork && (begun == 0 || Loop::Clock::now() < until); ++begun) {
        Watcher* const next = hard_work_.take();
        if (next == nullptr) {
            return;
        }
        next->on_hard_work();
    }
    if (!hard_work_.empty()) {
        turn_soon();
    }
}

void Poller::finish_turn() {
    while (!later_.empty() || !at_end_.empty() || !after_.empty()) {
        run(later_);
        at_end_.begin();
        for (Watcher* watcher = nullptr; at_end_.take(watcher);) {
            if (watcher != nullptr) {
                watcher->on_turn_end();
            }
        }
        if (later_.empty() && at_end_.empty()) {
            run(after_);
        }
    }
    moved_ = 0;
}

void Poller::run(BatchQueue<std::function<void()>>& tasks) {
    tasks.begin();
    for (std::function<void()> task; tasks.take(task);) {
        task();
    }
}

std::string Poller::take_buffer() {
    if (buffers_.empty()) {
        return {};
    }
    std::string buffer = std::move(buffers_.back());
    buffers_.pop_back();
    buffered_ -= buffer.capacity();
    return buffer;
}

void Poller::give_buffer(std::string buffer) {
    if (buffers_.size() < kBuffersKept && buffer.capacity() <= kBufferKept &&
        buffered_ + buffer.capacity() <= kBufferedKept) {
        buffer.clear();
        buffered_ += buffer.capacity();
        buffers_.push_back(std::move(buffer));
    }
}

}  // namespace sotto::net
