#include "tui/model/line_history.h"

#include <algorithm>

namespace sotto::tui {

void LineHistory::add(const std::string& line) {
    if (!line.empty() && (lines_.empty() || lines_.back() != line)) {
        lines_.push_back(line);
        if (lines_.size() > max_lines_) {
            lines_.pop_front();
        }
    }
    edited_.clear();
    place_ = lines_.size();
}

std::optional<std::string> LineHistory::go(std::size_t place, const std::string& shown) {
    if (place > lines_.size()) {
        return std::nullopt;
    }
    edited_[place_] = shown;
    place_ = place;
    const auto edited = edited_.find(place);
    if (edited != edited_.end()) {
        return edited->second;
    }
    return place < lines_.size() ? lines_[place] : std::string();
}

void LineHistory::jump(std::size_t place) noexcept {
    place_ = std::min(place, lines_.size());
}

std::optional<std::size_t> LineHistory::find(std::string_view part, std::size_t before,
                                             std::string_view shown) const {
    for (std::size_t i = std::min(before, lines_.size()); i-- > 0;) {
        if (lines_[i] != shown && lines_[i].find(part) != std::string::npos) {
            return i;
        }
    }
    return std::nullopt;
}

}  // namespace sotto::tui
