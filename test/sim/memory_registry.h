#pragma once

#include "relay/core/registry.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace sotto::sim {

/// A registry in memory that can fail as a disk does. What it holds survives the relay.
class MemoryRegistry final : public relay::Registry {
  public:
    [[nodiscard]] std::vector<Name> all() override { return names; }
    [[nodiscard]] tl::expected<std::vector<relay::IdentityKey>, std::string> claim(
        const std::vector<Name>& claims) override {
        if (disk_full) {
            return tl::unexpected(std::string("disk full"));
        }
        std::vector<relay::IdentityKey> owners;
        for (const Name& claim : claims) {
            const auto at = std::find_if(names.begin(), names.end(),
                                         [&](const Name& name) { return name.user == claim.user; });
            owners.push_back(at == names.end() ? names.emplace_back(claim).key : at->key);
        }
        return owners;
    }
    [[nodiscard]] tl::expected<std::int64_t, std::string> reserve_versions(
        std::int64_t at_least) override {
        if (disk_full) {
            return tl::unexpected(std::string("disk full"));
        }
        reserved = std::max(reserved, at_least);
        return reserved;
    }

    [[nodiscard]] std::vector<std::string> blocked() override { return blocked_names; }
    [[nodiscard]] tl::expected<std::vector<Standing>, std::string> changes() override {
        if (unreadable) {
            return tl::unexpected(std::string("disk broken"));
        }
        for (const Standing& changed : standing) {
            if (!changed.key) {
                names.erase(
                    std::remove_if(names.begin(), names.end(),
                                   [&](const Name& name) { return name.user == changed.user; }),
                    names.end());
            }
        }
        return std::exchange(standing, {});
    }

    std::vector<Name> names;
    std::vector<std::string> blocked_names;  ///< at the start
    std::vector<Standing> standing;          ///< what an operator did and nobody asked for yet
    std::int64_t reserved = 1;
    bool disk_full = false;
    bool unreadable = false;
};

}  // namespace sotto::sim
