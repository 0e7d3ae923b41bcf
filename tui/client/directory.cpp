// Section 3: who is there, and the relay's claims about their keys.
#include "net/wire/user_name.h"
#include "tui/client/core.h"
#include "tui/client/words.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

// A relay that makes names up must not fill the memory.
constexpr std::size_t kMaxUsers = 200'000;
constexpr std::size_t kMaxFound = 10'000;  // of one search

}  // namespace

void Core::poll() {
    poll_at_ = now.monotonic + poll_every_;
    poll_sent_ = now.monotonic;
    poll_cause_ = out.cause();
    polling_ = send_lookup("user_list", wire::GetUserList{{}, users_version_, {}});
}

void Core::run(const command::RefreshUsers& /*command*/) {
    if (!connected()) {
        refuse(RefusalCode::not_connected, "you are not connected");
        return;
    }
    poll();
}

void Core::run(const command::SearchUsers& command) {
    if (!connected()) {
        refuse(RefusalCode::not_connected, "you are not connected");
        return;
    }
    if (!wire::is_user_name(command.prefix)) {
        refuse(RefusalCode::bad_name, "that can't be the beginning of a user name");
        return;
    }
    searches_[send_lookup("user_list", wire::GetUserList{{}, 0, command.prefix})] = {
        command.prefix, 0, out.cause()};
}

void Core::on(const wire::UserList& list) {
    const auto search = list.id ? searches_.find(*list.id) : searches_.end();
    if (search != searches_.end()) {
        const Search one = search->second;
        searches_.erase(search);
        found(one, list);
        return;
    }
    if (!list.id || list.id != polling_) {
        drop();  // not asked, or asked again since
        return;
    }
    polling_.reset();
    const auto answering = out.answer(std::exchange(poll_cause_, {}));
    const bool full = std::exchange(listing_anew_, false) || list.full;
    if (full) {
        online_.clear();
        catching_up_ = true;
    }
    users_version_ = list.version;
    std::vector<event::UserEntry> rows;
    const auto add = [&](const std::string& name, bool online) {
        if (online_.size() < kMaxUsers || online_.count(name) != 0) {
            online_[name] = online;
            rows.push_back(entry(name));
        }
    };
    for (const std::string& name : list.online) {
        const auto listed = online_.find(name);
        const bool was_online = listed != online_.end() && listed->second;
        add(name, true);
        if (!catching_up_) {
            came_back(name, was_online);
        }
    }
    for (const std::string& name : list.offline) {
        add(name, false);
        gone_offline(name);
    }
    polled_at_ = now.monotonic;
    if (full || !rows.empty()) {
        out.event(event::UsersChanged{full, std::move(rows)});
    }
    if (list.more) {
        poll();
        return;
    }
    listed_as_of_ = poll_sent_;
    if (std::exchange(catching_up_, false)) {
        for (auto& [user, chat] : chats_) {
            if (online_.count(user) == 0) {
                gone_offline(user);
            }
        }
    }
}

void Core::found(Search search, const wire::UserList& list) {
    const auto answering = out.answer(search.cause);
    std::vector<event::UserEntry> rows;
    for (const std::string& name : list.online) {
        rows.push_back({name, true, book_.trust_of(name), book_.blocked(name)});
    }
    for (const std::string& name : list.offline) {
        rows.push_back({name, false, book_.trust_of(name), book_.blocked(name)});
    }
    search.found += rows.size();
    // An empty page, or pages without number, would go on for ever.
    const bool more = list.more && !rows.empty() && search.found < kMaxFound;
    out.event(event::SearchResult{search.prefix, std::move(rows), more});
    if (more) {
        const wire::GetUserList next{{}, list.version, search.prefix};
        searches_[send_lookup("user_list", next)] = std::move(search);
    }
}

/// A request ends with its sender's connection, and so does a session.
void Core::gone_offline(const std::string& user) {
    Conversation* chat = find(user);
    if (chat == nullptr) {
        return;
    }
    drop_pending(*chat, "went offline");
    lose_request(*chat, poll_sent_);
    chat->held.clear();
    close_session(*chat, SafeText::own(user + " is offline"));
}

/// Who has not answered and is gone never will: the request that the relay had before `as_of` went
/// to a connection that has ended since. A request that glare keeps beside a consent is not waited
/// for. It is taken back, so that it counts nowhere (section 4).
void Core::lose_request(Conversation& chat, const std::optional<Time>& as_of) {
    if (chat.own && !chat.consent && as_of && chat.own_since < *as_of) {
        const auto answering = out.answer(chat.own_cause);
        take_back(chat);
        changed(chat, ChatState::none, SafeText::own(chat.user + " left before answering"));
    }
}

/// The peer was there before and has connected anew, and the request may have gone to either
/// connection. A newer one replaces it (section 4), so it is certain which of them has it.
void Core::ask_again(Conversation& chat) {
    if (chat.own && !chat.consent) {
        const auto answering = out.answer(chat.own_cause);
        const crypto::PublicKey key = chat.own->terms.to.key;
        take_back(chat);
        ask(chat.user, key);
    }
}

/// Listed as online means: connected anew since the last answer. A session or a request
/// from before it is dead; of a later one, made by the peer on its return maybe, nothing is
/// known.
void Core::came_back(const std::string& user, bool was_online) {
    Conversation* chat = find(user);
    const auto before = [&](const std::optional<Time>& when) {
        return when && polled_at_ && *when < *polled_at_;
    };
    if (chat == nullptr) {
        return;
    }
    if (polled_at_) {
        chat->held.forget_before(*polled_at_);
    }
    if (before(chat->asked_at)) {
        drop_pending(*chat, "connected anew");
    }
    lose_request(*chat, listed_as_of_);
    if (was_online) {
        ask_again(*chat);
    }
    if (before(chat->open_since)) {
        close_session(*chat, SafeText::own(user + " connected anew"));
    }
}

// --- get_pubkey -------------------------------------------------------------------------------

void Core::look_up_key(const std::string& user) {
    asking_[send_lookup("get_pubkey", wire::GetPubkey{{}, user})] = {user, out.cause()};
}

bool Core::looking_up(const std::string& user) const {
    return std::any_of(asking_.begin(), asking_.end(),
                       [&](const auto& lookup) { return lookup.second.user == user; });
}

void Core::stop_looking_up(const std::string& user) {
    for (auto at = asking_.begin(); at != asking_.end();) {
        at = at->second.user == user ? asking_.erase(at) : std::next(at);
    }
}

void Core::on(const wire::Pubkey& answer) {
    const auto at = answer.id ? asking_.find(*answer.id) : asking_.end();
    if (at == asking_.end() || at->second.user != answer.user) {
        drop();
        return;
    }
    const auto answering = out.answer(at->second.cause);
    asking_.erase(at);
    ask(answer.user, answer.identity);
}

void Core::refused_lookup(const wire::ErrorMessage& error) {
    const auto search = error.id ? searches_.find(*error.id) : searches_.end();
    if (search != searches_.end()) {
        const auto answering = out.answer(search->second.cause);
        searches_.erase(search);
        warn_of_others(Warnings::Kind::relay, "", sentence(error));
        return;
    }
    const auto at = error.id ? asking_.find(*error.id) : asking_.end();
    if (at == asking_.end()) {
        warn_of_others(Warnings::Kind::relay, "", sentence(error));
        return;
    }
    const auto [user, cause] = at->second;
    const auto answering = out.answer(cause);
    asking_.erase(at);
    const std::string why = sentence(error, user);
    changed(conversation(user), ChatState::none, SafeText::from(why));
    notice(event::Notice::Level::warning, user, why);
}

}  // namespace sotto::client
