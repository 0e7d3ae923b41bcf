#pragma once

#include <string>

namespace sotto::tui {

/// What `author` wrote, for lines: each names its author (`bob> ...`, then `bob| ...`), so
/// that none that somebody else wrote looks like one of ours. Without the last newline.
[[nodiscard]] std::string attributed(const std::string& author, const std::string& text);

}  // namespace sotto::tui
