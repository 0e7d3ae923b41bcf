#pragma once

#include "test/abuse/attacks.h"

#include <string>

namespace sotto::abuse {

/// Kills a relay with SIGKILL `rounds` times while names are registered, at another moment
/// each time, and starts it again on what is left: every name whose registration was
/// answered must still belong to its key, and be refused to another. Throws
/// std::runtime_error if a relay does not start again.
[[nodiscard]] Outcome kill_and_restart(const std::string& relay, int rounds);

/// A relay whose registry can't grow any more ("no space left" to it): a new name is
/// refused as `internal`, names that it has come back, and those who are there go on talking.
[[nodiscard]] Outcome fill_the_disk(const std::string& relay);

}  // namespace sotto::abuse
