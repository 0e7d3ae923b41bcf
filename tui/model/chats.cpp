#include "tui/model/chats.h"

#include <algorithm>

namespace sotto::tui {

Chat::Activity Chat::activity() const {
    if (key_changed) {
        return Activity::key_change;
    }
    if (about.state == client::ChatState::asked) {
        return Activity::request;
    }
    return log.unread() > 0 ? Activity::message : Activity::none;
}

Chat* Chats::find(const std::string& user) {
    const auto at = std::find_if(list_.begin() + 1, list_.end(),
                                 [&](const Chat& chat) { return chat.user == user; });
    return at == list_.end() ? nullptr : &*at;
}

const Chat* Chats::find(const std::string& user) const {
    const auto at = std::find_if(list_.begin() + 1, list_.end(),
                                 [&](const Chat& chat) { return chat.user == user; });
    return at == list_.end() ? nullptr : &*at;
}

Chat& Chats::open(const std::string& user) {
    if (Chat* chat = find(user)) {
        return *chat;
    }
    Chat& chat = list_.emplace_back();
    chat.user = user;
    chat.about.chat = client::ChatKey::with(user);
    return chat;
}

Chats::Place Chats::place_of(const Chat& chat) const {
    return static_cast<Place>(&chat - list_.data());
}

void Chats::remove(Place place) {
    if (current_ == place) {
        show(before_ != place ? before_ : 0);
    }
    list_.erase(list_.begin() + static_cast<std::ptrdiff_t>(place));
    const auto moved = [&](Place other) {
        return other > place ? other - 1 : other == place ? Place{0} : other;
    };
    current_ = moved(current_);
    before_ = moved(before_);
}

void Chats::show(Place place) {
    if (place != current_) {
        before_ = current_;
        current_ = place;
    }
}

Chats::Place Chats::neighbour(int by) const {
    const auto count = static_cast<int>(size());
    return static_cast<Place>((static_cast<int>(current_) + by + count) % count);
}

Chats::Place Chats::most_active() const {
    Place best = current_;
    for (Place step = 1; step < size(); ++step) {
        const Place place = (current_ + step) % size();
        const Chat::Activity here = at(place).activity();
        if (best == current_ ? here != Chat::Activity::none : here > at(best).activity()) {
            best = place;
        }
    }
    return best;
}

}  // namespace sotto::tui
