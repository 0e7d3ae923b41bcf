#pragma once

#include "tui/model/state.h"

#include <string>
#include <vector>

/// Rules of the Users and Requests panes: what is selected there.
namespace sotto::tui {

/// The list that has the focus; Requests, if none has.
struct FocusedList {
    Selection& selection;
    std::vector<std::string> rows;
    int page = 1;  ///< rows that are seen at once
    [[nodiscard]] std::string selected() const { return selection.in(rows); }
};
[[nodiscard]] FocusedList focused_list(State& state);

/// A person who goes to a list goes to its first row, or where they were. What arrives later
/// is not selected by itself.
void begin_selection(State& state);
/// The lists have changed: where the selected rows stand now.
void remember_selections(State& state);

}  // namespace sotto::tui
