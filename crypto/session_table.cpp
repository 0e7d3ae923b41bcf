#include "crypto/session_table.h"

#include <algorithm>
#include <utility>

namespace sotto::crypto {

SessionTable::SessionTable(const Identity& self, std::string self_name, Random& random)
    : self_(self), self_name_(std::move(self_name)), random_(random) {}

SecureChannel& SessionTable::open(const Party& peer, SuitePolicy policy) {
    auto entry = channels_.find(peer.name);
    if (entry != channels_.end() && entry->second.key != peer.key) {
        channels_.erase(entry);
        entry = channels_.end();
    }
    if (entry == channels_.end()) {
        SecureChannel channel(self_, {self_name_, peer}, policy, random_);
        entry = channels_.emplace(peer.name, Entry{peer.key, std::move(channel)}).first;
    }
    return entry->second.channel;
}

SecureChannel* SessionTable::find(std::string_view name) {
    const auto entry = channels_.find(name);
    return entry == channels_.end() ? nullptr : &entry->second.channel;
}

void SessionTable::erase(std::string_view name) {
    const auto entry = channels_.find(name);
    if (entry != channels_.end()) {
        channels_.erase(entry);
    }
}

void SessionTable::on_disconnected() {
    for (auto& [name, entry] : channels_) {
        entry.channel.on_disconnected();
    }
}

std::optional<Time> SessionTable::next_deadline() const {
    std::optional<Time> next;
    for (const auto& [name, entry] : channels_) {
        if (const auto deadline = entry.channel.next_deadline()) {
            next = std::min(next.value_or(Time::max()), *deadline);
        }
    }
    return next;
}

void SessionTable::on_tick(Time now,
                           const std::function<void(const std::string&, ChannelOutputs)>& visit) {
    // The visitor may erase channels: names first, then each by its name.
    std::vector<std::string> due;
    for (const auto& [name, entry] : channels_) {
        const auto deadline = entry.channel.next_deadline();
        if (deadline && *deadline <= now) {
            due.push_back(name);
        }
    }
    for (const std::string& name : due) {
        if (SecureChannel* channel = find(name)) {
            visit(name, channel->on_tick(now));
        }
    }
}

}  // namespace sotto::crypto
