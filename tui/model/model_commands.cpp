// The line is sent: slash commands, and going from chat to chat.
#include "tui/common/words.h"
#include "tui/model/model.h"
#include "tui/model/pages.h"

#include <algorithm>
#include <map>
#include <utility>

namespace sotto::tui {

namespace command = client::command;

Current Model::current() const {
    Current out;
    out.chat = state_.chat().user;
    out.request = state_.requests_selection.in(state_.request_rows());
    if (state_.request_of(out.chat) != nullptr) {
        out.request = out.chat;
    } else if (out.request.empty() && state_.requests.size() == 1) {
        out.request = state_.requests.front().user;
    }
    return out;
}

void Model::command(const client::Command& what) {
    if (const auto* end = std::get_if<command::EndChat>(&what)) {
        if (over(end->user)) {
            put_away(end->user);
            return;
        }
    } else if (const auto* accept = std::get_if<command::AcceptRequest>(&what)) {
        wanted_chat_ = accept->user;
    } else if (const auto* unblock = std::get_if<command::Unblock>(&what)) {
        unblocked_ = unblock->user;
    } else if (const auto* confirm = std::get_if<command::ConfirmSafetyNumber>(&what)) {
        confirming_ = confirm->user;
    } else if (std::holds_alternative<command::Block>(what)) {
        state_.overlay = block_question(std::get<command::Block>(what).user, false);
        return;
    }
    const auto undelivered = tally_.undelivered();
    if (std::holds_alternative<command::Quit>(what) && !undelivered.empty()) {
        state_.overlay = quit_question(undelivered);
        return;
    }
    commands_.push_back(what);
}

/// There is a page for a chat with `user` that nothing comes of by itself.
bool Model::over(const std::string& user) const {
    const Chat* chat = state_.find(user);
    return chat != nullptr && !is_current(chat->about.state) &&
           chat->about.state != client::ChatState::asked;
}

/// What waits for the user outlives the chat, and must not go out where nobody sees it.
void Model::put_away(const std::string& user) {
    const auto undelivered = tally_.undelivered();
    const auto waits = undelivered.find(user);
    if (waits != undelivered.end()) {
        state_.overlay = close_question(user, waits->second);
    } else if (const Chat* chat = state_.find(user)) {
        remove_chat(static_cast<std::size_t>(chat - state_.chats.data()));
    }
}

void Model::act(const FaceRequest& request) {
    const std::string& argument = request.argument;
    switch (request.action) {
        case FaceAction::help:
            state_.overlay = help_page(argument);
            break;
        case FaceAction::select:
            select(argument);
            break;
        case FaceAction::users:
            state_.focus = Focus::users;
            commands_.emplace_back(command::RefreshUsers{});
            break;
        case FaceAction::requests:
            state_.focus = Focus::requests;
            break;
        case FaceAction::next_chat:
            step_chat(1);
            break;
        case FaceAction::previous_chat:
            step_chat(-1);
            break;
        case FaceAction::search:
            search_for(argument);
            break;
        case FaceAction::clear:
            state_.chat().log.clear();
            state_.chat().scroll.reset();
            break;
        case FaceAction::fingerprint:
            say_here(LogEntry::Kind::notice, "your fingerprint: " + state_.own_fingerprint);
            break;
        case FaceAction::qr:
            wanted_qr_ = true;
            commands_.emplace_back(
                command::ShowContact{argument.empty() ? state_.own_name : argument});
            break;
        case FaceAction::trust: {
            const Chat* chat = state_.find(argument);
            if (chat != nullptr && chat->key_changed) {
                state_.overlay = key_question(*chat->key_changed);
            } else {
                say_here(LogEntry::Kind::error, "the key of " + argument + " has not changed");
            }
            break;
        }
        case FaceAction::wire: {
            show_wire();
            break;
        }
    }
}

void Model::show_wire() {
    Page page = wire_page(state_.wire);
    page.top = Page::kEnd;
    state_.overlay = std::move(page);
}

void Model::go_to(std::size_t chat) {
    if (chat >= state_.chats.size()) {
        return;
    }
    if (chat != state_.current) {
        state_.chat().draft = state_.input.text();
        state_.last = state_.current;
        state_.current = chat;
        state_.input.set_text(state_.chat().draft);
    }
    if (state_.focus == Focus::users || state_.focus == Focus::requests) {
        state_.focus = Focus::input;
    }
}

void Model::step_chat(int by) {
    const auto size = static_cast<int>(state_.chats.size());
    go_to(static_cast<std::size_t>((static_cast<int>(state_.current) + by + size) % size));
}

/// The chat that needs the person most; of equals, the next after this one.
void Model::next_activity() {
    const std::size_t size = state_.chats.size();
    std::size_t best = state_.current;
    for (std::size_t step = 1; step < size; ++step) {
        const std::size_t at = (state_.current + step) % size;
        if (best == state_.current ? state_.chats[at].activity() != Chat::Activity::none
                                   : state_.chats[at].activity() > state_.chats[best].activity()) {
            best = at;
        }
    }
    go_to(best);
}

/// /chat NAME, Enter on a user: the chat, or asking for one.
void Model::select(const std::string& user) {
    const Chat* chat = state_.find(user);
    if (chat != nullptr) {
        go_to(static_cast<std::size_t>(chat - state_.chats.data()));
        state_.focus = Focus::input;
    }
    const auto state = chat == nullptr ? client::ChatState::none : chat->about.state;
    if (state == client::ChatState::none || state == client::ChatState::declined ||
        state == client::ChatState::ended) {
        wanted_chat_ = user;
        commands_.emplace_back(command::RequestChat{user});
    }
}

void Model::remove_chat(std::size_t at) {
    const bool shown = state_.current == at;
    if (shown) {
        go_to(state_.last != at ? state_.last : 0);
    }
    state_.chats.erase(state_.chats.begin() + static_cast<std::ptrdiff_t>(at));
    const auto moved = [&](std::size_t index) {
        return index > at ? index - 1 : index == at ? std::size_t{0} : index;
    };
    state_.current = moved(state_.current);
    state_.last = moved(state_.last);
}

}  // namespace sotto::tui
