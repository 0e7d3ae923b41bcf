#pragma once

#include "relay/core/registry.h"

#include <memory>
#include <string>

namespace sotto::relay {

/// The running relay's registry, in one SQLite file (mode 0600), WAL journal,
/// synchronous=FULL: a claim is on disk before it returns. What RegistryAdmin does to the
/// file meanwhile comes out of `changes`. A full or read-only disk is a failed claim,
/// nothing else; claims work again when there is room.
class SqliteRegistry final : public Registry {
  public:
    /// Opens or creates. Throws std::runtime_error with a sentence for the operator if
    /// the file can't be opened or is not a registry.
    explicit SqliteRegistry(const std::string& path);
    ~SqliteRegistry() override;

    [[nodiscard]] std::vector<Name> all() override;
    [[nodiscard]] std::vector<std::string> blocked() override;
    [[nodiscard]] tl::expected<std::vector<Standing>, std::string> changes() override;
    [[nodiscard]] tl::expected<std::vector<IdentityKey>, std::string> claim(
        const std::vector<Name>& names) override;
    [[nodiscard]] tl::expected<std::int64_t, std::string> reserve_versions(
        std::int64_t at_least) override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::relay
