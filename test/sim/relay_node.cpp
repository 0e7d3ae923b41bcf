#include "test/sim/relay_node.h"

#include <utility>

namespace sotto::sim {

RelayNode::RelayNode(Scheduler& scheduler, Wires& wires, MemoryRegistry& registry, Options options,
                     std::uint64_t seed)
    : scheduler_(scheduler),
      wires_(wires),
      registry_(registry),
      options_(std::move(options)),
      random_(seed) {
    restart();
}

void RelayNode::restart() {
    stop();
    hub_ = std::make_unique<relay::Hub>(registry_, options_.hub);  // may throw
    for (std::size_t loop = 0; loop < options_.loops; ++loop) {
        relay::Relay::Options own = options_.relay;
        own.loop = static_cast<std::uint32_t>(loop);
        relays_.push_back(std::make_unique<relay::Relay>(
            *hub_, own,
            [this] {
                base::RelayNonce nonce;
                random_.fill(nonce);
                return nonce;
            },
            [this](relay::ConnectionId id) { return wires_.queued(id); }));
    }
}

void RelayNode::stop() {
    ++process_;
    relays_.clear();
    hub_.reset();
}

void RelayNode::set_limits(const relay::Limits& limits) {
    options_.relay.limits = limits;
    for (const auto& relay : relays_) {
        relay->set_limits(limits);
    }
}

std::size_t RelayNode::loop_of(relay::ConnectionId id) {
    return (id >> kLoopShift) & 0xffU;
}

relay::Relay& RelayNode::relay_of(relay::ConnectionId id) {
    return *relays_.at(loop_of(id));
}

void RelayNode::later(Duration delay, std::function<void()> task) {
    scheduler_.after(delay, [this, process = process_, task = std::move(task)] {
        if (process == process_ && is_up()) {
            task();
        }
    });
}

template <class Event>
void RelayNode::in_loop_of(relay::ConnectionId id, const Event& event) {
    relay::Actions actions;
    event(relay_of(id), actions);
    perform(loop_of(id), actions);
}

base::Exporter RelayNode::exporter(relay::ConnectionId id) {
    base::Exporter out;
    for (std::size_t at = 0; at < 8; ++at) {
        out[at] = static_cast<std::uint8_t>(id >> (8 * at));
    }
    return out;
}

relay::ConnectionId RelayNode::open(const std::string& address) {
    ++last_connection_;
    const std::uint64_t loop = last_connection_ % options_.loops;
    const relay::ConnectionId id =
        (std::uint64_t{options_.number} << kNodeShift) | (loop << kLoopShift) | last_connection_;
    relay::Relay::Arrival arrival;
    arrival.connection = id;
    arrival.exporter = exporter(id);
    arrival.address = address;
    arrival.accepted = now();
    in_loop_of(id, [&](auto& relay, auto& out) { relay.on_open(arrival, now(), out); });
    return id;
}

void RelayNode::message(relay::ConnectionId from, const std::string& text) {
    in_loop_of(from, [&](auto& relay, auto& out) { relay.on_message(from, text, now(), out); });
}

void RelayNode::end(relay::ConnectionId id) {
    in_loop_of(id, [&](auto& relay, auto& out) { relay.on_end(id, now(), out); });
}

void RelayNode::tick() {
    for (std::size_t loop = 0; loop < relays_.size(); ++loop) {
        relay::Actions actions;
        relays_[loop]->on_tick(now(), actions);
        perform(loop, actions);
    }
    attend({});
}

void RelayNode::attend(const std::vector<relay::Claim>& claims) {
    const auto round = hub_->attend(claims);
    for (const auto& claimed : round.claimed) {
        in_loop_of(claimed.claim.claimant.connection,
                   [&](auto& relay, auto& out) { relay.on_claimed(claimed, out); });
    }
    for (const auto& dismissal : round.dismissed) {
        in_loop_of(dismissal.place.connection,
                   [&](auto& relay, auto& out) { relay.on_dismissed(dismissal, out); });
    }
}

void RelayNode::perform(std::size_t loop, const relay::Actions& actions) {
    for (const relay::Action& action : actions) {
        perform(loop, action);
    }
}

void RelayNode::perform(std::size_t loop, const relay::Action& action) {
    if (const auto* send = std::get_if<relay::Send>(&action)) {
        wires_.send(send->to, send->text);
    } else if (const auto* bounce = std::get_if<relay::Bounce>(&action)) {
        later(options_.between_loops, [this, bounce = *bounce] {
            const relay::ConnectionId to = bounce.to.connection;
            in_loop_of(
                to, [&](auto& relay, auto& out) { relay.on_bounce(to, bounce.error, now(), out); });
        });
    } else if (const auto* forward = std::get_if<relay::Forward>(&action)) {
        const relay::ConnectionId to = forward->to.connection;
        if (forward->to.loop == loop) {
            if (on_forward) {
                on_forward(std::string(forward->text));
            }
            wires_.forward(to, std::string(forward->text));
            return;
        }
        ++passed_between_loops;
        later(options_.between_loops,
              [this, message = *forward, text = std::string(forward->text)]() mutable {
                  message.text = text;
                  in_loop_of(message.to.connection, [&](auto& relay, auto& out) {
                      relay.on_delivery(message, now(), out);
                  });
              });
    } else if (const auto* close = std::get_if<relay::Close>(&action)) {
        wires_.close(*close);
    } else if (const auto* pause = std::get_if<relay::Pause>(&action)) {
        wires_.pause(*pause);
    } else if (const auto* claim = std::get_if<relay::Claim>(&action)) {
        later(options_.disk, [this, claim = *claim] { attend({claim}); });
    } else if (const auto* replaced = std::get_if<relay::Replace>(&action)) {
        later(options_.between_loops, [this, id = replaced->place.connection] {
            in_loop_of(id, [&](auto& relay, auto& out) { relay.on_replaced(id, out); });
        });
    }
}

}  // namespace sotto::sim
