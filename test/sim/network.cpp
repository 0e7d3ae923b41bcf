#include "test/sim/network.h"

#include <algorithm>
#include <utility>

namespace sotto::sim {

using How = client::LinkLoss::How;

namespace {

constexpr Duration kCloseWait{2'000};   // for the other end's word, as the client's endpoint waits
constexpr Duration kRelayWait{10'000};  // the same of the relay's endpoint

client::LinkLoss loss(How how, std::string reason, int code = 0) {
    client::LinkLoss out;
    out.how = how;
    out.reason = std::move(reason);
    out.code = code;
    return out;
}

}  // namespace

Network::WirePtr Network::find(relay::ConnectionId id) const {
    const auto at = wires_.find(id);
    return at == wires_.end() ? nullptr : at->second;
}

Duration Network::delay(const Wire& wire) {
    return wire.peer == nullptr ? Duration(0) : weather_.delay(*wire.peer);
}

void Network::open(Peer& peer) {
    if (is_open(peer)) {
        vanish(peer);
    }
    peer.opening_ = true;
    const auto attempt = ++peer.attempt_;
    const Duration trip = weather_.delay(peer) * 3;  // TCP, TLS
    if (trip == Duration(0)) {
        connect(peer);
        return;
    }
    scheduler_.after(trip, [this, &peer, attempt] {
        if (peer.attempt_ == attempt) {
            connect(peer);
        }
    });
}

void Network::connect(Peer& peer) {
    RelayNode& node = *nodes_.at(peer.home);
    peer.opening_ = false;
    const auto failure =
        node.is_up() ? weather_.failure(peer) : loss(How::failed, "connection refused");
    if (failure) {
        peer.on_link_down(*failure);
        return;
    }
    auto wire = std::make_shared<Wire>();
    wire->id = node.open(peer.name);
    wire->home = peer.home;
    wire->owner = peer.name;
    wire->peer = &peer;
    peer.wire_ = wire->id;
    wires_[wire->id] = wire;
    peer.on_link_up({node.options().relay.pin, RelayNode::exporter(wire->id)});
}

void Network::send(Peer& peer, std::string text) {
    const auto wire = find(peer.wire_);
    if (wire && !wire->closed_here) {
        put(wire, &Wire::up, std::move(text));
    }
}

void Network::close(Peer& peer) {
    const auto attempt = peer.attempt_;
    if (peer.opening_) {
        peer.opening_ = false;
        scheduler_.after(Duration(0), [&peer, attempt] {
            if (peer.attempt_ == attempt) {
                peer.on_link_down(loss(How::closed_here, ""));
            }
        });
        return;
    }
    const auto wire = find(peer.wire_);
    if (!wire || wire->closed_here) {
        return;
    }
    put(wire, &Wire::up, loss(How::closed_here, ""));
    wire->closed_here = true;
    scheduler_.after(kCloseWait, [this, wire] { end_at_client(wire, loss(How::lost, "")); });
}

void Network::vanish(Peer& peer) {
    ++peer.attempt_;
    peer.opening_ = false;
    if (const auto wire = find(peer.wire_)) {
        put(wire, &Wire::up, loss(How::lost, ""));
        wire->peer = nullptr;
        forget_ended(wire);
    }
    peer.wire_ = 0;
}

void Network::cut(Peer& peer, Duration heard_by_client, Duration heard_by_relay) {
    const auto wire = find(peer.wire_);
    if (!wire || wire->cut) {
        return;
    }
    wire->cut = true;
    wire->up = {};
    wire->down = {};
    const auto lost = loss(How::lost, "the connection broke");
    if (heard_by_relay == Duration(0)) {
        end_at_relay(wire);
    } else {
        scheduler_.after(heard_by_relay, [this, wire] { end_at_relay(wire); });
    }
    if (heard_by_client == Duration(0)) {
        end_at_client(wire, lost);
    } else {
        scheduler_.after(heard_by_client, [this, wire, lost] { end_at_client(wire, lost); });
    }
}

void Network::cut_all(std::size_t home) {
    const auto all = wires_;
    for (const auto& [id, wire] : all) {
        if (wire->home != home) {
            continue;
        }
        wire->known_to_relay = false;
        wire->cut = true;
        forget_ended(wire);
        scheduler_.after(delay(*wire), [this, wire = wire] {
            end_at_client(wire, loss(How::lost, "the relay has gone"));
        });
    }
}

void Network::stall(Peer& peer, Time until) {
    if (const auto wire = find(peer.wire_)) {
        wire->up.held_until = std::max(wire->up.held_until, until);
        wire->down.held_until = std::max(wire->down.held_until, until);
    }
}

bool Network::has_replaced(const Peer& peer) const {
    return std::any_of(wires_.begin(), wires_.end(), [&](const auto& entry) {
        const Wire& wire = *entry.second;
        return wire.owner == peer.name && wire.cut && wire.closed_there;
    });
}

void Network::send(relay::ConnectionId to, std::string text) {
    const auto wire = find(to);
    if (wire && !wire->closed_there) {
        put(wire, &Wire::down, std::move(text));
    }
}

void Network::forward(relay::ConnectionId to, std::string text) {
    const auto wire = find(to);
    if (!wire || wire->peer == nullptr) {
        return;
    }
    for (const Duration late : weather_.copies(*wire->peer, text)) {
        if (late == Duration(0)) {
            send(to, text);
        } else {
            scheduler_.after(late, [this, to, text] { send(to, text); });
        }
    }
}

void Network::close(const relay::Close& close) {
    const auto wire = find(close.connection);
    if (!wire || wire->closed_there) {
        return;
    }
    put(wire, &Wire::down, loss(How::closed, close.reason, static_cast<int>(close.code)));
    wire->closed_there = true;
    scheduler_.after(kRelayWait, [this, wire] { end_at_relay(wire); });
}

void Network::pause(const relay::Pause& pause) {
    ++pauses;
    if (const auto wire = find(pause.connection)) {
        wire->up.held_until = std::max(wire->up.held_until, pause.until);
    }
}

std::size_t Network::queued(relay::ConnectionId id) const {
    const auto wire = find(id);
    return wire ? wire->down.bytes : 0;
}

void Network::put(const WirePtr& wire, Pipe Wire::*pipe, Item item) {
    if (wire->cut) {
        ++lost_unnoticed;
        return;  // nobody knows yet
    }
    Pipe& into = (*wire).*pipe;
    const auto* text = std::get_if<std::string>(&item);
    into.bytes += text == nullptr ? 0 : text->size();
    Time due = scheduler_.now.monotonic + delay(*wire);
    if (!into.items.empty()) {
        due = std::max(due, into.items.back().first);
    }
    into.items.emplace_back(due, std::move(item));
    arm(wire, pipe);
}

void Network::arm(const WirePtr& wire, Pipe Wire::*pipe) {
    Pipe& from = (*wire).*pipe;
    if (!from.armed && !from.items.empty()) {
        from.armed = true;
        scheduler_.at(std::max(from.items.front().first, from.held_until),
                      [this, wire, pipe] { arrive(wire, pipe); });
    }
}

void Network::arrive(const WirePtr& wire, Pipe Wire::*pipe) {
    Pipe& from = (*wire).*pipe;
    from.armed = false;
    if (from.items.empty()) {
        return;
    }
    const Time now = scheduler_.now.monotonic;
    if (from.items.front().first > now || from.held_until > now) {
        arm(wire, pipe);  // it stalled meanwhile
        return;
    }
    Item item = std::move(from.items.front().second);
    from.items.pop_front();
    const auto* text = std::get_if<std::string>(&item);
    from.bytes -= text == nullptr ? 0 : text->size();
    arm(wire, pipe);
    if (pipe == &Wire::up) {
        arrive_up(wire, std::move(item));
    } else {
        arrive_down(wire, std::move(item));
    }
}

void Network::arrive_up(const WirePtr& wire, Item item) {
    auto* text = std::get_if<std::string>(&item);
    if (text == nullptr) {
        end_at_relay(wire);
        scheduler_.after(delay(*wire), [this, wire] { end_at_client(wire, loss(How::lost, "")); });
        return;
    }
    const bool passes = wire->peer == nullptr || !to_relay || to_relay(*wire->peer, *text);
    if (passes && wire->known_to_relay && !wire->closed_there) {
        nodes_[wire->home]->message(wire->id, *text);
    }
}

void Network::arrive_down(const WirePtr& wire, Item item) {
    if (const auto* end = std::get_if<client::LinkLoss>(&item)) {
        end_at_client(wire, *end);
        end_at_relay(wire);
        return;
    }
    auto& text = std::get<std::string>(item);
    if (wire->peer != nullptr && !wire->closed_here &&
        (!to_client || to_client(*wire->peer, text))) {
        wire->peer->on_message(text);
    }
}

/// Once neither end knows it any more.
void Network::forget_ended(const WirePtr& wire) {
    if (!wire->known_to_relay && wire->peer == nullptr) {
        wires_.erase(wire->id);
    }
}

void Network::end_at_relay(const WirePtr& wire) {
    if (std::exchange(wire->known_to_relay, false)) {
        forget_ended(wire);
        nodes_[wire->home]->end(wire->id);
    }
}

void Network::end_at_client(const WirePtr& wire, const client::LinkLoss& loss) {
    Peer* peer = std::exchange(wire->peer, nullptr);
    if (peer == nullptr) {
        return;
    }
    forget_ended(wire);
    peer->wire_ = 0;
    ++peer->attempt_;
    client::LinkLoss told = loss;
    if (wire->closed_here) {
        told = {};
        told.how = How::closed_here;
        told.code = 1000;
    }
    peer->on_link_down(told);
}

}  // namespace sotto::sim
