#include "tui/startup/data_lock.h"

#include "net/system/lock_file.h"

#include <fcntl.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace sotto::program {

DataLock::DataLock(const std::string& directory)
    : file_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (!file_.is_open()) {
        throw std::runtime_error("can't read " + directory + ": " + std::strerror(errno));
    }
    if (net::try_lock(file_) == net::Lock::in_use) {  // start even if there are no locks
        throw std::runtime_error("another sotto runs with the files in " + directory +
                                 "; leave that one first, or name other files with --data");
    }
}

}  // namespace sotto::program
