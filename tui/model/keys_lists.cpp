// The keys of the lists, and those of Users and of Requests alone: they act on the identity
// that is selected.
#include "tui/model/chat_rules.h"
#include "tui/model/command_rules.h"
#include "tui/model/key_table.h"
#include "tui/model/list_rules.h"
#include "tui/model/pages.h"
#include "tui/model/questions.h"

#include <array>

namespace sotto::tui {

namespace command = client::command;

namespace {

template <int rows>
void move_rows(Context& context, const Key& /*key*/) {
    FocusedList list = focused_list(context.state);
    list.selection.move(list.rows, rows);
}

template <int pages>
void move_pages(Context& context, const Key& /*key*/) {
    FocusedList list = focused_list(context.state);
    list.selection.move(list.rows, pages * list.page);
}

template <int side>
void move_to_edge(Context& context, const Key& /*key*/) {
    FocusedList list = focused_list(context.state);
    list.selection.move(list.rows, side * static_cast<int>(list.rows.size()));
}

void filter(Context& context, const Key& /*key*/) {
    context.state.prompt.emplace();
    context.state.prompt->what = Prompt::For::filter;
    context.state.prompt->line.set_text(focused_list(context.state).selection.filter());
}

void show_keys(Context& context, const Key& /*key*/) {
    context.state.overlay = help_page_at(Where::lists, context.state);
}

/// What a key does to the name that is selected; nothing if none is.
template <void (*act)(Context& context, const std::string& name)>
void on_selected(Context& context, const Key& /*key*/) {
    const std::string name = focused_list(context.state).selected();
    if (!name.empty()) {
        act(context, name);
    }
}

void verify(Context& context, const std::string& name) {
    context.orders.give(command::ShowSafetyNumber{name});
}
void show_contact(Context& context, const std::string& name) {
    context.orders.give(command::ShowContact{name});
}
void block(Context& context, const std::string& name) {
    context.state.overlay = block_question(name, false);
}

void show_request(Context& context, const std::string& name) {
    if (const auto* request = context.state.client.request(client::ChatKey::with(name))) {
        context.state.overlay = request_page(*request, context.state.local);
    }
}
Errand moving_on() {
    Errand errand;
    errand.moves_on = true;
    return errand;
}

void accept(Context& context, const std::string& name) {
    carry_out(context, command::AcceptRequest{client::ChatKey::with(name)}, moving_on());
}
void decline(Context& context, const std::string& name) {
    context.orders.give(command::DeclineRequest{client::ChatKey::with(name), false}, moving_on());
}
void decline_and_block(Context& context, const std::string& name) {
    context.state.overlay = block_question(name, true);
}

constexpr std::array kLists{
    KeyRow{"k,Up", move_rows<-1>, "up"},
    KeyRow{"j,Down", move_rows<1>, "down"},
    KeyRow{"g,Home", move_to_edge<-1>, "first row"},
    KeyRow{"G,End", move_to_edge<1>, "last row"},
    KeyRow{"PgUp", move_pages<-1>, "up a page"},
    KeyRow{"PgDn", move_pages<1>, "down a page"},
    KeyRow{"/", filter, "filter by part of the name"},
    KeyRow{"?", show_keys, "show the keys"},
};

constexpr std::array kUsers{
    KeyRow{"Enter,C-j", on_selected<select_chat>, "go to the chat, or ask for one"},
    KeyRow{"v", on_selected<verify>, "compare the safety number"},
    KeyRow{"i", on_selected<show_contact>, "show what is known about the user"},
    KeyRow{"b", on_selected<block>, "block (asks first)"},
};

constexpr std::array kRequests{
    KeyRow{"Enter,C-j", on_selected<show_request>, "show the details only"},
    KeyRow{"a", on_selected<accept>, "accept"},
    KeyRow{"d", on_selected<decline>, "decline"},
    KeyRow{"b", on_selected<decline_and_block>, "decline and block (asks first)"},
};

}  // namespace

gsl::span<const KeyRow> keys_of_lists() {
    return kLists;
}
gsl::span<const KeyRow> keys_of_users() {
    return kUsers;
}
gsl::span<const KeyRow> keys_of_requests() {
    return kRequests;
}

}  // namespace sotto::tui
