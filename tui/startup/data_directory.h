#pragma once

#include "crypto/identity.h"

#include <functional>
#include <optional>
#include <string>

namespace sotto::program {

/// Where the client keeps its files: `given`, or $XDG_DATA_HOME/sotto, or
/// ~/.local/share/sotto; created with mode 0700. Throws std::runtime_error with a
/// sentence for the person.
[[nodiscard]] std::string open_data(const std::string& given);

/// Functions that supply the passphrase. Their results are wiped after use.
struct Passphrases {
    std::function<std::string()> choose;  ///< for a new identity; empty for none
    /// For an existing identity, `again` after a wrong one; nothing if nobody knows it.
    std::function<std::optional<std::string>(bool again)> recall;
};

/// The identity in `path`, created (mode 0600) if there is no file yet. Throws as above if it
/// is unreadable, readable by others or truncated, or after three wrong passphrases.
[[nodiscard]] crypto::Identity open_identity(const std::string& path,
                                             const Passphrases& passphrases);

/// The last NAME@HOST:PORT, from `path`; nothing if there is none. Throws as above.
[[nodiscard]] std::optional<std::string> remembered_address(const std::string& path);
/// Stores it for the next time. Throws as above.
void remember_address(const std::string& path, const std::string& address);

}  // namespace sotto::program
