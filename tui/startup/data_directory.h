#pragma once

#include "crypto/identity.h"

#include <functional>
#include <optional>
#include <string>

namespace sotto::program {

/// Where the client keeps its files: `given`, or $XDG_DATA_HOME/sotto, or
/// ~/.local/share/sotto; made with mode 0700. Throws std::runtime_error with a
/// sentence for the person.
[[nodiscard]] std::string open_data(const std::string& given);

/// Who knows the passphrase. What they return is wiped once it was used.
struct Passphrases {
    std::function<std::string()> choose;  ///< for a new identity; empty for none
    /// Of an identity that is there, `again` after a wrong one; nothing if nobody knows.
    std::function<std::optional<std::string>(bool again)> recall;
};

/// The identity in `path`, made (mode 0600) if there is no file yet. Throws as above:
/// unreadable, others may read it, truncated, a wrong passphrase three times.
[[nodiscard]] crypto::Identity open_identity(const std::string& path,
                                             const Passphrases& passphrases);

/// NAME@HOST:PORT of the last time, in `path`; nothing if there was none. Throws as above.
[[nodiscard]] std::optional<std::string> remembered_address(const std::string& path);
/// Keeps it for the next time. Throws as above.
void remember_address(const std::string& path, const std::string& address);

}  // namespace sotto::program
