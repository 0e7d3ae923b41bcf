#include "tui/model/selection.h"

#include <algorithm>

namespace sotto::tui {

std::string Selection::in(const std::vector<std::string>& rows) const {
    return std::find(rows.begin(), rows.end(), name_) == rows.end() ? "" : name_;
}

void Selection::move(const std::vector<std::string>& rows, int by) {
    if (rows.empty()) {
        return;
    }
    const auto at = std::find(rows.begin(), rows.end(), name_);
    const auto size = static_cast<long>(rows.size());
    long place = 0;
    if (at != rows.end()) {
        place = at - rows.begin() + by;
    } else if (!name_.empty()) {
        place = static_cast<long>(place_) + (by > 0 ? by - 1 : by);  // its row is gone
    } else {
        place = by > 0 ? by - 1 : size + by;
    }
    place_ = static_cast<std::size_t>(std::clamp(place, 0L, size - 1));
    name_ = rows[place_];
}

void Selection::move_on(const std::vector<std::string>& before,
                        const std::vector<std::string>& rows) {
    const auto at = std::find(before.begin(), before.end(), name_);
    if (at == before.end() || !in(rows).empty() || rows.empty()) {
        return;
    }
    place_ = std::min(static_cast<std::size_t>(at - before.begin()), rows.size() - 1);
    name_ = rows[place_];
}

void Selection::remember(const std::vector<std::string>& rows) {
    const auto at = std::find(rows.begin(), rows.end(), name_);
    if (at != rows.end()) {
        place_ = static_cast<std::size_t>(at - rows.begin());
    }
}

}  // namespace sotto::tui
