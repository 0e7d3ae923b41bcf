#include "crypto/base/enum_table.h"
#include "tui/common/words.h"
#include "tui/view/panes.h"

#include <algorithm>

namespace sotto::tui {

namespace {

struct TrustRow {
    client::Trust key;
    Style style;
};
constexpr base::EnumTable<client::Trust, TrustRow> kTrust({
    {client::Trust::unknown, Style::unverified},
    {client::Trust::unverified, Style::unverified},
    {client::Trust::from_link, Style::unverified},
    {client::Trust::verified, Style::verified},
    {client::Trust::key_changed, Style::alarm},
});

/// The first of `size` rows to show, so that the selected row is visible.
int first_shown(int selected, int size, int rows) {
    return selected < 0 ? 0 : std::clamp(selected - rows / 2, 0, std::max(size - rows, 0));
}

struct List {
    const Rect& where;
    const std::vector<std::string>& rows;
    const Selection& selection;
    bool focused;
    std::size_t all;  ///< rows without the filter
};

/// Calls `draw(row on screen, name, style)` for each visible row.
template <class Draw>
void draw_list(Frame& frame, const List& list, const std::string& title, Draw draw) {
    const Rect& where = list.where;
    frame.clear(where);
    const std::string& filter = list.selection.filter();
    const std::string count = std::to_string(list.rows.size());
    draw_bar(frame, where,
             title + " (" + count + (filter.empty() ? "" : " of " + std::to_string(list.all)) + ")",
             filter.empty() ? "" : "/" + filter, list.focused ? Style::focused : Style::title);
    const std::string selected = list.selection.in(list.rows);
    const auto at = std::find(list.rows.begin(), list.rows.end(), selected);
    const int index = at == list.rows.end() ? -1 : static_cast<int>(at - list.rows.begin());
    const int size = static_cast<int>(list.rows.size());
    const int first = first_shown(index, size, where.rows - 1);
    for (int i = 0; i < std::min(size - first, where.rows - 1); ++i) {
        const bool is_selected = first + i == index;
        const Style style = !is_selected   ? Style::normal
                            : list.focused ? Style::selected
                                           : Style::marked;
        frame.fill(where.row + 1 + i, where.column, where.columns, style);
        draw(where.row + 1 + i, list.rows[static_cast<std::size_t>(first + i)], style);
    }
}

}  // namespace

Style style_of(client::Trust trust) {
    return kTrust[trust].style;
}

void draw_users(Frame& frame, const State& state, const Rect& where) {
    if (where.empty()) {
        return;
    }
    const auto rows = state.user_rows();
    const std::size_t all =
        state.client.users.size() - state.client.users.count(state.client.own_name);
    draw_list(
        frame, {where, rows, state.users_selection, state.focus == Focus::users, all}, "Users",
        [&](int row, const std::string& name, Style style) {
            const auto& user = state.client.users.at(name);
            // This may have changed since the link was lost.
            const bool online = user.online && state.client.link.state == client::Link::connected;
            const bool known = user.trust != client::Trust::unknown;
            const std::string trust = user.blocked ? "blocked" : (known ? word(user.trust) : "");
            const int size = static_cast<int>(trust.size());
            const int trust_size = std::min(size, where.columns / 2);
            const int room = where.columns - 2 - (trust_size > 0 ? trust_size + 1 : 0);
            frame.put(row, where.column, online ? "o" : " ", style, 1);
            frame.put(row, where.column + 2, name,
                      style == Style::normal && !online ? Style::dim : style, room, true);
            frame.put(row, where.column + where.columns - trust_size, trust,
                      style == Style::normal ? style_of(user.trust) : style, trust_size, true);
        });
}

void draw_requests(Frame& frame, const State& state, const Rect& where) {
    if (where.empty()) {
        return;
    }
    const auto rows = state.request_rows();
    draw_list(frame,
              {where, rows, state.requests_selection, state.focus == Focus::requests,
               state.client.requests.size()},
              "Requests", [&](int row, const std::string& name, Style style) {
                  const auto* request = state.client.request(client::ChatKey::with(name));
                  const int name_room = std::min(static_cast<int>(name.size()), where.columns - 8);
                  frame.put(row, where.column + 2, name,
                            style == Style::normal ? Style::activity : style, name_room, true);
                  if (request != nullptr) {
                      const int at = where.column + 2 + name_room + 1;
                      frame.put(row, at, request->fingerprint,
                                style == Style::normal ? Style::dim : style,
                                where.column + where.columns - at, true);
                  }
              });
}

}  // namespace sotto::tui
