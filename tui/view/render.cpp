#include "tui/view/render.h"

#include "tui/model/words.h"
#include "tui/view/panes.h"

#include <algorithm>

namespace sotto::tui {

namespace {

constexpr std::chrono::milliseconds kSecond{1'000};
constexpr std::uint64_t kMinute = 60'000;

std::chrono::milliseconds left(const State& state, Moment moment) {
    return state.link.state == client::Link::waiting && state.link.retry_at
               ? std::max(*state.link.retry_at - moment.monotonic, std::chrono::milliseconds(0))
               : std::chrono::milliseconds(0);
}

std::string link_words(const State& state, Moment moment) {
    if (state.link.state == client::Link::waiting) {
        return "retry in " + std::to_string((left(state, moment).count() + 999) / 1'000) + " s";
    }
    return word(state.link.state);
}

std::string tab_of(const State& state, std::size_t index) {
    const Chat& chat = state.chats[index];
    std::string out = std::to_string(index) + ":" + chat.user;
    switch (chat.activity()) {
        case Chat::Activity::key_change:
            out += "!";
            break;
        case Chat::Activity::request:
            out += "?";
            break;
        case Chat::Activity::message:
            out += "(" + std::to_string(chat.log.unread()) + ")";
            break;
        case Chat::Activity::none:
            break;
    }
    return index == state.current ? "[" + out + "]" : out;
}

void draw_status(Frame& frame, const State& state, Moment moment, const Rect& where) {
    const std::string link = link_words(state, moment);
    const std::string time = hour_and_minute(state.local(moment.wall_ms));
    const std::string full = link + " " + state.link.relay + "  " + time;
    const bool roomy = where.columns >= 60;
    draw_bar(frame, where, "", roomy ? full : link, Style::title);
    int room = where.columns - 2 - static_cast<int>(roomy ? full.size() : link.size()) - 1;
    int column = where.column + 1;
    // The current chat first if not everything fits.
    std::size_t first = 1;
    const auto size_of = [&](std::size_t i) {
        return static_cast<int>(tab_of(state, i).size()) + 1;
    };
    int before = 0;
    for (std::size_t i = 1; i <= state.current; ++i) {
        before += size_of(i);
    }
    while (before > room && first < state.current) {
        before -= size_of(first++);
    }
    for (std::size_t i = first; i < state.chats.size() && room > 1; ++i) {
        const Chat::Activity activity = state.chats[i].activity();
        const Style style = activity == Chat::Activity::key_change ? Style::alarm
                            : activity != Chat::Activity::none     ? Style::activity
                                                                   : Style::title;
        const int used = frame.put(where.row, column, tab_of(state, i), style, room, true);
        column += used + 1;
        room -= used + 1;
    }
}

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

/// Right of the side panes, also where one lies over the chat.
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

std::chrono::milliseconds next_change(const State& state, Moment moment) {
    std::chrono::milliseconds next(kMinute - moment.wall_ms % kMinute);
    if (const auto rest = left(state, moment); rest.count() > 0) {
        next = std::min(next, rest % kSecond + std::chrono::milliseconds(1));
    }
    return moment.monotonic + next;
}

}  // namespace sotto::tui
