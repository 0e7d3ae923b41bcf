#include "relay/core/directory.h"

#include <algorithm>
#include <utility>

namespace sotto::relay {

Directory::Directory(std::int64_t first_version) : first_(first_version), reserved_(first_version) {
    set_version(first_version);
}

bool Directory::before(const Entry* one, const Entry* other) {
    return one->name < other->name;
}

const Directory::Shard& Directory::shard_of(std::string_view name) const {
    // Not the bits by which the shard's own table sorts.
    return shards_[(std::hash<std::string_view>()(name) >> 48U) % kShards];
}

Directory::Shard& Directory::shard_of(std::string_view name) {
    return const_cast<Shard&>(std::as_const(*this).shard_of(name));
}

std::optional<Directory::User> Directory::find(std::string_view name) const {
    const Shard& shard = shard_of(name);
    const std::lock_guard lock(shard.lock);
    const auto at = shard.entries.find(name);
    return at == shard.entries.end() || !at->second->owned ? std::nullopt
                                                           : std::optional(at->second->user);
}

Directory::Entry* Directory::entry_of(std::string_view name) {
    Shard& shard = shard_of(name);
    const std::lock_guard lock(shard.lock);
    const auto at = shard.entries.find(name);
    return at == shard.entries.end() ? nullptr : at->second.get();
}

void Directory::add(const std::string& name, const IdentityKey& key) {
    const std::lock_guard order(order_);
    Entry* entry = entry_of(name);
    Shard& shard = shard_of(name);
    if (entry == nullptr) {
        auto made = std::make_unique<Entry>(Entry{name, {}});
        entry = made.get();
        const std::lock_guard lock(shard.lock);
        shard.entries.emplace(entry->name, std::move(made));
    }
    if (!entry->owned) {
        by_name_.insert(std::upper_bound(by_name_.begin(), by_name_.end(), entry, before), entry);
        const std::lock_guard lock(shard.lock);
        entry->owned = true;
        entry->user.key = key;
    }
}

void Directory::release(const std::string& name) {
    const std::lock_guard order(order_);
    Entry* entry = entry_of(name);
    if (entry == nullptr || !entry->owned) {
        return;
    }
    if (entry->user.place) {
        set_place(*entry, std::nullopt);
        touch(*entry);
    }
    by_name_.erase(std::lower_bound(by_name_.begin(), by_name_.end(), entry, before));
    const std::lock_guard lock(shard_of(name).lock);
    entry->owned = false;
}

bool Directory::is_blocked(std::string_view name) const {
    const std::lock_guard lock(blocked_lock_);
    return blocked_.count(std::string(name)) != 0;
}

void Directory::set_blocked(const std::string& name, bool blocked) {
    const std::lock_guard lock(blocked_lock_);
    if (blocked) {
        blocked_.insert(name);
    } else {
        blocked_.erase(name);
    }
}

void Directory::set_place(Entry& entry, std::optional<Place> place) {
    const std::lock_guard lock(shard_of(entry.name).lock);
    entry.user.place = place;
}

void Directory::touch(Entry& entry) {
    by_change_.erase(entry.changed);
    online_.erase(entry.changed);
    entry.changed = version() + 1;
    by_change_.emplace(entry.changed, &entry);
    if (entry.user.place) {
        online_.emplace(entry.changed, &entry);
    }
    set_version(entry.changed);
}

tl::expected<Directory::Arrival, Directory::Refused> Directory::put_online(const std::string& name,
                                                                           const IdentityKey& key,
                                                                           const Place& place) {
    const std::lock_guard order(order_);
    Entry* entry = entry_of(name);
    if (entry == nullptr || !entry->owned) {
        return tl::unexpected(Refused::unowned);
    }
    if (entry->user.key != key) {
        return tl::unexpected(Refused::not_the_owner);
    }
    // One to come and one to go, and one to go for everybody who is online.
    if (versions_left() <= static_cast<std::int64_t>(online_.size()) + 2) {
        return tl::unexpected(Refused::no_version);
    }
    const Arrival arrival{entry->user.place};
    set_place(*entry, place);
    touch(*entry);
    return arrival;
}

tl::expected<Directory::Arrival, Directory::Refused> Directory::arrive(const std::string& name,
                                                                       const IdentityKey& key,
                                                                       const Place& place) {
    const auto arrival = put_online(name, key, place);
    // Looked at last: whoever blocks the name looks for its user after that. One of both
    // sees the other.
    if (arrival && is_blocked(name)) {
        leave(name, place);
        return tl::unexpected(Refused::blocked);
    }
    return arrival;
}

void Directory::leave(const std::string& name, const Place& place) {
    const std::lock_guard order(order_);
    Entry* entry = entry_of(name);
    if (entry != nullptr && entry->user.place == place) {
        set_place(*entry, std::nullopt);
        touch(*entry);
    }
}

std::size_t Directory::registered() const {
    const std::lock_guard order(order_);
    return by_name_.size();
}

std::size_t Directory::online() const {
    const std::lock_guard order(order_);
    return online_.size();
}

Directory::Page Directory::changes(std::int64_t since, std::size_t limit,
                                   std::int64_t listing) const {
    Page page;
    if (since == version() && since >= first_) {
        page.version = since;
        return page;
    }
    const std::lock_guard order(order_);
    if (since < first_ || since > version()) {
        page.full = since != 0;
        since = 0;
        listing = version();
    }
    page.listing = listing;
    const auto add = [&](const Entry& entry) {
        if (page.online.size() + page.offline.size() == limit) {
            page.more = true;
            return false;
        }
        (entry.user.place ? page.online : page.offline).push_back(entry.name);
        page.version = entry.changed;
        return true;
    };
    for (auto at = online_.upper_bound(since); at != online_.end() && at->first <= listing; ++at) {
        if (!add(*at->second)) {
            return page;
        }
    }
    for (auto at = by_change_.upper_bound(std::max(since, listing)); at != by_change_.end(); ++at) {
        if (!add(*at->second)) {
            return page;
        }
    }
    page.version = version();
    return page;
}

Directory::Page Directory::search(std::string_view prefix, std::int64_t since,
                                  std::size_t limit) const {
    Page page;
    page.version = since;
    const std::lock_guard order(order_);
    const auto first = std::lower_bound(
        by_name_.begin(), by_name_.end(), prefix,
        [](const Entry* entry, std::string_view name) { return entry->name < name; });
    if (since > by_name_.end() - first) {
        return page;
    }
    for (auto at = first + since;
         at != by_name_.end() && (*at)->name.compare(0, prefix.size(), prefix) == 0; ++at) {
        if (page.online.size() + page.offline.size() == limit) {
            page.more = true;
            break;
        }
        ((*at)->user.place ? page.online : page.offline).push_back((*at)->name);
        ++page.version;
    }
    return page;
}

}  // namespace sotto::relay
