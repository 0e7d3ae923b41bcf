#include "tui/common/client_view.h"

#include "tui/common/words.h"

#include <algorithm>

namespace sotto::tui {

namespace event = client::event;
using client::Delivery;
using client::Link;

namespace {

template <class Requests>
auto find_request(Requests& requests, const client::ChatKey& key) {
    return std::find_if(requests.begin(), requests.end(),
                        [&](const auto& one) { return one.chat == key; });
}

ClientView::Chat& chat_of(ClientView& view, const client::ChatKey& key) {
    ClientView::Chat& chat = view.chats[key];
    chat.about.chat = key;
    return chat;
}

bool is_under_way(Delivery delivery) {
    return delivery == Delivery::waiting || delivery == Delivery::sent;
}

/// Most events tell nothing that stays.
template <class Other>
void on(ClientView& /*view*/, const Other& /*event*/) {}

void on(ClientView& view, const event::LinkChanged& what) {
    view.link = what;
    view.relay_key = ClientView::RelayKey::in_order;  // until more is told
}
void on(ClientView& view, const event::RelayTrustNeeded& /*what*/) {
    view.relay_key = ClientView::RelayKey::unknown;
}
void on(ClientView& view, const event::RelayKeyChanged& /*what*/) {
    view.relay_key = ClientView::RelayKey::changed;
}

void on(ClientView& view, const event::Registered& what) {
    view.own_name = what.user;
    view.own_fingerprint = what.fingerprint;
}

void on(ClientView& view, const event::UsersChanged& what) {
    if (what.full) {
        view.users.clear();
    }
    for (const auto& user : what.users) {
        const auto before = view.users.find(user.name);
        const bool was_blocked = before != view.users.end() && before->second.blocked;
        if (was_blocked && !user.blocked && !user.online && user.trust == client::Trust::unknown) {
            view.users.erase(before);  // stood there for the block alone
        } else {
            view.users[user.name] = user;
        }
    }
}

void on(ClientView& view, const event::RequestArrived& what) {
    const auto at = find_request(view.requests, what.chat);
    if (at == view.requests.end()) {
        view.requests.push_back(what);
    } else {
        *at = what;
    }
}
void on(ClientView& view, const event::RequestGone& what) {
    const auto at = find_request(view.requests, what.chat);
    if (at != view.requests.end()) {
        view.requests.erase(at);
    }
}

void on(ClientView& view, const event::ChatChanged& what) {
    ClientView::Chat& chat = view.chats[what.chat];
    chat.about = what;
    chat.typing = chat.typing && what.state == client::ChatState::open;
    if (what.trust != client::Trust::key_changed) {  // put away is not settled
        view.key_changes.erase(what.chat.name());
    }
    const auto request = find_request(view.requests, what.chat);
    if (request != view.requests.end()) {
        request->trust = what.trust;  // what holds now
    }
}

void on(ClientView& view, const event::MessageAdded& what) {
    ClientView::Chat& chat = chat_of(view, what.chat);
    chat.typing = chat.typing && what.own;
    if (what.own && is_under_way(what.delivery)) {
        chat.undelivered[what.id] = what.delivery;
    }
}

void on(ClientView& view, const event::DeliveryChanged& what) {
    ClientView::Chat& chat = chat_of(view, what.chat);
    view.given_up = view.given_up || what.delivery == Delivery::discarded;
    if (is_under_way(what.delivery)) {
        chat.undelivered[what.id] = what.delivery;
    } else {
        chat.undelivered.erase(what.id);
    }
}

void on(ClientView& view, const event::PeerTyping& what) {
    chat_of(view, what.chat).typing = what.on;
}
void on(ClientView& view, const event::KeyChanged& what) {
    view.key_changes[what.user] = what;
}
void on(ClientView& view, const event::Finished& /*what*/) {
    view.finished = true;
}

}  // namespace

const ClientView::Chat& ClientView::chat(const client::ChatKey& key) const {
    static const Chat nothing;
    const auto at = chats.find(key);
    return at == chats.end() ? nothing : at->second;
}

const event::RequestArrived* ClientView::request(const client::ChatKey& key) const {
    const auto at = find_request(requests, key);
    return at == requests.end() ? nullptr : &*at;
}

void fold(ClientView& view, const client::Event& event) {
    std::visit([&](const auto& one) { on(view, one); }, event.what);
}

bool is_settled(const ClientView& view) {
    if (view.link.state == Link::refused || view.link.state == Link::offline) {
        return true;
    }
    return std::none_of(view.chats.begin(), view.chats.end(), [](const auto& chat) {
        return !chat.second.undelivered.empty() && is_current(chat.second.about.state);
    });
}

std::map<client::ChatKey, int> undelivered(const ClientView& view) {
    std::map<client::ChatKey, int> out;
    for (const auto& [key, chat] : view.chats) {
        if (!chat.undelivered.empty()) {
            out[key] = static_cast<int>(chat.undelivered.size());
        }
    }
    return out;
}

int exit_status(const ClientView& view, bool lost) {
    const bool delivered = undelivered(view).empty() && !view.given_up && !lost;
    return delivered && view.link.state != Link::refused ? 0 : 1;
}

}  // namespace sotto::tui
