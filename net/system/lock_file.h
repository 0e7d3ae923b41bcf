#pragma once

#include "net/system/descriptor.h"

namespace sotto::net {

enum class Lock {
    taken,   ///< ours until the descriptor is closed or the process ends, however it ends
    in_use,  ///< another process holds it
    failed,  ///< errno says why; some file systems have no locks
};

/// Takes the exclusive advisory lock (flock) of an open file or directory; waits for nobody.
[[nodiscard]] Lock try_lock(const Descriptor& file) noexcept;

}  // namespace sotto::net
