#pragma once

#include <string_view>

namespace sotto::base {

/// Well-formed UTF-8 (Unicode 3.9, table 3-7): no overlong forms, no surrogates.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace sotto::base
