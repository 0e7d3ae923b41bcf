#pragma once

#include "test/sim/relay_node.h"
#include "test/sim/scheduler.h"

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace sotto::sim {

class Network;

/// A client's end of a connection: who is told what comes of it.
class Peer {
  public:
    Peer() = default;
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;
    virtual ~Peer() = default;

    virtual void on_link_up(const client::Client::LinkUp& link) = 0;
    virtual void on_message(const std::string& text) = 0;
    virtual void on_link_down(const client::LinkLoss& loss) = 0;

    std::string name;
    std::size_t home = 0;  ///< the relay that it connects to, by number

  private:
    friend class Network;
    std::uint64_t attempt_ = 0;  ///< counts what was opened and what ended
    bool opening_ = false;
    relay::ConnectionId wire_ = 0;  ///< 0: none
};

/// What the network does with what it is given. This one is perfect, and takes no time.
class Weather {
  public:
    Weather() = default;
    Weather(const Weather&) = delete;
    Weather& operator=(const Weather&) = delete;
    virtual ~Weather() = default;

    /// How long a message takes; they do not overtake each other.
    [[nodiscard]] virtual Duration delay(const Peer& /*peer*/) { return Duration(0); }
    /// Why a connection fails; nothing if it is made.
    [[nodiscard]] virtual std::optional<client::LinkLoss> failure(const Peer& /*peer*/) {
        return std::nullopt;
    }
    /// A hostile relay's part: how often a message that it forwards goes out, and how much too
    /// late each time.
    [[nodiscard]] virtual std::vector<Duration> copies(const Peer& /*to*/,
                                                       const std::string& /*text*/) {
        return {Duration(0)};
    }
};

/// Connections between clients and relays: TCP and TLS as they look from above. A connection
/// keeps order and loses nothing, until it is cut and loses all that is in flight.
class Network final : public Wires {
  public:
    Network(Scheduler& scheduler, Weather& weather) : scheduler_(scheduler), weather_(weather) {}

    /// A relay, as number 0, 1, 2...; it must outlive the network's last event.
    void add(RelayNode& node) { nodes_.push_back(&node); }

    // --- what a client does
    void open(Peer& peer);
    void send(Peer& peer, std::string text);
    void close(Peer& peer);
    /// Its process ends: what it sent still arrives.
    void vanish(Peer& peer);
    [[nodiscard]] bool is_open(const Peer& peer) const { return peer.wire_ != 0; }

    // --- what happens to it
    /// Loses what is in flight; each end hears of it after its time.
    void cut(Peer& peer, Duration heard_by_client, Duration heard_by_relay);
    /// Nothing passes, either way, until then.
    void stall(Peer& peer, Time until);
    /// The relay's process has ended.
    void cut_all(std::size_t home);
    /// True if the relay closed a connection of this name that was cut and that it took for
    /// alive until now.
    [[nodiscard]] bool has_replaced(const Peer& peer) const;

    /// See each message as it arrives; they may change it, or drop it (false). May be empty.
    std::function<bool(Peer& to, std::string& text)> to_client;
    std::function<bool(Peer& from, std::string& text)> to_relay;

    std::uint64_t lost_unnoticed = 0;  ///< messages for a connection that was cut
    std::uint64_t pauses = 0;          ///< of reading

    // --- what the relay does
    void send(relay::ConnectionId to, std::string text) override;
    void forward(relay::ConnectionId to, std::string text) override;
    void close(const relay::Close& close) override;
    void pause(const relay::Pause& pause) override;
    [[nodiscard]] std::size_t queued(relay::ConnectionId id) const override;

  private:
    using Item = std::variant<std::string, client::LinkLoss>;  ///< a message, or the end
    struct Pipe {
        std::deque<std::pair<Time, Item>> items;  ///< by when they arrive
        std::size_t bytes = 0;
        Time held_until{};
        bool armed = false;
    };
    struct Wire {
        relay::ConnectionId id = 0;
        std::size_t home = 0;
        std::string owner;
        Peer* peer = nullptr;        ///< null: the client's end has gone
        bool known_to_relay = true;  ///< until it was told that it ended
        bool cut = false;
        bool closed_here = false;   ///< the client has closed: it sends and reads nothing more
        bool closed_there = false;  ///< the same of the relay
        Pipe up;
        Pipe down;
    };
    using WirePtr = std::shared_ptr<Wire>;

    void connect(Peer& peer);
    void put(const WirePtr& wire, Pipe Wire::*pipe, Item item);
    void arm(const WirePtr& wire, Pipe Wire::*pipe);
    void arrive(const WirePtr& wire, Pipe Wire::*pipe);
    void arrive_up(const WirePtr& wire, Item item);
    void arrive_down(const WirePtr& wire, Item item);
    void forget_ended(const WirePtr& wire);
    void end_at_relay(const WirePtr& wire);
    void end_at_client(const WirePtr& wire, const client::LinkLoss& loss);
    [[nodiscard]] WirePtr find(relay::ConnectionId id) const;
    [[nodiscard]] Duration delay(const Wire& wire);

    Scheduler& scheduler_;
    Weather& weather_;
    std::vector<RelayNode*> nodes_;
    std::map<relay::ConnectionId, WirePtr> wires_;
};

}  // namespace sotto::sim
