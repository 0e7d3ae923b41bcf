#include "relay/core/directory.h"

namespace sotto::relay {

Directory::Directory(std::int64_t first_version) : first_(first_version), version_(first_version) {}

const Directory::User* Directory::find(std::string_view name) const {
    const auto at = users_.find(name);
    return at == users_.end() ? nullptr : &at->second->user;
}

Directory::Entry& Directory::entry_of(const std::string& name, const IdentityKey& key) {
    const auto at = users_.find(name);
    if (at != users_.end()) {
        return *at->second;
    }
    auto made = std::make_unique<Entry>(Entry{name, {key, std::nullopt}, 0});
    Entry& entry = *made;
    by_name_.emplace(entry.name, &entry);
    users_.emplace(std::string_view(entry.name), std::move(made));
    return entry;
}

void Directory::add(std::string name, const IdentityKey& key) {
    entry_of(name, key);
}

void Directory::touch(Entry& entry) {
    by_change_.erase(entry.changed);
    entry.changed = ++version_;
    by_change_.emplace(entry.changed, &entry);
}

std::optional<ConnectionId> Directory::go_online(const std::string& name, const IdentityKey& key,
                                                 ConnectionId connection) {
    Entry& entry = entry_of(name, key);
    const auto replaced = entry.user.connection;
    entry.user.connection = connection;
    if (!replaced) {
        ++online_;
        touch(entry);
    }
    return replaced;
}

void Directory::go_offline(const std::string& name) {
    const auto at = users_.find(name);
    if (at != users_.end() && at->second->user.connection) {
        at->second->user.connection.reset();
        --online_;
        touch(*at->second);
    }
}

Directory::Page Directory::changes(std::int64_t since, std::size_t limit) const {
    Page page;
    // A version of before the start, or one never given out, is one that we do not know.
    const bool known = since >= first_ && since <= version_;
    page.full = !known && since != 0;
    page.version = version_;
    for (auto at = known ? by_change_.upper_bound(since) : by_change_.begin();
         at != by_change_.end(); ++at) {
        const Entry& entry = *at->second;
        if (page.online.size() + page.offline.size() == limit) {
            page.more = true;
            page.version = std::prev(at)->first;
            return page;
        }
        if (entry.user.connection) {
            page.online.push_back(entry.name);
        } else if (known) {  // who asks for everyone online has nobody to strike out
            page.offline.push_back(entry.name);
        }
    }
    return page;
}

Directory::Page Directory::search(std::string_view prefix, std::int64_t since,
                                  std::size_t limit) const {
    // The version of a search is the number of names given out so far.
    Page page;
    std::int64_t skip = since;
    page.version = since;
    for (auto at = by_name_.lower_bound(prefix);
         at != by_name_.end() && at->first.substr(0, prefix.size()) == prefix; ++at) {
        if (skip > 0) {
            --skip;
            continue;
        }
        if (page.online.size() + page.offline.size() == limit) {
            page.more = true;
            break;
        }
        (at->second->user.connection ? page.online : page.offline).emplace_back(at->first);
        ++page.version;
    }
    return page;
}

}  // namespace sotto::relay
