#pragma once

#include "tui/startup/data_directory.h"
#include "tui/startup/prompt.h"

#include <string>

namespace sotto::program {

/// Asks who the person is and on which relay, until the answers make an address:
/// NAME@HOST:PORT. `suggestion` is offered as the name if it can be one. Throws Left.
[[nodiscard]] std::string ask_address(const Prompt& prompt, const std::string& suggestion);

/// Where the identity's passphrase comes from: the first line of `file` if one is named,
/// else the person if somebody is there, else nowhere. A new identity then has none.
/// `prompt` must outlive the result, whose functions throw Left and std::runtime_error.
[[nodiscard]] Passphrases passphrases(const Prompt& prompt, const std::string& file);

}  // namespace sotto::program
