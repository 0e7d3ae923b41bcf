#pragma once

#include <string>

namespace sotto::program {

/// While it exists, only this process uses the data directory. The kernel keeps the lock
/// (flock, on the directory itself), so it ends with the process, however that ends, and
/// leaves no file.
class DataLock {
  public:
    /// Throws std::runtime_error, naming the directory, if another process has it.
    explicit DataLock(const std::string& directory);
    ~DataLock();
    DataLock(const DataLock&) = delete;
    DataLock& operator=(const DataLock&) = delete;

  private:
    int file_ = -1;
};

}  // namespace sotto::program
