#include "tui/client/chat_table.h"

#include <tuple>
#include <utility>

namespace sotto::client {

namespace {

bool differ(const event::ChatChanged& a, const event::ChatChanged& b) {
    const auto all = [](const event::ChatChanged& chat) {
        return std::tie(chat.state, chat.trust, chat.suite, chat.epoch, chat.why, chat.needs_suite);
    };
    return all(a) != all(b);
}

}  // namespace

Conversation& ChatTable::open(const std::string& user) {
    Conversation& chat = chats_[user];
    chat.user = user;
    return chat;
}

Conversation* ChatTable::find(const std::string& user) {
    const auto at = chats_.find(user);
    return at == chats_.end() ? nullptr : &at->second;
}

crypto::SecureChannel* ChatTable::channel(const Conversation& chat) {
    return channels_.find(chat.user);
}

void ChatTable::apply_policy(const std::string& user) {
    if (crypto::SecureChannel* secure = channels_.find(user)) {
        secure->set_policy(peers_.policy(user));
    }
}

wire::Route ChatTable::route(Conversation& chat, const crypto::ChatId& id) const {
    return {env_.options.user, chat.user, id, chat.ids.next(id)};
}

void ChatTable::tell(Conversation& chat) {
    crypto::SecureChannel* secure = channel(chat);
    const auto suite = secure != nullptr ? secure->suite() : std::nullopt;
    event::ChatChanged latest{
        chat.key(),
        chat.shown_state(),
        peers_.book().trust_of(chat.user),
        suite ? static_cast<int>(*suite) : 0,
        secure != nullptr ? secure->epoch() : 0,
        chat.shown_why(),
        chat.floor_in_the_way ? static_cast<int>(peers_.policy(chat.user).floor) : 0};
    if (!chat.told || differ(*chat.told, latest)) {
        chat.told = latest;
        env_.out.event(std::move(latest));
    }
}

void ChatTable::changed(Conversation& chat, ChatState state, SafeText why) {
    chat.state = state;
    chat.why = std::move(why);
    tell(chat);
}

}  // namespace sotto::client
