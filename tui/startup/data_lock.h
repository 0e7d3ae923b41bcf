#pragma once

#include "net/system/descriptor.h"

#include <string>

namespace sotto::program {

/// While it exists, only this process uses the data directory. The kernel keeps the lock
/// (flock, on the directory itself), so it ends with the process, however that ends, and
/// leaves no file.
class DataLock {
  public:
    /// Throws std::runtime_error, naming the directory, if another process has it.
    explicit DataLock(const std::string& directory);

  private:
    net::Descriptor file_;
};

}  // namespace sotto::program
