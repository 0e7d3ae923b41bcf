#pragma once

#include "relay/core/hub.h"
#include "relay/core/relay.h"
#include "test/sim/memory_registry.h"
#include "test/sim/scheduler.h"
#include "test/support/seeded_random.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sotto::sim {

/// Where a relay's connections lead to.
class Wires {
  public:
    Wires() = default;
    Wires(const Wires&) = delete;
    Wires& operator=(const Wires&) = delete;
    virtual ~Wires() = default;

    virtual void send(relay::ConnectionId to, std::string text) = 0;
    virtual void forward(relay::ConnectionId to, std::string text) = 0;
    virtual void close(const relay::Close& close) = 0;
    virtual void pause(const relay::Pause& pause) = 0;
    [[nodiscard]] virtual std::size_t queued(relay::ConnectionId id) const = 0;
};

/// One relay process: a hub, the relay cores of its loops, and what the glue of
/// relay/broker does for them, on virtual time: it performs their actions, carries what
/// passes between loops, and asks the registry.
class RelayNode {
  public:
    struct Options {
        relay::Relay::Options relay;
        relay::Hub::Options hub;
        unsigned number = 0;  ///< among the relays of a network
        unsigned loops = 1;
        Duration between_loops{0};  ///< how long a message waits for another loop
        Duration disk{0};           ///< how long a claim waits for the registry
    };

    /// All of these must outlive it.
    RelayNode(Scheduler& scheduler, Wires& wires, MemoryRegistry& registry, Options options,
              std::uint64_t seed);

    /// A new process on the same registry; connections that stood are unknown to it. Throws
    /// std::runtime_error if the registry can't be used: it does not run then.
    void restart();
    /// The process ends; nothing is heard until `restart`.
    void stop();
    /// Other limits, from now on and after restarts.
    void set_limits(const relay::Limits& limits);
    [[nodiscard]] bool is_up() const { return hub_ != nullptr; }

    /// The number of the node that gave the id.
    [[nodiscard]] static std::size_t node_of(relay::ConnectionId id) { return id >> kNodeShift; }
    /// The exporter that both ends of a connection see.
    [[nodiscard]] static base::Exporter exporter(relay::ConnectionId id);
    /// A new connection, on one of the loops in turn; its id.
    [[nodiscard]] relay::ConnectionId open(const std::string& address);
    void message(relay::ConnectionId from, const std::string& text);
    void end(relay::ConnectionId id);
    /// To be called once a second.
    void tick();

    [[nodiscard]] relay::Hub& hub() { return *hub_; }
    [[nodiscard]] relay::Relay& relay(std::size_t loop = 0) { return *relays_.at(loop); }
    [[nodiscard]] MemoryRegistry& registry() { return registry_; }
    [[nodiscard]] const Options& options() const { return options_; }

    std::function<void(const std::string&)> on_forward;  ///< sees what passes; may be empty
    std::uint64_t passed_between_loops = 0;

  private:
    static constexpr unsigned kLoopShift = 48;  // of a connection's id
    static constexpr unsigned kNodeShift = 56;

    [[nodiscard]] relay::Relay& relay_of(relay::ConnectionId id);
    [[nodiscard]] static std::size_t loop_of(relay::ConnectionId id);
    [[nodiscard]] relay::Time now() const { return scheduler_.now.monotonic; }
    void perform(std::size_t loop, const relay::Actions& actions);
    void perform(std::size_t loop, const relay::Action& action);
    void attend(const std::vector<relay::Claim>& claims);
    /// Runs `task` in this process, if it still runs then.
    void later(Duration delay, std::function<void()> task);
    /// Runs `event`, which appends actions, in the loop of `id`, and performs them.
    template <class Event>
    void in_loop_of(relay::ConnectionId id, const Event& event);

    Scheduler& scheduler_;
    Wires& wires_;
    MemoryRegistry& registry_;
    Options options_;
    test::SeededRandom random_;
    std::unique_ptr<relay::Hub> hub_;
    std::vector<std::unique_ptr<relay::Relay>> relays_;
    relay::ConnectionId last_connection_ = 0;
    std::uint64_t process_ = 0;  ///< counts restarts
};

}  // namespace sotto::sim
