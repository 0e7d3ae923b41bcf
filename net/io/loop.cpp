#include "net/io/loop_impl.h"

#include <asio/executor_work_guard.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/post.hpp>
#include <asio/signal_set.hpp>
#include <asio/steady_timer.hpp>

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

void Loop::run() {
    const auto guard = asio::make_work_guard(impl_->context);
    impl_->context.restart();
    impl_->context.run();
}

bool Loop::run_for(std::chrono::milliseconds wait) {
    const auto guard = asio::make_work_guard(impl_->context);
    impl_->context.restart();
    return impl_->context.run_one_for(wait) != 0;
}

void Loop::stop() {
    impl_->context.stop();
}
void Loop::post(Task task) {
    asio::post(impl_->context, std::move(task));
}

struct Loop::Timer::Impl {
    explicit Impl(asio::io_context& context) : timer(context) {}
    asio::steady_timer timer;
};

Loop::Timer::Timer(Loop& loop) : impl_(std::make_shared<Impl>(loop.impl().context)) {}
Loop::Timer::~Timer() {
    impl_->timer.cancel();
}

void Loop::Timer::at(Clock::time_point when, Task task) {
    impl_->timer.expires_at(when);
    impl_->timer.async_wait([task = std::move(task),
                             alive = std::weak_ptr<Impl>(impl_)](const asio::error_code& error) {
        if (!error && !alive.expired()) {
            task();
        }
    });
}

void Loop::Timer::cancel() {
    impl_->timer.cancel();
}

struct Loop::Watch::Impl : std::enable_shared_from_this<Impl> {
    Impl(asio::io_context& context, int descriptor, Task then)
        : stream(context, descriptor), task(std::move(then)) {}
    void wait() {
        stream.async_wait(asio::posix::stream_descriptor::wait_read,
                          [alive = weak_from_this()](const asio::error_code& error) {
                              const auto self = alive.lock();
                              if (!error && self && self->stream.is_open()) {
                                  self->task();
                                  if (self->stream.is_open()) {
                                      self->wait();
                                  }
                              }
                          });
    }
    asio::posix::stream_descriptor stream;
    Task task;
};

Loop::Watch::Watch(Loop& loop, int descriptor, Task task)
    : impl_(std::make_shared<Impl>(loop.impl().context, descriptor, std::move(task))) {
    impl_->wait();
}

Loop::Watch::~Watch() {
    impl_->stream.release();
}  // the descriptor stays the caller's

void Loop::on_signals(std::initializer_list<int> signals, std::function<void(int)> task) {
    const auto waiting = std::make_shared<Signals>(impl_->context, std::move(task));
    for (const int signal : signals) {
        waiting->set.add(signal);
    }
    waiting->wait();
}

}  // namespace sotto::net
