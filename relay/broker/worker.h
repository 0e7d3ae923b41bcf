#pragma once

#include "net/websocket/server_endpoint.h"
#include "relay/broker/loop_delivery.h"
#include "relay/broker/loop_queue.h"
#include "relay/broker/metrics.h"
#include "relay/broker/pauses.h"
#include "relay/core/hub.h"
#include "relay/core/relay.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sotto::relay {

/// Joins one loop, one server endpoint on it and the relay core of its connections:
/// performs the core's actions. What is for a connection of another loop goes there.
class Worker {
  public:
    using Log = std::function<void(Note::Level, const std::string&)>;
    using Observer = std::function<void(std::string_view)>;
    using Task = std::function<void(Worker&)>;

    /// What all workers of a relay share; all of it may be called on any thread.
    struct Shared {
        Hub& hub;
        Log log;
        Observer observer;                 ///< sees every message of a client; may be empty
        std::function<void(Claim)> claim;  ///< asks the registry
        std::vector<std::unique_ptr<Worker>>& workers;  ///< by number; complete before any runs
    };

    /// `loop` and `shared` must outlive it. Throws std::runtime_error with a sentence if
    /// certificate or key can't be used.
    Worker(net::Loop& loop, Shared& shared, unsigned number,
           const net::ServerEndpoint::Options& options, const Limits& limits);
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Runs `task` on the worker's loop; from any thread. Nothing runs once it has gone.
    void post(Task task);
    /// What other loops have for this one; `on_queue` reads it.
    [[nodiscard]] LoopQueue& queue() { return queue_; }

    // --- on its own loop only, or before that runs
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen(const std::string& address,
                                                                  std::uint16_t port);
    [[nodiscard]] const net::Pin& pin() const { return endpoint_.pin(); }
    [[nodiscard]] tl::expected<void, std::string> reload(
        const net::ServerEndpoint::Options& options, const Limits& limits);
    void shut_down(std::function<void()> done);  ///< `done` once all are gone, or after 4 s
    void on_claimed(const Claimed& claimed);
    void on_dismissed(const Dismissal& dismissal);
    void on_queue();
    void on_bounce(const Bounce& bounce);
    void on_replaced(const Replace& replaced);
    [[nodiscard]] Metrics metrics() const;

    /// As they were at most a second ago; from any thread.
    [[nodiscard]] Metrics last_metrics() const;

  private:
    using TurnBegan = net::Loop::Clock::time_point;

    [[nodiscard]] net::ServerEndpoint::Callbacks callbacks();
    [[nodiscard]] static Time now();
    [[nodiscard]] bool is_here(const Place& place) const {
        return place.node == 0 && place.loop == number_;
    }

    void perform() { perform(loop_.turn_began()); }
    /// The actions at hand; what they forward was read in the turn that began then.
    void perform(TurnBegan since);
    void perform(Action& action, TurnBegan since);
    void forward(const Forward& message, TurnBegan since);
    void time_forward(TurnBegan since);
    void after_turn();

    void pause(const Pause& pause);
    void resume_paused();
    void tick();
    void give_back_memory();
    void wait_for_the_last();

    net::Loop& loop_;
    Shared& shared_;
    const unsigned number_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);  ///< tasks hold it weakly
    net::ServerEndpoint endpoint_;
    Relay relay_;
    LoopQueue queue_;
    LoopDelivery delivery_;
    net::Loop::Timer timer_;
    net::Loop::Timer resume_;
    Pauses paused_;
    Actions actions_;  ///< reused: a forward allocates nothing
    std::vector<std::pair<TurnBegan, std::uint64_t>> forwarded_;  ///< this turn
    Histogram handshakes_;
    Histogram forwards_;
    std::function<void()> done_;
    bool stopping_ = false;
    Time deadline_{};
    std::shared_ptr<net::MemoryBudget> memory_;  ///< null: nothing is counted
    std::size_t most_connections_ = 0;           ///< since memory was given back
    Time give_back_at_{};                        ///< not before
    mutable std::mutex metrics_lock_;
    Metrics last_metrics_;
};

}  // namespace sotto::relay
