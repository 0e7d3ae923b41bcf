#include "net/system/standard_descriptors.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

namespace sotto::net {

bool open_standard_descriptors() noexcept {
    for (int wanted = STDIN_FILENO; wanted <= STDERR_FILENO; ++wanted) {
        if (::fcntl(wanted, F_GETFD) == -1 && errno == EBADF) {
            // The lowest number that is free: all below are open.
            if (::open("/dev/null", O_RDWR) != wanted) {  // NOLINT: programs that we start have it
                return false;
            }
        }
    }
    return true;
}

}  // namespace sotto::net
