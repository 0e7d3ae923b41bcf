#pragma once

#include <string_view>

namespace sotto::tui {

/// Well-formed UTF-8: no overlong forms, no surrogates.
[[nodiscard]] bool is_utf8(std::string_view text);

}  // namespace sotto::tui
