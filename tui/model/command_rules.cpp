#include "tui/model/command_rules.h"

#include "crypto/base/enum_table.h"
#include "tui/model/chat_rules.h"
#include "tui/model/overlay_rules.h"
#include "tui/model/pages.h"
#include "tui/model/questions.h"

namespace sotto::tui {

namespace command = client::command;

namespace {

// What is to be done before a command goes to the client; false if it does not go there now.

template <class Command>
bool prepare(Context& /*context*/, const Command& /*any*/, Errand& /*errand*/) {
    return true;
}
bool prepare(Context& context, const command::EndChat& end, Errand& /*errand*/) {
    const bool over = is_over(context.state, end.chat.name());
    if (over) {
        put_away(context, end.chat.name());
    }
    return !over;
}
bool prepare(Context& /*context*/, const command::AcceptRequest& /*accept*/, Errand& errand) {
    errand.shows_chat = true;
    return true;
}
bool prepare(Context& /*context*/, const command::Unblock& /*unblock*/, Errand& errand) {
    errand.answers_here = true;
    return true;
}
bool prepare(Context& /*context*/, const command::ConfirmSafetyNumber& /*confirm*/,
             Errand& errand) {
    errand.confirms = true;
    return true;
}
bool prepare(Context& context, const command::Block& block, Errand& /*errand*/) {
    context.state.overlay = block_question(block.user, false);
    return false;
}
bool prepare(Context& context, const command::Quit& /*quit*/, Errand& /*errand*/) {
    const auto left = undelivered(context.state.client);
    if (!left.empty()) {
        context.state.overlay = quit_question(left);
    }
    return left.empty();
}

void help(Context& context, const std::string& word) {
    context.state.overlay = help_page(word);
}
void users(Context& context, const std::string& /*none*/) {
    context.state.focus = Focus::users;
    context.orders.give(command::RefreshUsers{});
}
void requests(Context& context, const std::string& /*none*/) {
    context.state.focus = Focus::requests;
}
template <int by>
void neighbour(Context& context, const std::string& /*none*/) {
    go_to(context, context.state.chats.neighbour(by));
}
void clear(Context& context, const std::string& /*none*/) {
    context.state.chat().log.clear();
    context.state.chat().scroll.reset();
}
void fingerprint(Context& context, const std::string& /*none*/) {
    say_here(context, LogEntry::Kind::notice,
             "your fingerprint: " + context.state.client.own_fingerprint);
}
void qr(Context& context, const std::string& user) {
    Errand errand;
    errand.as_qr = true;
    context.orders.give(command::ShowContact{user.empty() ? context.state.client.own_name : user},
                        errand);
}
void trust(Context& context, const std::string& user) {
    const auto& changes = context.state.client.key_changes;
    const auto change = changes.find(user);
    if (change != changes.end()) {
        context.state.overlay = key_question(change->second);
    } else {
        say_here(context, LogEntry::Kind::error, "the key of " + user + " has not changed");
    }
}
void wire(Context& context, const std::string& /*none*/) {
    show_wire(context.state);
}

struct ActionRow {
    FaceAction key;
    void (*run)(Context& context, const std::string& argument);
};
constexpr base::EnumTable<FaceAction, ActionRow> kActions({
    {FaceAction::help, help},
    {FaceAction::select, select_chat},
    {FaceAction::users, users},
    {FaceAction::requests, requests},
    {FaceAction::next_chat, neighbour<1>},
    {FaceAction::previous_chat, neighbour<-1>},
    {FaceAction::search, search_for},
    {FaceAction::clear, clear},
    {FaceAction::fingerprint, fingerprint},
    {FaceAction::qr, qr},
    {FaceAction::trust, trust},
    {FaceAction::wire, wire},
});

}  // namespace

Current current(const State& state) {
    Current out;
    out.chat = state.chat().user;
    out.request = state.requests_selection.in(state.request_rows());
    if (state.client.request(client::ChatKey::with(out.chat)) != nullptr) {
        out.request = out.chat;
    } else if (out.request.empty() && state.client.requests.size() == 1) {
        out.request = state.client.requests.front().chat.name();
    }
    return out;
}

void carry_out(Context& context, const client::Command& command, Errand errand) {
    if (std::visit([&](const auto& one) { return prepare(context, one, errand); }, command.what)) {
        context.orders.give(command, std::move(errand));
    }
}

void carry_out(Context& context, const FaceRequest& request) {
    kActions[request.action].run(context, request.argument);
}

}  // namespace sotto::tui
