#pragma once

#include "test/abuse/attacks.h"

#include <string>

namespace sotto::abuse {

/// Kills a relay with SIGKILL `rounds` times while names are registered, each time at another
/// moment, and restarts it on what is left: every name whose registration was answered must
/// still belong to its key and be refused to others. Throws std::runtime_error if a relay
/// does not restart.
[[nodiscard]] Outcome kill_and_restart(const std::string& relay, int rounds);

/// A relay whose registry can't grow ("no space left"): it refuses new names with `internal`,
/// users with existing names can reconnect, and connected users go on talking.
[[nodiscard]] Outcome fill_the_disk(const std::string& relay);

}  // namespace sotto::abuse
