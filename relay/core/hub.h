#pragma once

#include "relay/core/admission.h"
#include "relay/core/claimed.h"
#include "relay/core/directory.h"
#include "relay/core/registry.h"
#include "relay/core/relay.h"

#include <cstdint>
#include <string>
#include <vector>

namespace sotto::relay {

/// What the relays of all loops share: the directory, the registry under it, and what
/// each network may do. Any thread may use it, but for `attend`.
class Hub {
  public:
    struct Options {
        std::int64_t version_block = std::int64_t{1} << 30;  ///< versions reserved at a time
    };
    /// What came of one round with the registry.
    struct Round {
        std::vector<Claimed> claimed;  ///< in the order of the claims
        std::vector<Dismissal> dismissed;
        std::vector<Note> notes;
    };

    /// `registry` must outlive the hub. Throws std::runtime_error with a sentence for the
    /// operator if it can't be read or no versions can be reserved.
    explicit Hub(Registry& registry) : Hub(registry, Options()) {}
    Hub(Registry& registry, Options options);

    [[nodiscard]] Directory& directory() noexcept { return directory_; }
    [[nodiscard]] const Directory& directory() const noexcept { return directory_; }
    [[nodiscard]] Admission& admission() noexcept { return admission_; }
    /// What a relay sees of it: a hub can be given to a relay as it is.
    operator Relay::Shared() noexcept { return {directory_, admission_}; }

    /// Takes over what an operator has released or blocked, then settles the claims, all
    /// durably at once, and reserves versions when they run low. The one place that waits
    /// for the disk: one thread, which serves nobody, calls it for each claim and at least
    /// once a second.
    [[nodiscard]] Round attend(std::vector<Claim> claims);

  private:
    void take_changes(Round& round);
    void take_over(const Registry::Standing& name, Round& round);
    void settle(std::vector<Claim> claims, Round& round);
    void reserve_versions(Round& round);

    Registry& registry_;
    Options options_;
    Directory directory_;
    Admission admission_;
    bool registry_is_silent_ = false;  ///< its changes can't be read; said so
};

}  // namespace sotto::relay
