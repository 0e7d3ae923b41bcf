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
        relays_.push_back(std::make_unique<relay::Relay>(
            *hub_, options_.relay,
            [this] {
                base::RelayNonce nonce;
                random_.fill(nonce);
                return nonce;
            },
            [this, loop](relay::ConnectionId id) {
                return loop_of(id) == loop ? std::optional(wires_.queued(id)) : std::nullopt;
            }));
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

void RelayNode::later(Time delay, std::function<void()> task) {
    scheduler_.after(delay, [this, process = process_, task = std::move(task)] {
        if (process == process_ && is_up()) {
            task();
        }
    });
}

template <class Event>
void RelayNode::in_loop_of(relay::ConnectionId id, const Event& event, const Incoming& incoming) {
    relay::Actions actions;
    event(relay_of(id), actions);
    perform(loop_of(id), actions, incoming);
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
    in_loop_of(from, [&](auto& relay, auto& out) { relay.on_message(from, text, now(), out); },
               {from, text});
}

void RelayNode::end(relay::ConnectionId id) {
    in_loop_of(id, [&](auto& relay, auto& out) { relay.on_end(id, now(), out); });
}

void RelayNode::tick() {
    for (std::size_t loop = 0; loop < relays_.size(); ++loop) {
        relay::Actions actions;
        relays_[loop]->on_tick(now(), actions);
        perform(loop, actions, {});
    }
    attend({});
}

void RelayNode::attend(const std::vector<relay::Claim>& claims) {
    const auto round = hub_->attend(claims);
    for (const auto& claimed : round.claimed) {
        in_loop_of(claimed.claim.connection,
                   [&](auto& relay, auto& out) { relay.on_claimed(claimed, out); });
    }
    for (const auto& dismissal : round.dismissed) {
        in_loop_of(dismissal.connection,
                   [&](auto& relay, auto& out) { relay.on_dismissed(dismissal, out); });
    }
}

void RelayNode::perform(std::size_t loop, const relay::Actions& actions, const Incoming& incoming) {
    for (const relay::Action& action : actions) {
        perform(loop, action, incoming);
    }
}

void RelayNode::perform(std::size_t loop, const relay::Action& action, const Incoming& incoming) {
    if (const auto* send = std::get_if<relay::Send>(&action)) {
        if (loop_of(send->to) == loop) {
            wires_.send(send->to, send->text);
            return;
        }
        later(options_.between_loops, [this, send = *send] {
            in_loop_of(send.to, [&](auto& relay, auto& out) {
                relay.on_refused(send.to, send.text, now(), out);
            });
        });
    } else if (const auto* forward = std::get_if<relay::Forward>(&action)) {
        if (loop_of(forward->to) == loop) {
            if (on_forward) {
                on_forward(std::string(incoming.text));
            }
            wires_.forward(forward->to, std::string(incoming.text));
            return;
        }
        ++passed_between_loops;
        later(options_.between_loops, [this, to = forward->to, from = incoming.from,
                                       text = std::string(incoming.text)] {
            in_loop_of(to, [&](auto& relay, auto& out) { relay.on_delivery(from, to, text, out); },
                       {from, text});
        });
    } else if (const auto* close = std::get_if<relay::Close>(&action)) {
        wires_.close(*close);
    } else if (const auto* pause = std::get_if<relay::Pause>(&action)) {
        wires_.pause(*pause);
    } else if (const auto* claim = std::get_if<relay::Claim>(&action)) {
        later(options_.disk, [this, claim = *claim] { attend({claim}); });
    } else if (const auto* replaced = std::get_if<relay::Replace>(&action)) {
        later(options_.between_loops, [this, id = replaced->connection] {
            in_loop_of(id, [&](auto& relay, auto& out) { relay.on_replaced(id, out); });
        });
    }
}

}  // namespace sotto::sim
