// The keys that hold everywhere.
#include "tui/model/chat_rules.h"
#include "tui/model/key_table.h"
#include "tui/model/pages.h"

#include <algorithm>
#include <array>

namespace sotto::tui {

namespace {

constexpr std::uint64_t kHintLasts = 4'000;  // ms: what nobody asked for covers no chats

void show_help(Context& context, const Key& /*key*/) {
    context.state.overlay = help_page("");
}

template <Focus focus>
void focus_on(Context& context, const Key& /*key*/) {
    context.state.focus = focus;
}

template <int step>
void focus_neighbour(Context& context, const Key& /*key*/) {
    constexpr std::array order{Focus::users, Focus::requests, Focus::chat, Focus::input};
    const auto at = std::find(order.begin(), order.end(), context.state.focus) - order.begin();
    const auto size = static_cast<std::ptrdiff_t>(order.size());
    context.state.focus = order.at(static_cast<std::size_t>((at + step + size) % size));
}

template <int step>
void neighbour(Context& context, const Key& /*key*/) {
    go_to(context, context.state.chats.neighbour(step));
}

void chat_by_number(Context& context, const Key& key) {
    go_to(context, static_cast<Chats::Place>(key.text.front() - '0'));
}

void next_activity(Context& context, const Key& /*key*/) {
    go_to(context, context.state.most_active());
}

void chat_before(Context& context, const Key& /*key*/) {
    go_to(context, context.state.chats.before());
}

template <Effect effect>
void on_terminal(Context& context, const Key& /*key*/) {
    context.effects.push_back(effect);
}

void clear_line(Context& context, const Key& /*key*/) {
    State& state = context.state;
    if (state.input.text().empty() && state.focus == Focus::input) {
        state.hint = "/quit leaves";
        state.hint_until_ms = context.wall_ms + kHintLasts;
    }
    state.input.clear();
    state.focus = Focus::input;
}

constexpr std::array kRows{
    KeyRow{"F1", show_help, "help"},
    KeyRow{"F2", focus_on<Focus::users>, "go to Users"},
    KeyRow{"F3", focus_on<Focus::requests>, "go to Requests"},
    KeyRow{"F4", focus_on<Focus::chat>, "go to the chat, to scroll"},
    KeyRow{"F8,C-x o", focus_neighbour<1>, "next pane"},
    KeyRow{"F7", focus_neighbour<-1>, "previous pane"},
    KeyRow{"Esc", focus_on<Focus::input>, "back to the input line"},
    KeyRow{"M-1,M-2,M-3,M-4,M-5,M-6,M-7,M-8,M-9,M-0", chat_by_number,
           "chat by number; M-0 is the first page"},
    KeyRow{"C-n", neighbour<1>, "next chat"},
    KeyRow{"C-p", neighbour<-1>, "previous chat"},
    KeyRow{"M-a", next_activity, "next activity: key change, then request, then message"},
    KeyRow{"M-/", chat_before, "the previously shown chat"},
    KeyRow{"C-l", on_terminal<Effect::redraw>, "redraw the screen", true},
    KeyRow{"C-z", on_terminal<Effect::suspend>, "suspend", true},
    KeyRow{"C-c", clear_line, "clear the line; never quits"},
};

}  // namespace

gsl::span<const KeyRow> keys_everywhere() {
    return kRows;
}

}  // namespace sotto::tui
