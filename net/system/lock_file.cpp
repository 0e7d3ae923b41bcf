#include "net/system/lock_file.h"

#include <sys/file.h>

#include <cerrno>

namespace sotto::net {

Lock try_lock(const Descriptor& file) noexcept {
    if (::flock(file.get(), LOCK_EX | LOCK_NB) == 0) {
        return Lock::taken;
    }
    return errno == EWOULDBLOCK ? Lock::in_use : Lock::failed;
}

}  // namespace sotto::net
