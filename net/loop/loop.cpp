#include "net/loop/loop_impl.h"

#include <asio/executor_work_guard.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>
#include <sys/epoll.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace sotto::net {

namespace {

/// Waits for signals again and again; lives as long as the loop's pending wait.
struct Signals : std::enable_shared_from_this<Signals> {
    Signals(asio::io_context& context, std::function<void(int)> then)
        : set(context), task(std::move(then)) {}
    void wait() {
        set.async_wait([self = shared_from_this()](const asio::error_code& error, int signal) {
            if (!error) {
                self->wait();
                self->task(signal);
            }
        });
    }
    asio::signal_set set;
    std::function<void(int)> task;
};

}  // namespace

Loop::Loop() : impl_(std::make_unique<Impl>()) {}
Loop::~Loop() = default;

// A stop holds until a run has seen it: one that comes before the loop's thread has begun to
// run is not lost.
void Loop::run() {
    const auto guard = asio::make_work_guard(impl_->context);
    impl_->context.run();
    impl_->context.restart();
}

bool Loop::run_for(std::chrono::milliseconds wait) {
    const auto guard = asio::make_work_guard(impl_->context);
    const bool ran = impl_->context.run_one_for(wait) != 0;
    if (impl_->context.stopped()) {
        impl_->context.restart();
    }
    return ran;
}

void Loop::stop() {
    impl_->context.stop();
}
void Loop::post(Task task) {
    asio::post(impl_->context, std::move(task));
}

void Loop::after_turn(Task task) {
    impl_->poller.after_turn(std::move(task));
}
Loop::Clock::time_point Loop::turn_began() const {
    return impl_->poller.now();
}

struct Loop::Timer::Impl {
    explicit Impl(asio::io_context& context) : timer(context) {}
    asio::steady_timer timer;
    std::uint64_t turn = 0;  ///< a wait that is not of this turn was replaced or cancelled
};

Loop::Timer::Timer(Loop& loop) : impl_(std::make_shared<Impl>(loop.impl().context)) {}
Loop::Timer::~Timer() {
    impl_->timer.cancel();
}

// Asio cancels only what has not expired: an expired wait may already stand in the queue
// with success, so each knows its turn.
void Loop::Timer::at(Clock::time_point when, Task task) {
    impl_->timer.expires_at(when);
    impl_->timer.async_wait([task = std::move(task), turn = ++impl_->turn,
                             alive = std::weak_ptr<Impl>(impl_)](const asio::error_code& error) {
        const auto self = alive.lock();
        if (!error && self && self->turn == turn) {
            task();
        }
    });
}

void Loop::Timer::cancel() {
    ++impl_->turn;
    impl_->timer.cancel();
}

// The loop watches an epoll of one descriptor, not the descriptor: Asio would make it
// non-blocking, and with it the terminal of the shell that started us. What epoll does
// not take (a regular file) is always readable.
struct Loop::Watch::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& context, int descriptor, Task then)
        : poll(context, ::epoll_create1(EPOLL_CLOEXEC)), task(std::move(then)) {
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        if (::epoll_ctl(poll.native_handle(), EPOLL_CTL_ADD, descriptor, &wanted) != 0) {
            if (errno != EPERM) {
                throw std::system_error(errno, std::generic_category(), "can't watch the input");
            }
            always = true;
        }
    }
    void wait() {
        auto ready = [alive = weak_from_this()](const asio::error_code& error) {
            const auto self = alive.lock();
            if (!error && self && self->poll.is_open()) {
                self->task();
                if (self->poll.is_open()) {
                    self->wait();
                }
            }
        };
        if (always) {
            asio::post(poll.get_executor(), [ready] { ready({}); });
        } else {
            poll.async_wait(asio::posix::stream_descriptor::wait_read, std::move(ready));
        }
    }
    asio::posix::stream_descriptor poll;
    Task task;
    bool always = false;
};

Loop::Watch::Watch(Loop& loop, int descriptor, Task task)
    : impl_(std::make_shared<Impl>(loop.impl().context, descriptor, std::move(task))) {
    impl_->wait();
}

Loop::Watch::~Watch() {
    asio::error_code ignored;
    impl_->poll.close(ignored);
}

void Loop::on_signals(std::initializer_list<int> signals, std::function<void(int)> task) {
    const auto waiting = std::make_shared<Signals>(impl_->context, std::move(task));
    for (const int signal : signals) {
        waiting->set.add(signal);
    }
    waiting->wait();
}

}  // namespace sotto::net
