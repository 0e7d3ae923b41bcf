#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

namespace sotto::test {

/// Which of `needles` occur in the readable memory of a process. Nothing if the system does
/// not permit reading it.
[[nodiscard]] std::optional<std::vector<std::string>> found_in_memory(
    pid_t process, const std::vector<std::string>& needles);

/// Which of `needles` occur in any file under `folder`.
[[nodiscard]] std::vector<std::string> found_in_files(const std::string& folder,
                                                      const std::vector<std::string>& needles);

}  // namespace sotto::test
