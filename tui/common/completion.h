#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::tui {

/// What may stand in place of the word before the cursor.
struct Completion {
    std::size_t begin = 0;                ///< byte offset of that word
    std::vector<std::string> candidates;  ///< sorted, without repetition
};

/// Commands and their aliases for the first word of a line that begins with a slash, and
/// after /help; else `names`.
[[nodiscard]] Completion complete(std::string_view line, std::size_t cursor,
                                  const std::vector<std::string>& names);

/// The longest beginning that all candidates share.
[[nodiscard]] std::string common_beginning(const std::vector<std::string>& candidates);

}  // namespace sotto::tui
