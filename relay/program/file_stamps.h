#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace sotto::relay {

/// Notices when files are written, replaced, or given another mode or owner, by stat alone.
/// What a symbolic link points to counts: an ACME client's directory is made of them.
class FileStamps {
  public:
    explicit FileStamps(std::vector<std::string> files);

    /// True once for each change, whatever comes of it, at the first call that finds nothing newer
    /// than the call before it: an ACME client writes certificate and key one after the other.
    [[nodiscard]] bool settled();

  private:
    using Stamp = std::array<std::int64_t, 5>;  ///< zeros for a file that is not there
    [[nodiscard]] std::vector<Stamp> look() const;

    std::vector<std::string> files_;
    std::vector<Stamp> told_;  ///< as they were when a change was last told
    std::vector<Stamp> last_;  ///< as they were at the last look
};

}  // namespace sotto::relay
