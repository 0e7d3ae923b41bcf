#include "relay/core/directory.h"

#include <algorithm>
#include <utility>

namespace sotto::relay {

Directory::Directory(std::int64_t first_version) : first_(first_version), version_(first_version) {}

const Directory::User* Directory::find(std::string_view name) const {
    const auto at = users_.find(name);
    return at == users_.end() || !at->second->owned ? nullptr : &at->second->user;
}

bool Directory::before(const Entry* one, const Entry* other) {
    return one->name < other->name;
}

Directory::Entry& Directory::entry_of(const std::string& name, const IdentityKey& key) {
    auto known = users_.find(name);
    if (known == users_.end()) {
        auto made = std::make_unique<Entry>(Entry{name, {}});
        const std::string_view own_name = made->name;
        known = users_.emplace(own_name, std::move(made)).first;
    }
    Entry& entry = *known->second;
    if (!std::exchange(entry.owned, true)) {
        entry.user.key = key;
        by_name_.insert(std::upper_bound(by_name_.begin(), by_name_.end(), &entry, before), &entry);
    }
    return entry;
}

void Directory::release(const std::string& name) {
    const auto at = users_.find(name);
    if (at == users_.end() || !at->second->owned) {
        return;
    }
    go_offline(name);
    Entry& entry = *at->second;
    entry.owned = false;
    by_name_.erase(std::lower_bound(by_name_.begin(), by_name_.end(), &entry, before));
}

void Directory::add(std::string name, const IdentityKey& key) {
    entry_of(name, key);
}

void Directory::touch(Entry& entry) {
    by_change_.erase(entry.changed);
    online_.erase(entry.changed);
    entry.changed = ++version_;
    by_change_.emplace(entry.changed, &entry);
    if (entry.user.connection) {
        online_.emplace(entry.changed, &entry);
    }
}

std::optional<ConnectionId> Directory::go_online(const std::string& name, const IdentityKey& key,
                                                 ConnectionId connection) {
    Entry& entry = entry_of(name, key);
    const auto replaced = entry.user.connection;
    entry.user.connection = connection;
    if (!replaced) {
        touch(entry);
    }
    return replaced;
}

void Directory::go_offline(const std::string& name) {
    const auto at = users_.find(name);
    if (at != users_.end() && at->second->user.connection) {
        at->second->user.connection.reset();
        touch(*at->second);
    }
}

Directory::Page Directory::changes(std::int64_t since, std::size_t limit,
                                   std::int64_t listing) const {
    Page page;
    if (!knows(since)) {
        page.full = since != 0;
        since = 0;
        listing = version_;
    }
    const auto add = [&](const Entry& entry) {
        if (page.online.size() + page.offline.size() == limit) {
            page.more = true;
            return false;
        }
        (entry.user.connection ? page.online : page.offline).push_back(entry.name);
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
    page.version = version_;
    return page;
}

Directory::Page Directory::search(std::string_view prefix, std::int64_t since,
                                  std::size_t limit) const {
    Page page;
    page.version = since;
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
        ((*at)->user.connection ? page.online : page.offline).push_back((*at)->name);
        ++page.version;
    }
    return page;
}

}  // namespace sotto::relay
