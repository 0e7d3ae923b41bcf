#include "tui/model/chats.h"

#include <algorithm>

namespace sotto::tui {

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

}  // namespace sotto::tui
