#include "tui/model/model.h"

#include "tui/model/chat_rules.h"
#include "tui/model/event_rules.h"
#include "tui/model/key_table.h"
#include "tui/model/line_rules.h"
#include "tui/model/list_rules.h"
#include "tui/model/overlay_rules.h"

#include <utility>

namespace sotto::tui {

namespace {

/// An Esc has nothing to close, to leave or to end.
bool is_idle(const State& state) {
    return state.focus == Focus::input && !state.prompt && !state.input.searching() &&
           !state.covered();
}

void run(Context& context, const KeyRow& row, const Key& key) {
    State& state = context.state;
    if (const Edit* edit = std::get_if<Edit>(&row.action)) {
        state.input.run(*edit);
        mark_seen(state);
        return;
    }
    if (state.input.searching()) {
        state.input.end_search(true);
    }
    std::get<KeyFunction>(row.action)(context, key);
}

void on(Context& context, const Key& key) {
    State& state = context.state;
    const auto press = context.keys.read(key, state.focus, is_idle(state), context.wall_ms);
    if (!press) {
        return;
    }
    const KeyRow* row = find_key(state.focus, press->name);
    if (row != nullptr && row->always) {
        std::get<KeyFunction>(row->action)(context, press->key);
    } else if (state.covered()) {
        key_in_overlay(context, *press);
    } else if (state.prompt) {
        key_in_prompt(context, *press);
    } else if (state.input.searching() && (press->name == "C-g" || press->name == "C-c")) {
        state.input.end_search(false);
    } else if (row != nullptr) {
        run(context, *row, press->key);
    } else if (press->key.is_text() && !press->chord && state.focus == Focus::input) {
        type(context, press->key.text);
    }
}

void on(Context& context, const Paste& pasted) {
    paste(context, pasted);
}

void on(Context& context, const WindowFocus& focus) {
    context.state.window_focused = focus.on;
}

}  // namespace

Model::Model(LocalTime local, EmojiWidth emoji) {
    context_.state.local = local;
    context_.state.emoji = emoji;
    for (const char* line :
         {"This is sotto. F1 shows the keys and commands.",
          "F2 goes to the users: Enter on a name asks for a chat.",
          "F3 goes to the requests of others: a accepts one.", "/quit leaves."}) {
        say(context_, context_.state.chats.first_page(), LogEntry::Kind::notice,
            client::SafeText::own(line));
    }
}

void Model::on_event(const client::Event& event, std::uint64_t wall_ms) {
    context_.wall_ms = wall_ms;
    take_event(context_, event);
    remember_selections(context_.state);
}

void Model::on_input(const Input& input, std::uint64_t wall_ms) {
    State& state = context_.state;
    context_.wall_ms = wall_ms;
    const Focus before = state.focus;
    if (!std::holds_alternative<WindowFocus>(input)) {
        state.hint.clear();
        state.hint_until_ms.reset();
    }
    std::visit([this](const auto& one) { on(context_, one); }, input);
    if (state.focus != before) {
        begin_selection(state);
    }
    remember_selections(state);
}

void Model::on_resize(Size size) {
    context_.state.size = size;
    for (Chat& chat : context_.state.chats) {
        if (chat.scroll) {
            chat.scroll = context_.state.pane(chat).moved(chat.scroll, 0);
        }
    }
}

std::vector<client::Command> Model::take_commands() {
    return context_.orders.take();
}
std::vector<Effect> Model::take_effects() {
    return std::exchange(context_.effects, {});
}

void Model::show_wire() {
    tui::show_wire(context_.state);
}

}  // namespace sotto::tui
