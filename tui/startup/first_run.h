#pragma once

#include "tui/startup/data_directory.h"
#include "tui/startup/prompt.h"

#include <string>

namespace sotto::program {

/// Asks for a name and a relay until the answers form an address: NAME@HOST:PORT. Offers
/// `suggestion` as the name if it is valid. Throws Left.
[[nodiscard]] std::string ask_address(const Prompt& prompt, const std::string& suggestion);

/// The source of the identity's passphrase: the first line of `file` if that is given, else
/// the person if somebody is present, else none. A new identity then has none.
/// `prompt` must outlive the result, whose functions throw Left and std::runtime_error.
[[nodiscard]] Passphrases passphrases(const Prompt& prompt, const std::string& file);

}  // namespace sotto::program
