#pragma once

#include "relay/core/registry.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sotto::relay {

/// An operator's hand on the registry, in a process of its own, also while the relay runs
/// on it: the relay hears of it within a second. Everything throws std::runtime_error with a
/// sentence for the operator if the file can't be read or written; nothing has changed then.
class RegistryAdmin {
  public:
    /// Opens a registry that is there.
    explicit RegistryAdmin(const std::string& path);
    ~RegistryAdmin();
    RegistryAdmin(const RegistryAdmin&) = delete;
    RegistryAdmin& operator=(const RegistryAdmin&) = delete;

    /// Every name that is owned or blocked, sorted.
    [[nodiscard]] std::vector<Registry::Standing> all();
    /// Neither owned nor blocked for a name that is not there.
    [[nodiscard]] Registry::Standing find(const std::string& user);

    // Each is on disk before it returns; false if it was so already.
    bool release(const std::string& user);  ///< nobody owns the name; a block stays
    bool block(const std::string& user);    ///< whoever owns it still does
    bool unblock(const std::string& user);

    /// Copies the registry, as it stands at one moment, to a new file of mode 0600 that is on
    /// disk when this returns.
    void back_up(const std::string& to);

  private:
    bool change(const char* statement, const std::string& user);

    struct Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::relay
