#pragma once

#include <chrono>
#include <functional>
#include <initializer_list>
#include <memory>

namespace sotto::net {

/// One thread's event loop: sockets, timers, descriptors and signals in one place.
/// Everything but `post` and `stop` is for the loop's own thread. Asio stays behind it.
class Loop {
  public:
    using Task = std::function<void()>;
    using Clock = std::chrono::steady_clock;

    Loop();
    ~Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;

    /// Runs until `stop`. An exception that a task throws leaves through here.
    void run();
    /// Runs what is ready or becomes ready within `wait`; true if anything ran.
    bool run_for(std::chrono::milliseconds wait);
    void stop();           ///< from any thread
    void post(Task task);  ///< from any thread; runs on the loop's

    /// Calls `task` once all that this turn of the endpoints' sockets brought has been given
    /// to the kernel; between turns, at the end of the next, which comes at once.
    void after_turn(Task task);
    /// When the turn began, or the last one.
    [[nodiscard]] Clock::time_point turn_began() const;

    /// Calls `task` once at `when`; a new call replaces the last. Cancelled with the object.
    class Timer {
      public:
        explicit Timer(Loop& loop);
        ~Timer();
        Timer(const Timer&) = delete;
        Timer& operator=(const Timer&) = delete;
        void at(Clock::time_point when, Task task);
        void cancel();

      private:
        struct Impl;
        std::shared_ptr<Impl> impl_;
    };

    /// Calls `task` whenever the descriptor is readable; a regular file always is. The
    /// descriptor and its modes stay the caller's.
    class Watch {
      public:
        Watch(Loop& loop, int descriptor, Task task);
        ~Watch();
        Watch(const Watch&) = delete;
        Watch& operator=(const Watch&) = delete;

      private:
        struct Impl;
        std::shared_ptr<Impl> impl_;
    };

    /// Calls `task(signal)` on the loop for each of `signals`, until the loop goes.
    void on_signals(std::initializer_list<int> signals, std::function<void(int)> task);

    struct Impl;
    [[nodiscard]] Impl& impl() noexcept { return *impl_; }  ///< for the endpoints

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::net
