// The keys of the chat: those that hold in the input line too, and those of its pane alone.
#include "tui/model/chat_rules.h"
#include "tui/model/key_table.h"
#include "tui/model/pages.h"

#include <algorithm>
#include <array>

namespace sotto::tui {

namespace {

template <int rows>
void scroll_lines(Context& context, const Key& /*key*/) {
    scroll_chat(context.state, rows);
}

template <int pages>
void scroll_pages(Context& context, const Key& /*key*/) {
    const int page = std::max(context.state.pane(context.state.chat()).rows - 1, 1);
    scroll_chat(context.state, pages * page);
}

void to_oldest(Context& context, const Key& /*key*/) {
    scroll_chat(context.state, -static_cast<int>(ChatLog::kMaxEntries) * 100);
}

void to_newest(Context& context, const Key& /*key*/) {
    context.state.chat().scroll.reset();
    mark_seen(context.state);
}

void to_first_unread(Context& context, const Key& /*key*/) {
    Chat& chat = context.state.chat();
    if (const auto first = chat.log.first_unread()) {
        chat.scroll = context.state.pane(chat).around(*first);
    }
}

void ask_for_word(Context& context, const Key& /*key*/) {
    context.state.prompt.emplace();
    context.state.prompt->what = Prompt::For::search;
}

template <bool older>
void next_hit(Context& context, const Key& /*key*/) {
    search_again(context, older);
}

void verify(Context& context, const Key& /*key*/) {
    const std::string& user = context.state.chat().user;
    if (!user.empty()) {
        context.orders.give(client::command::ShowSafetyNumber{user});
    }
}

void to_input(Context& context, const Key& /*key*/) {
    context.state.focus = Focus::input;
}

void show_keys(Context& context, const Key& /*key*/) {
    context.state.overlay = help_page_at(Where::pane, context.state);
}

constexpr std::array kChat{
    KeyRow{"PgUp", scroll_pages<-1>, "scroll up a page"},
    KeyRow{"PgDn", scroll_pages<1>, "scroll down a page"},
    KeyRow{"M-PgUp", scroll_lines<-1>, "scroll up a line"},
    KeyRow{"M-PgDn", scroll_lines<1>, "scroll down a line"},
    KeyRow{"M-Home", to_oldest, "to the oldest"},
    KeyRow{"M-End", to_newest, "to the newest"},
    KeyRow{"M-u", to_first_unread, "to the first unread message"},
    KeyRow{"C-s", ask_for_word, "search in the chat"},
    KeyRow{"M-v", verify, "compare the safety number"},
};

constexpr std::array kPane{
    KeyRow{"n", next_hit<true>, "older match"},
    KeyRow{"N", next_hit<false>, "newer match"},
    KeyRow{"k,Up", scroll_lines<-1>, "scroll up a line"},
    KeyRow{"j,Down", scroll_lines<1>, "scroll down a line"},
    KeyRow{"g,Home", to_oldest, "to the oldest"},
    KeyRow{"G,End", to_newest, "to the newest"},
    KeyRow{"/", ask_for_word, "search in the chat"},
    KeyRow{"Enter,C-j,i", to_input, "back to the input line"},
    KeyRow{"?", show_keys, "show the keys"},
};

}  // namespace

gsl::span<const KeyRow> keys_of_chat() {
    return kChat;
}
gsl::span<const KeyRow> keys_of_pane() {
    return kPane;
}

}  // namespace sotto::tui
