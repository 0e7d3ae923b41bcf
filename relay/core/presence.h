#pragma once

#include "relay/core/place.h"
#include "relay/core/registry.h"

#include <tl/expected.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::relay {

/// Who is registered, who is where, and what changed since which version (section 3), as the
/// relays of all loops see it. Any thread may use it.
class Presence {
  public:
    struct User {
        IdentityKey key{};
        std::optional<Place> place;  ///< empty: offline
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
        std::optional<Place> replaced;  ///< the connection that stood for them so far
    };
    enum class Refused {
        unowned,        ///< nobody owns the name
        not_the_owner,  ///< it belongs to another key
        blocked,        ///< the operator lets nobody use it
        no_version,     ///< too few are reserved for one more to come and go
    };

    Presence() = default;
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;
    virtual ~Presence() = default;

    /// While it is what it was, everybody who was found online is so, at the same place. Not
    /// virtual: it is read once for each message.
    [[nodiscard]] std::int64_t version() const noexcept { return version_; }

    [[nodiscard]] virtual std::optional<User> find(std::string_view name) const = 0;
    [[nodiscard]] virtual bool is_blocked(std::string_view name) const = 0;
    /// A user who reconnects is listed as new: what was agreed on over the old connection has
    /// ended with it (section 5).
    [[nodiscard]] virtual tl::expected<Arrival, Refused> arrive(const std::string& name,
                                                                const IdentityKey& key,
                                                                const Place& place) = 0;
    /// Nothing changes if the user is at another place by now.
    virtual void leave(const std::string& name, const Place& place) = 0;

    /// The changes since `since`, at most `limit` names. A `since` that is 0, above the
    /// present version or older than what is remembered starts with everyone online. A
    /// listing that goes on with `since` says at which version it started (`listing`):
    /// nobody was told of users who had left by then, so they need not be struck out.
    [[nodiscard]] virtual Page changes(std::int64_t since, std::size_t limit,
                                       std::int64_t listing) const = 0;
    /// A page of all registered names that begin with `prefix`. `since` is the number of
    /// names given out so far.
    [[nodiscard]] virtual Page search(std::string_view prefix, std::int64_t since,
                                      std::size_t limit) const = 0;
    [[nodiscard]] virtual std::size_t registered() const = 0;

  protected:
    void set_version(std::int64_t version) noexcept { version_ = version; }

  private:
    std::atomic<std::int64_t> version_{0};
};

}  // namespace sotto::relay
