#include "tui/model/state.h"

#include "tui/model/pages.h"

#include <algorithm>

namespace sotto::tui {

std::vector<std::string> State::user_rows() const {
    std::vector<std::string> online;
    std::vector<std::string> offline;
    for (const auto& [name, user] : client.users) {
        if (name != client.own_name && name.find(users_selection.filter()) != std::string::npos) {
            (user.online ? online : offline).push_back(name);
        }
    }
    online.insert(online.end(), offline.begin(), offline.end());
    return online;
}

std::vector<std::string> State::request_rows() const {
    std::vector<std::string> out;
    for (const auto& request : client.requests) {
        if (request.chat.name().find(requests_selection.filter()) != std::string::npos) {
            out.push_back(request.chat.name());
        }
    }
    return out;
}

const ClientView::Chat& State::facts(const Chat& chat) const {
    return client.chat(client::ChatKey::with(chat.user));
}

const client::event::KeyChanged* State::key_change(const Chat& chat) const {
    const auto at = client.key_changes.find(chat.user);
    return at == client.key_changes.end() ? nullptr : &at->second;
}

Activity State::activity(const Chat& chat) const {
    if (key_change(chat) != nullptr) {
        return Activity::key_change;
    }
    if (facts(chat).about.state == client::ChatState::asked) {
        return Activity::request;
    }
    return chat.log.unread() > 0 ? Activity::message : Activity::none;
}

Chats::Place State::most_active() const {
    const Chats::Place here = chats.current();
    Chats::Place best = here;
    for (Chats::Place step = 1; step < chats.size(); ++step) {
        const Chats::Place place = (here + step) % chats.size();
        const Activity there = activity(chats.at(place));
        if (best == here ? there != Activity::none : there > activity(chats.at(best))) {
            best = place;
        }
    }
    return best;
}

std::vector<std::string> State::names() const {
    std::vector<std::string> out;
    for (const auto& [name, user] : client.users) {
        if (name != client.own_name) {
            out.push_back(name);
        }
    }
    for (Chats::Place place = 1; place < chats.size(); ++place) {
        out.push_back(chats.at(place).user);
    }
    return out;
}

Layout State::layout() const {
    const int columns = std::max(size.columns - kPromptColumns - 1, 1);
    const auto rows = wrap(input.text(), columns, emoji).size();
    return lay_out(size, focus, prompt || input.searching() ? 1 : static_cast<int>(rows),
                   static_cast<int>(client.requests.size()));
}

ChatColumns State::columns(const Chat& chat) const {
    const int peer = static_cast<int>(chat.user.size());
    return {std::max(layout().chat.columns, 1), std::clamp(peer, 3, 12)};
}

int State::rows_above_log(const Chat& chat) const {
    const int width = std::max(layout().chat.columns, 1);
    return 1 + static_cast<int>(page_rows(banner(*this, chat), width, emoji).size());
}

ChatPane State::pane(const Chat& chat) const {
    return {chat.log, std::max(layout().chat.rows - rows_above_log(chat), 0), columns(chat), local,
            emoji};
}

}  // namespace sotto::tui
