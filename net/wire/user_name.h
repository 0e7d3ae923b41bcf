#pragma once

#include <string_view>

namespace sotto::wire {

/// `[a-z0-9][a-z0-9._-]{0,31}` of section 0.
[[nodiscard]] bool is_user_name(std::string_view name) noexcept;

}  // namespace sotto::wire
