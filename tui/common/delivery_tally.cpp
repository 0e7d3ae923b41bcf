#include "tui/common/delivery_tally.h"

#include "tui/common/words.h"

#include <algorithm>

namespace sotto::tui {

namespace event = client::event;

void DeliveryTally::observe(const client::Event& what) {
    if (const auto* added = std::get_if<event::MessageAdded>(&what.what)) {
        if (added->own) {
            waiting_[added->id] = added->chat.name();
        }
    } else if (const auto* changed = std::get_if<event::DeliveryChanged>(&what.what)) {
        const bool given_up = changed->delivery == client::Delivery::discarded;
        if (given_up || changed->delivery == client::Delivery::delivered) {
            waiting_.erase(changed->id);
            lost_ = lost_ || given_up;
        }
    } else if (const auto* chat = std::get_if<event::ChatChanged>(&what.what)) {
        chats_[chat->chat.name()] = chat->state;
    } else if (const auto* link = std::get_if<event::LinkChanged>(&what.what)) {
        link_ = link->state;
    } else if (const auto* refused = std::get_if<event::Refused>(&what.what)) {
        lost_ = lost_ || refused->command == client::CommandKind::send_text;
    }
}

bool DeliveryTally::settled() const {
    if (link_ == client::Link::refused || link_ == client::Link::offline) {
        return true;
    }
    return std::none_of(waiting_.begin(), waiting_.end(), [&](const auto& text) {
        const auto chat = chats_.find(text.second);
        return chat != chats_.end() && is_current(chat->second);
    });
}

std::map<std::string, int> DeliveryTally::undelivered() const {
    std::map<std::string, int> out;
    for (const auto& [id, user] : waiting_) {
        ++out[user];
    }
    return out;
}

int DeliveryTally::exit_status() const noexcept {
    return all_delivered() && link_ != client::Link::refused ? 0 : 1;
}

}  // namespace sotto::tui
