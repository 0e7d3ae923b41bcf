#include "tui/model/chat_rules.h"

#include "tui/common/words.h"
#include "tui/model/questions.h"

namespace sotto::tui {

void go_to(Context& context, Chats::Place place) {
    State& state = context.state;
    if (place >= state.chats.size()) {
        return;
    }
    if (place != state.chats.current()) {
        state.chat().draft = state.input.text();
        state.chats.show(place);
        state.input.set_text(state.chat().draft);
    }
    if (state.focus == Focus::users || state.focus == Focus::requests) {
        state.focus = Focus::input;
    }
}

void select_chat(Context& context, const std::string& user) {
    State& state = context.state;
    const Chat* chat = state.chats.find(user);
    if (chat != nullptr) {
        go_to(context, state.chats.place_of(*chat));
        state.focus = Focus::input;
    }
    const auto stands = chat == nullptr ? client::ChatState::none : state.facts(*chat).about.state;
    if (stands == client::ChatState::none || stands == client::ChatState::declined ||
        stands == client::ChatState::ended) {
        Errand errand;
        errand.shows_chat = true;
        context.orders.give(client::command::RequestChat{client::ChatKey::with(user)}, errand);
    }
}

void remove_chat(Context& context, Chats::Place place) {
    Chats& chats = context.state.chats;
    if (chats.current() == place) {
        go_to(context, chats.before() != place ? chats.before() : 0);
    }
    chats.remove(place);
}

bool is_over(const State& state, const std::string& user) {
    const Chat* chat = state.chats.find(user);
    if (chat == nullptr) {
        return false;
    }
    const client::ChatState stands = state.facts(*chat).about.state;
    return !is_current(stands) && stands != client::ChatState::asked;
}

/// What waits for the user outlives the chat, and must not go out where nobody sees it.
void put_away(Context& context, const std::string& user) {
    const auto left = undelivered(context.state.client);
    const auto waits = left.find(client::ChatKey::with(user));
    if (waits != left.end()) {
        context.state.overlay = close_question(user, waits->second);
    } else if (const Chat* chat = context.state.chats.find(user)) {
        remove_chat(context, context.state.chats.place_of(*chat));
    }
}

void say(Context& context, Chat& chat, LogEntry::Kind kind, client::SafeText text) {
    LogEntry entry;
    entry.kind = kind;
    entry.time_ms = context.wall_ms;
    entry.text = std::move(text);
    chat.log.add(std::move(entry));
}

void say_here(Context& context, LogEntry::Kind kind, const std::string& text) {
    Chat& chat = context.state.chat();
    say(context, chat, kind, client::SafeText::from(text, client::SafeText::Lines::many));
    chat.scroll.reset();
}

bool is_watched(const State& state, const Chat& chat) {
    return &chat == &state.chat() && !chat.scroll && state.window_focused && !state.covered() &&
           !state.layout().chat.empty();
}

void mark_seen(State& state) {
    if (!state.chat().scroll) {
        state.chat().log.mark_read();
    }
}

void scroll_chat(State& state, int rows) {
    Chat& chat = state.chat();
    chat.scroll = state.pane(chat).moved(chat.scroll, rows);
    if (!chat.scroll && rows > 0) {
        mark_seen(state);
    }
}

void search_for(Context& context, const std::string& word) {
    context.state.search_word = word;
    context.state.chat().hit.reset();
    search_again(context, true);
}

void search_again(Context& context, bool older) {
    State& state = context.state;
    Chat& chat = state.chat();
    if (state.search_word.empty()) {
        return;
    }
    const ChatLog::Number from = chat.hit.value_or(chat.log.end());
    const auto hit = older ? chat.log.find_before(state.search_word, from)
                           : chat.log.find_after(state.search_word, from);
    if (!hit) {
        context.effects.push_back(Effect::bell);
        if (!chat.hit) {
            say_here(context, LogEntry::Kind::error, "not found: " + state.search_word);
        }
        return;
    }
    chat.hit = hit;
    chat.scroll = state.pane(chat).around(*hit);
    state.focus = Focus::chat;
}

}  // namespace sotto::tui
