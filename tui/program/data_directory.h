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

/// Asks the person for a passphrase under this prompt; nothing if there is nobody to ask.
using AskPassphrase = std::function<std::optional<std::string>(const std::string& prompt)>;

/// The identity in `path`, made (mode 0600) if there is no file yet. Throws as above:
/// unreadable, others may read it, truncated, wrong passphrase.
[[nodiscard]] crypto::Identity open_identity(const std::string& path, const AskPassphrase& ask);

}  // namespace sotto::program
