#include "tui/model/list_rules.h"

#include <algorithm>

namespace sotto::tui {

FocusedList focused_list(State& state) {
    const Layout layout = state.layout();
    const bool users = state.focus == Focus::users;
    return {users ? state.users_selection : state.requests_selection,
            users ? state.user_rows() : state.request_rows(),
            std::max((users ? layout.users : layout.requests).rows - 2, 1)};
}

void begin_selection(State& state) {
    if (state.focus != Focus::users && state.focus != Focus::requests) {
        return;
    }
    FocusedList list = focused_list(state);
    if (list.selected().empty()) {
        list.selection.move(list.rows, 1);
    }
}

void remember_selections(State& state) {
    state.users_selection.remember(state.user_rows());
    state.requests_selection.remember(state.request_rows());
}

}  // namespace sotto::tui
