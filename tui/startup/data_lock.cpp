#include "tui/startup/data_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace sotto::program {

DataLock::DataLock(const std::string& directory) {
    file_ = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (file_ < 0) {
        throw std::runtime_error("can't read " + directory + ": " + std::strerror(errno));
    }
    // Start even if the file system has no locks.
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        ::close(file_);
        throw std::runtime_error("another sotto runs with the files in " + directory +
                                 "; leave that one first, or name other files with --data");
    }
}

DataLock::~DataLock() {
    ::close(file_);
}

}  // namespace sotto::program
