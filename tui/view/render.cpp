#include "tui/view/render.h"

#include "tui/view/panes.h"

#include <algorithm>

namespace sotto::tui {

namespace {

struct Line {
    std::string prompt;
    std::string text;
    std::size_t cursor = 0;
};

Line line_of(const State& state) {
    if (state.prompt) {
        const bool filter = state.prompt->what == Prompt::For::filter;
        return {filter ? "filter: " : "search: ", state.prompt->line.text(),
                state.prompt->line.cursor()};
    }
    const LineEditor& input = state.input;
    if (input.searching()) {
        return {(input.search_failed() ? "(failed) " : "(history) ") + *input.searching() + ": ",
                input.text(), input.cursor()};
    }
    return {"> ", input.text(), input.cursor()};
}

void draw_input(Frame& frame, const State& state, const Rect& where) {
    frame.clear(where);
    const Line line = line_of(state);
    const int indent = columns(line.prompt, state.emoji);
    const int width = std::max(where.columns - indent - 1, 1);
    const auto rows = wrap(line.text, width, state.emoji);
    std::size_t at = 0;  // the row that holds the cursor
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (static_cast<std::size_t>(rows[i].data() - line.text.data()) <= line.cursor) {
            at = i;
        }
    }
    const auto height = static_cast<std::size_t>(std::max(where.rows, 1));
    const std::size_t first = at + 1 > height ? at + 1 - height : 0;
    frame.put(where.row, where.column, first == 0 ? line.prompt : std::string("^"),
              state.focus == Focus::input ? Style::bold : Style::dim, where.columns);
    for (std::size_t i = first; i < std::min(rows.size(), first + height); ++i) {
        frame.put(where.row + static_cast<int>(i - first), where.column + indent, rows[i],
                  Style::normal, width);
    }
    const auto begin = static_cast<std::size_t>(rows[at].data() - line.text.data());
    const std::string_view before =
        std::string_view(line.text).substr(begin, std::min(line.cursor - begin, rows[at].size()));
    const int column = where.column + indent + columns(before, state.emoji);
    const bool covered = !std::holds_alternative<std::monostate>(state.overlay);
    if (!covered && (state.focus == Focus::input || state.prompt)) {
        frame.set_cursor(where.row + static_cast<int>(at - first),
                         std::min(column, where.columns - 1));
    }
}

/// The area right of the side panes, also if one covers the chat.
void draw_divider(Frame& frame, const Layout& layout) {
    const Rect& side = layout.users.empty() ? layout.requests : layout.users;
    if (side.empty() || layout.chat.empty()) {
        return;
    }
    for (int row = 0; row < layout.main.rows; ++row) {
        frame.put(row, side.column + side.columns, "\xE2\x94\x82", Style::dim, 1);
    }
}

}  // namespace

void draw_bar(Frame& frame, const Rect& where, const std::string& left, const std::string& right,
              Style style) {
    frame.fill(where.row, where.column, where.columns, style);
    if (style == Style::focused) {
        frame.put(where.row, where.column, ">", style, 1);  // visible without colours too
    }
    const int right_size = columns(right);
    const bool both = !right.empty() && right_size + 2 <= where.columns;
    if (both) {
        frame.put(where.row, where.column + where.columns - right_size - 1, right, style,
                  right_size);
    }
    frame.put(where.row, where.column + 1, left, style,
              where.columns - 2 - (both ? right_size + 1 : 0), true);
}

Frame render(const State& state, Moment moment) {
    Frame frame(state.size, state.emoji);
    const Layout layout = state.layout();
    if (layout.too_small) {
        frame.put(0, 0, "too small", Style::normal, state.size.columns);
        return frame;
    }
    draw_chat(frame, state, layout.chat);
    draw_users(frame, state, layout.users);
    draw_requests(frame, state, layout.requests);
    draw_divider(frame, layout);
    draw_status(frame, state, moment, layout.status);
    draw_input(frame, state, layout.input);
    draw_overlay(frame, state, layout.main);
    return frame;
}

}  // namespace sotto::tui
