#pragma once

#include "relay/core/action.h"
#include "relay/core/registry.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sotto::relay {

/// Who is registered and who is online, and what changed since which version
/// (section 3). A lookup and an idle poll are O(1); a page of changes, of everyone
/// online or of a search costs what it holds, however many users there are.
class Directory {
  public:
    struct User {
        IdentityKey key{};
        std::optional<ConnectionId> connection;  ///< empty: offline
    };
    struct Page {
        std::int64_t version = 0;
        bool full = false;
        bool more = false;
        std::vector<std::string> online;
        std::vector<std::string> offline;
    };

    /// `first_version` is above every version ever given out.
    explicit Directory(std::int64_t first_version);

    [[nodiscard]] const User* find(std::string_view name) const;
    void add(std::string name, const IdentityKey& key);  ///< at start-up: offline, no change
    /// Goes online (registering the name if it is new); returns the connection it replaces.
    std::optional<ConnectionId> go_online(const std::string& name, const IdentityKey& key,
                                          ConnectionId connection);
    void go_offline(const std::string& name);
    /// Nobody owns the name any more: as if it had never been registered, but for those
    /// who are yet to be told that its user left.
    void release(const std::string& name);

    [[nodiscard]] std::int64_t version() const noexcept { return version_; }
    /// Whether changes can be told since `since`; if not, a listing of everyone starts.
    [[nodiscard]] bool knows(std::int64_t since) const noexcept {
        return since >= first_ && since <= version_;
    }
    /// The changes since `since`, at most `limit` names; `since` 0, above the present
    /// version or older than what is remembered starts with everyone online. A listing
    /// that goes on with `since` says at which version it started (`listing`): nobody
    /// who had left by then was told of, so nobody needs to be struck out.
    [[nodiscard]] Page changes(std::int64_t since, std::size_t limit,
                               std::int64_t listing = 0) const;
    /// A page of all registered names that begin with `prefix`; `since` 0 starts, and
    /// then is the number of names given out so far.
    [[nodiscard]] Page search(std::string_view prefix, std::int64_t since, std::size_t limit) const;

    [[nodiscard]] std::size_t registered() const noexcept { return by_name_.size(); }
    [[nodiscard]] std::size_t online() const noexcept { return online_.size(); }

  private:
    struct Entry {
        std::string name;
        User user;
        std::int64_t changed = 0;  ///< version of its last change; 0: none since the start
        bool owned = false;        ///< not released; only then it is in by_name_
    };
    using ByChange = std::map<std::int64_t, Entry*>;

    [[nodiscard]] static bool before(const Entry* one, const Entry* other);
    Entry& entry_of(const std::string& name, const IdentityKey& key);
    void touch(Entry& entry);

    std::unordered_map<std::string_view, std::unique_ptr<Entry>>
        users_;                          ///< keys live in the entries
    std::vector<const Entry*> by_name_;  ///< sorted; a new name is rarer than a page
    ByChange by_change_;                 ///< each entry once, at its last change
    ByChange online_;                    ///< of these, who is online
    std::int64_t first_;
    std::int64_t version_;
};

}  // namespace sotto::relay
