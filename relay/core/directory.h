#pragma once

#include "relay/core/action.h"
#include "relay/core/registry.h"

#include <tl/expected.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sotto::relay {

/// Who is registered and who is online, and what changed since which version
/// (section 3). A lookup and an idle poll are O(1); a page of changes, of everyone
/// online or of a search costs what it holds, however many users there are.
///
/// Any thread may use it. A lookup waits for nobody but who writes the same 64th of the
/// names, which nobody does for longer than it takes to set a field or insert one name;
/// an idle poll waits for nobody.
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
        std::int64_t listing = 0;  ///< of everyone: the version at which it started; 0: none
    };
    /// Someone is online.
    struct Arrival {
        std::optional<ConnectionId> replaced;  ///< the connection that stood for them so far
    };
    enum class Refused {
        not_the_owner,  ///< the name does not belong to the key
        no_version,     ///< too few are reserved for one more to come and go
    };

    /// `first_version` is above every version ever given out, and none above it may be
    /// given out until more are reserved.
    explicit Directory(std::int64_t first_version);

    /// Who was found online is so, by the same connection, as long as `version` is what it
    /// was before.
    [[nodiscard]] std::optional<User> find(std::string_view name) const;
    /// The name belongs to the key from now on, unless it has an owner; its user is offline
    /// and nothing has changed for anybody.
    void add(const std::string& name, const IdentityKey& key);
    /// Who comes again, by another connection, is listed anew: what was agreed on by the old
    /// one has ended with it (section 5).
    [[nodiscard]] tl::expected<Arrival, Refused> go_online(const std::string& name,
                                                           const IdentityKey& key,
                                                           ConnectionId connection);
    /// Nothing changes if another connection stands for the user by now.
    void go_offline(const std::string& name, ConnectionId connection);
    /// Nobody owns the name any more: as if it had never been registered, but for those
    /// who are yet to be told that its user left.
    void release(const std::string& name);

    [[nodiscard]] std::int64_t version() const noexcept { return version_; }
    /// Versions up to this one may be given out.
    void reserve(std::int64_t up_to) noexcept { reserved_ = up_to; }
    [[nodiscard]] std::int64_t versions_left() const noexcept { return reserved_ - version_; }

    /// The changes since `since`, at most `limit` names; `since` 0, above the present
    /// version or older than what is remembered starts with everyone online. A listing
    /// that goes on with `since` says at which version it started (`listing`): nobody
    /// who had left by then was told of, so nobody needs to be struck out.
    [[nodiscard]] Page changes(std::int64_t since, std::size_t limit,
                               std::int64_t listing = 0) const;
    /// A page of all registered names that begin with `prefix`; `since` 0 starts, and
    /// then is the number of names given out so far.
    [[nodiscard]] Page search(std::string_view prefix, std::int64_t since, std::size_t limit) const;

    [[nodiscard]] std::size_t registered() const;
    [[nodiscard]] std::size_t online() const;

  private:
    struct Entry {
        std::string name;
        User user;
        std::int64_t changed = 0;  ///< version of its last change; 0: none since the start
        bool owned = false;        ///< not released; only then it is in by_name_
    };
    using ByChange = std::map<std::int64_t, Entry*>;

    /// A part of the names. Its lock guards its table, and `user` and `owned` of its
    /// entries, which are written under `order_` as well: whoever holds either may read.
    struct alignas(64) Shard {
        mutable std::mutex lock;
        std::unordered_map<std::string_view, std::unique_ptr<Entry>> entries;  // which have the key
    };
    static constexpr std::size_t kShards = 64;

    [[nodiscard]] static bool before(const Entry* one, const Entry* other);
    [[nodiscard]] Shard& shard_of(std::string_view name);
    [[nodiscard]] const Shard& shard_of(std::string_view name) const;
    [[nodiscard]] Entry* entry_of(std::string_view name);  ///< null: never heard of
    void set_connection(Entry& entry, std::optional<ConnectionId> connection);
    void touch(Entry& entry);

    std::array<Shard, kShards> shards_;
    mutable std::mutex order_;           ///< taken before a shard's; guards what follows
    std::vector<const Entry*> by_name_;  ///< sorted; a new name is rarer than a page
    ByChange by_change_;                 ///< each entry once, at its last change
    ByChange online_;                    ///< of these, who is online
    const std::int64_t first_;
    std::atomic<std::int64_t> version_;  ///< written under `order_`
    std::atomic<std::int64_t> reserved_;
};

}  // namespace sotto::relay
