#include "tui/client/roster.h"

#include "net/wire/user_name.h"
#include "tui/client/words.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

// A relay that makes names up must not fill the memory.
constexpr std::size_t kMaxUsers = 200'000;
constexpr std::size_t kMaxFound = 10'000;             // of one search
constexpr std::int64_t kLongestPoll = 1'000'000'000;  // seconds: fits any clock in milliseconds

}  // namespace

void Roster::poll() {
    poll_at_ = env_.now.monotonic + poll_every_;
    poll_sent_ = env_.now.monotonic;
    poll_cause_ = env_.out.cause();
    polling_ = send_lookup("user_list", wire::GetUserList{{}, users_version_, {}});
}

void Roster::run(const command::RefreshUsers& /*command*/) {
    if (!link_.connected()) {
        env_.out.refuse(RefusalCode::not_connected, "you are not connected");
        return;
    }
    poll();
}

void Roster::run(const command::SearchUsers& command) {
    if (!link_.connected()) {
        env_.out.refuse(RefusalCode::not_connected, "you are not connected");
        return;
    }
    if (!wire::is_user_name(command.prefix)) {
        env_.out.refuse(RefusalCode::bad_name, "that can't be the beginning of a user name");
        return;
    }
    searches_[send_lookup("user_list", wire::GetUserList{{}, 0, command.prefix})] = {
        command.prefix, 0, env_.out.cause()};
}

void Roster::set_interval(std::int64_t poll_seconds) {
    poll_every_ = std::chrono::seconds(std::clamp<std::int64_t>(poll_seconds, 1, kLongestPoll));
}

void Roster::connected() {
    users_version_ = 0;
    listing_anew_ = true;
    poll();
}

void Roster::link_lost() {
    poll_at_.reset();
    polling_.reset();
    polled_at_.reset();
    listed_as_of_.reset();
    searches_.clear();
}

void Roster::on(const wire::UserList& list) {
    const auto search = list.id ? searches_.find(*list.id) : searches_.end();
    if (search != searches_.end()) {
        const Search one = search->second;
        searches_.erase(search);
        found(one, list);
        return;
    }
    if (!list.id || list.id != polling_) {
        env_.out.drop();  // not asked, or asked again since
        return;
    }
    polling_.reset();
    const auto answering = env_.out.answer(std::exchange(poll_cause_, {}));
    const bool full = std::exchange(listing_anew_, false) || list.full;
    if (full) {
        peers_.forget_presence();
        catching_up_ = true;
    }
    users_version_ = list.version;
    std::vector<event::UserEntry> rows;
    const auto add = [&](const std::string& name, bool online) {
        if (peers_.listed() < kMaxUsers || peers_.is_listed(name)) {
            peers_.set_presence(name, online);
            rows.push_back(peers_.row(name));
        }
    };
    for (const std::string& name : list.online) {
        const bool was_online = peers_.is_online(name);
        add(name, true);
        if (!catching_up_) {
            listener_.peer_returned(name, {was_online, polled_at_, listed_as_of_});
        }
    }
    for (const std::string& name : list.offline) {
        add(name, false);
        listener_.peer_left(name, poll_sent_);
    }
    polled_at_ = env_.now.monotonic;
    if (full || !rows.empty()) {
        env_.out.event(event::UsersChanged{full, std::move(rows)});
    }
    if (list.more) {
        poll();
        return;
    }
    listed_as_of_ = poll_sent_;
    if (std::exchange(catching_up_, false)) {
        listener_.list_complete(poll_sent_);
    }
}

void Roster::found(Search search, const wire::UserList& list) {
    const auto answering = env_.out.answer(search.cause);
    const ContactBook& book = peers_.book();
    std::vector<event::UserEntry> rows;
    for (const std::string& name : list.online) {
        rows.push_back({name, true, book.trust_of(name), book.blocked(name)});
    }
    for (const std::string& name : list.offline) {
        rows.push_back({name, false, book.trust_of(name), book.blocked(name)});
    }
    search.found += rows.size();
    // An empty page, or pages without number, would go on for ever.
    const bool more = list.more && !rows.empty() && search.found < kMaxFound;
    env_.out.event(event::SearchResult{search.prefix, std::move(rows), more});
    if (more) {
        const wire::GetUserList next{{}, list.version, search.prefix};
        searches_[send_lookup("user_list", next)] = std::move(search);
    }
}

void Roster::look_up_key(const std::string& user) {
    asking_[send_lookup("get_pubkey", wire::GetPubkey{{}, user})] = {user, env_.out.cause()};
}

bool Roster::looking_up(const std::string& user) const {
    return std::any_of(asking_.begin(), asking_.end(),
                       [&](const auto& lookup) { return lookup.second.user == user; });
}

void Roster::stop_looking_up(const std::string& user) {
    for (auto at = asking_.begin(); at != asking_.end();) {
        at = at->second.user == user ? asking_.erase(at) : std::next(at);
    }
}

void Roster::on(const wire::Pubkey& answer) {
    const auto at = answer.id ? asking_.find(*answer.id) : asking_.end();
    if (at == asking_.end() || at->second.user != answer.user) {
        env_.out.drop();
        return;
    }
    const auto answering = env_.out.answer(at->second.cause);
    asking_.erase(at);
    listener_.key_found(answer.user, answer.identity);
}

void Roster::refused(const wire::ErrorMessage& error) {
    const auto search = error.id ? searches_.find(*error.id) : searches_.end();
    if (search != searches_.end()) {
        const auto answering = env_.out.answer(search->second.cause);
        searches_.erase(search);
        env_.out.warn(env_.now.monotonic, Warnings::Kind::relay, "", sentence(error));
        return;
    }
    const auto at = error.id ? asking_.find(*error.id) : asking_.end();
    if (at == asking_.end()) {
        env_.out.warn(env_.now.monotonic, Warnings::Kind::relay, "", sentence(error));
        return;
    }
    const auto [user, cause] = at->second;
    const auto answering = env_.out.answer(cause);
    asking_.erase(at);
    listener_.key_not_found(user, sentence(error, user));
}

void Roster::tick() {
    if (link_.connected() && poll_at_ && *poll_at_ <= env_.now.monotonic) {
        poll();
    }
}

std::optional<Time> Roster::next_deadline() const {
    return link_.connected() ? poll_at_ : std::nullopt;
}

}  // namespace sotto::client
