#pragma once

#include "net/loop/batch_queue.h"
#include "net/loop/fair_queue.h"
#include "net/loop/loop.h"
#include "net/system/descriptor.h"

#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <sys/epoll.h>

#include <array>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::net {

/// Readiness of a loop's many sockets: one epoll, edge-triggered, each socket
/// registered once (Asio makes a system call for each wait). Works in turns: all that
/// is ready, then what was put off to the end of the turn. So whatever one turn brings
/// for a connection leaves in one write: half of the relay's CPU per small message. A turn
/// that moves much ends in between, so what one turn holds is bounded, however many are ready.
/// Turns follow each other while sockets are ready, for half a millisecond before the loop's
/// timers and posts have theirs: 5 % of CPU at 1 KiB.
class Poller {
  public:
    struct Ready {
        bool read = false;
        bool write = false;
        bool hangup = false;  ///< the other end closed or the connection broke: read to the end
    };
    /// Told on the loop; removed before it goes.
    class Watcher {
      public:
        virtual ~Watcher() = default;
        virtual void on_ready(Ready ready) = 0;
        virtual void on_turn_end() = 0;
        virtual void on_hard_work() {}

      private:
        friend class Poller;
        bool again_ = false;  ///< it stands in the poller's `again_`
    };

    using HardWorkQueue = FairQueue<Watcher>;

    explicit Poller(asio::io_context& context);
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// Watches a non-blocking descriptor from now on; false if the system can't.
    [[nodiscard]] bool add(int descriptor, Watcher& watcher);
    /// Nothing comes to `watcher` after this. The descriptor may be -1: never added.
    void remove(int descriptor, Watcher& watcher);

    /// on_ready({read}) in the next turn, once however often it is asked for: each call is a
    /// share of that turn.
    void again(Watcher& watcher);
    /// on_hard_work once those before it had theirs, a few in a turn and after all else: a
    /// handshake costs as much as hundreds of messages, which do not wait for a crowd of them.
    /// Each `group` has its own queue, and the queues take turns.
    void queue_hard_work(Watcher& watcher, std::string_view group, HardWorkQueue::Place place);
    void at_turn_end(Watcher& watcher);      ///< ask once per turn
    void later(std::function<void()> task);  ///< before the turn ends; now, if between turns
    void moved(std::size_t bytes) noexcept { moved_ += bytes; }  ///< read, or to be written

    void after_turn(std::function<void()> task);  ///< once all has been flushed

    [[nodiscard]] Loop::Clock::time_point now() const { return now_; }  ///< of this turn

    /// What all sockets of the loop share while they are served: a read's bytes as they came
    /// and as they are decrypted, a write's.
    static constexpr std::size_t kRead = 256U << 10U;
    std::array<char, kRead> read_buffer{};
    std::array<char, kRead> plain_buffer{};
    std::string write_buffer;
    /// An empty buffer with room, for what is put off; given back it keeps its memory.
    [[nodiscard]] std::string take_buffer();
    void give_buffer(std::string buffer);

  private:
    void wait();
    void soon();
    void turn_soon();
    void try_turns();
    bool try_turn();  ///< true: there were sockets ready
    bool turn();
    bool serve_ready();
    void work_hard();
    void finish_turn();
    static void run(BatchQueue<std::function<void()>>& tasks);

    asio::io_context& context_;
    asio::posix::stream_descriptor poll_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);  ///< its handlers hold it weakly
    std::array<epoll_event, 256> events_{};
    std::size_t ready_ = 0;  ///< of `events_`, in this turn
    std::size_t event_ = 0;  ///< of those, next
    BatchQueue<Watcher*> again_;
    HardWorkQueue hard_work_;
    BatchQueue<Watcher*> at_end_;
    BatchQueue<std::function<void()>> later_;
    BatchQueue<std::function<void()>> after_;
    std::vector<std::string> buffers_;
    std::size_t buffered_ = 0;  ///< room of all `buffers_`, bytes
    std::size_t moved_ = 0;     ///< since the last end of a turn, bytes
    Loop::Clock::time_point now_ = Loop::Clock::now();
    bool in_turn_ = false;
    bool soon_ = false;
};

}  // namespace sotto::net
