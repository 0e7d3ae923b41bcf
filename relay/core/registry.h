#pragma once

#include "crypto/base/protocol_values.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::relay {

using base::IdentityKey;

/// The durable part of the relay: which key owns which name, and the version up to
/// which user_list answers were given out (versions never decrease, section 3). Used by
/// one thread at a time; most calls wait for the disk.
class Registry {
  public:
    Registry() = default;
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;
    virtual ~Registry() = default;

    struct Name {
        std::string user;
        IdentityKey key{};
    };
    /// A name as it stands after an operator's hand was on it.
    struct Standing {
        std::string user;
        std::optional<IdentityKey> key;  ///< none: nobody owns it
        bool blocked = false;            ///< nobody may register it, not even its owner
    };

    /// Every registered name, once, at start-up, sorted. Throws std::runtime_error with a
    /// sentence for the operator if it can't be read.
    [[nodiscard]] virtual std::vector<Name> all() = 0;
    /// Every blocked name, once, at start-up. Throws as above.
    [[nodiscard]] virtual std::vector<std::string> blocked() { return {}; }

    /// The names that an operator has released, blocked or unblocked since the last call
    /// (the first: since `all`), each as it stands now. Asked once a second and before
    /// every claim: it costs next to nothing while nothing has changed. A sentence for the
    /// log on failure; they are then told the next time.
    [[nodiscard]] virtual tl::expected<std::vector<Standing>, std::string> changes() {
        return std::vector<Standing>();
    }

    /// Makes each name belong to its key unless it has an owner; all are durable before it
    /// returns, by one write. Returns whose each name then is. A sentence for the log on
    /// failure (full or read-only disk): the registrations are then refused with
    /// `internal` and nothing has changed.
    [[nodiscard]] virtual tl::expected<std::vector<IdentityKey>, std::string> claim(
        const std::vector<Name>& names) = 0;

    /// Reserves versions up to the returned one, durably; the core gives out none that is
    /// higher, so a restart never goes back. A sentence for the log on failure: nothing
    /// more is reserved then.
    [[nodiscard]] virtual tl::expected<std::int64_t, std::string> reserve_versions(
        std::int64_t at_least) = 0;
};

}  // namespace sotto::relay
