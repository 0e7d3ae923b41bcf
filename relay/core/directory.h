#pragma once

#include "relay/core/presence.h"

#include <array>
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>
#include <unordered_set>

namespace sotto::relay {

/// Presence within one process. A lookup and an idle poll are O(1); a page of changes, of
/// everyone online or of a search costs what it holds, however many users there are.
///
/// Any thread may use it. A lookup waits only for a thread that writes the same 64th of the
/// names, and that takes no longer than setting a field or inserting one name; an idle poll
/// waits for nobody.
class Directory final : public Presence {
  public:
    /// `first_version` is above every version ever given out, and none above it may be
    /// given out until more are reserved.
    explicit Directory(std::int64_t first_version);

    [[nodiscard]] std::optional<User> find(std::string_view name) const override;
    [[nodiscard]] bool is_blocked(std::string_view name) const override;
    [[nodiscard]] tl::expected<Arrival, Refused> arrive(const std::string& name,
                                                        const IdentityKey& key,
                                                        const Place& place) override;
    void leave(const std::string& name, const Place& place) override;
    [[nodiscard]] Page changes(std::int64_t since, std::size_t limit,
                               std::int64_t listing) const override;
    [[nodiscard]] Page search(std::string_view prefix, std::int64_t since,
                              std::size_t limit) const override;
    [[nodiscard]] std::size_t registered() const override;
    [[nodiscard]] std::size_t online() const;

    /// The name belongs to the key from now on, unless it has an owner; its user is offline
    /// and nothing has changed for anybody.
    void add(const std::string& name, const IdentityKey& key);
    /// Nobody owns the name any more: as if it had never been registered, but for those
    /// who are yet to be told that its user left.
    void release(const std::string& name);
    /// From now on nobody may use the name, or everybody again.
    void set_blocked(const std::string& name, bool blocked);

    /// Versions up to this one may be given out.
    void reserve(std::int64_t up_to) noexcept { reserved_ = up_to; }
    [[nodiscard]] std::int64_t versions_left() const noexcept { return reserved_ - version(); }

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
    [[nodiscard]] tl::expected<Arrival, Refused> put_online(const std::string& name,
                                                            const IdentityKey& key,
                                                            const Place& place);
    void set_place(Entry& entry, std::optional<Place> place);
    void touch(Entry& entry);

    std::array<Shard, kShards> shards_;
    mutable std::mutex order_;           ///< taken before a shard's; guards what follows
    std::vector<const Entry*> by_name_;  ///< sorted; a new name is rarer than a page
    ByChange by_change_;                 ///< each entry once, at its last change
    ByChange online_;                    ///< of these, who is online
    const std::int64_t first_;
    std::atomic<std::int64_t> reserved_;
    mutable std::mutex blocked_lock_;
    std::unordered_set<std::string> blocked_;
};

}  // namespace sotto::relay
