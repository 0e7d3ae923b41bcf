#pragma once

#include "net/websocket/server_endpoint.h"
#include "relay/broker/figures.h"
#include "relay/broker/mailbox.h"
#include "relay/broker/pauses.h"
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

    /// What a worker knows of the house it works in; all of it may be called on any thread.
    struct House {
        Hub& hub;
        Log log;
        Observer observer;                 ///< sees every message of a client; may be empty
        std::function<void(Claim)> claim;  ///< asks the registry
        std::vector<std::unique_ptr<Worker>>& workers;  ///< by number; complete before any runs
    };

    /// `loop` and `house` must outlive it. Throws std::runtime_error with a sentence if
    /// certificate or key can't be used.
    Worker(net::Loop& loop, House& house, unsigned number,
           const net::ServerEndpoint::Options& options, const Limits& limits);
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Runs `task` on the worker's loop; from any thread. Nothing runs once it has gone.
    void post(Task task);
    /// The number of the worker whose connection it is.
    [[nodiscard]] static std::size_t number_of(ConnectionId id) { return id >> kNumberShift; }

    // --- on its own loop only, or before that runs
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen(const std::string& address,
                                                                  std::uint16_t port);
    [[nodiscard]] const net::Pin& pin() const { return endpoint_.pin(); }
    [[nodiscard]] tl::expected<void, std::string> reload(
        const net::ServerEndpoint::Options& options, const Limits& limits);
    void shut_down(std::function<void()> done);  ///< `done` once all are gone, or after 4 s
    void on_claimed(const Claimed& claimed);
    void on_dismissed(const Dismissal& dismissal);
    [[nodiscard]] Figures figures() const;

    /// As they were at most a second ago; from any thread.
    [[nodiscard]] Figures last_figures() const;

  private:
    static constexpr unsigned kNumberShift = 48;

    /// The message that actions may forward.
    struct Incoming {
        net::ServerEndpoint::Message* message = nullptr;
        ConnectionId from = 0;
        net::Loop::Clock::time_point since{};  ///< when the turn began that read it
    };

    [[nodiscard]] net::ServerEndpoint::Callbacks callbacks();
    [[nodiscard]] static Time now();
    [[nodiscard]] bool is_own(ConnectionId id) const { return number_of(id) == number_; }
    void tell(ConnectionId id, Task task);  ///< to whose it is: here and now, or there

    void perform() { perform(Incoming()); }
    void perform(const Incoming& incoming);
    void perform(Action& action, const Incoming& incoming);
    void forward(ConnectionId to, const Incoming& incoming);
    void time_forward(net::Loop::Clock::time_point since);
    void after_turn();
    void hand_over(std::size_t number);
    void read_mail();

    void pause(const Pause& pause);
    void resume_paused();
    void tick();
    void give_back_memory();
    void wait_for_the_last();

    net::Loop& loop_;
    House& house_;
    const unsigned number_;
    std::shared_ptr<int> alive_ = std::make_shared<int>(0);  ///< tasks hold it weakly
    net::ServerEndpoint endpoint_;
    Relay relay_;
    Mailbox mailbox_;
    std::vector<Parcel> outgoing_;  ///< by number of the worker, this turn's
    net::Loop::Timer timer_;
    net::Loop::Timer resume_;
    Pauses paused_;
    Actions actions_;  ///< reused: a forward allocates nothing
    std::vector<std::pair<net::Loop::Clock::time_point, std::uint64_t>> forwarded_;  ///< this turn
    Histogram handshakes_;
    Histogram forwards_;
    std::function<void()> done_;
    bool stopping_ = false;
    Time deadline_{};
    std::shared_ptr<net::MemoryBudget> memory_;  ///< null: nothing is counted
    std::size_t most_connections_ = 0;           ///< since memory was given back
    Time give_back_at_{};                        ///< not before
    mutable std::mutex figures_lock_;
    Figures last_figures_;
};

}  // namespace sotto::relay
