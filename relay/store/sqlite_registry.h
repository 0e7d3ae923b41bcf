#pragma once

#include "relay/core/registry.h"

#include <memory>
#include <string>

namespace sotto::relay {

/// The registry in one SQLite file (mode 0600), WAL journal, synchronous=FULL: a
/// claim is on disk before it returns. Copy the file with SQLite's own backup, or
/// with the relay stopped.
class SqliteRegistry final : public Registry {
  public:
    /// Opens or creates. Throws std::runtime_error with a sentence for the operator if
    /// the file can't be opened or is not a registry.
    explicit SqliteRegistry(const std::string& path);
    ~SqliteRegistry() override;

    [[nodiscard]] std::vector<Name> all() override;
    [[nodiscard]] tl::expected<void, std::string> claim(std::string_view user,
                                                        const IdentityKey& key) override;
    [[nodiscard]] tl::expected<std::int64_t, std::string> reserve_versions(
        std::int64_t at_least) override;

  private:
    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::relay
