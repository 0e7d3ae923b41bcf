#include "net/wire/user_name.h"

#include "net/wire/limits.h"

#include <algorithm>

namespace sotto::wire {

bool is_user_name(std::string_view name) noexcept {
    const auto alphanumeric = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    };
    const auto later = [&](char c) { return alphanumeric(c) || c == '.' || c == '_' || c == '-'; };
    return !name.empty() && name.size() <= kMaxUserName && alphanumeric(name.front()) &&
           std::all_of(name.begin(), name.end(), later);
}

}  // namespace sotto::wire
