// What arrives: events become state. Nothing here moves a selection or takes the focus.
#include "tui/common/words.h"
#include "tui/model/model.h"
#include "tui/model/pages.h"

#include <algorithm>
#include <utility>

namespace sotto::tui {

namespace event = client::event;
using client::SafeText;

namespace {

constexpr std::size_t kMaxWire = 300;

}  // namespace

Model::Model(LocalTime local, EmojiWidth emoji) {
    state_.local = local;
    state_.emoji = emoji;
    state_.chats.emplace_back();
    for (const char* line :
         {"This is sotto. F1 shows the keys and commands.",
          "F2 goes to the users: Enter on a name asks for a chat.",
          "F3 goes to the requests of others: a accepts one.", "/quit leaves."}) {
        say(state_.chats.front(), LogEntry::Kind::notice, SafeText::own(line));
    }
}

void Model::on_event(const client::Event& what, std::uint64_t wall_ms) {
    wall_ms_ = wall_ms;
    if (!std::holds_alternative<event::Refused>(what)) {
        tally_.observe(what);  // a text that is refused goes back into the line: not lost
    }
    std::visit([this](const auto& one) { on(one); }, what);
    state_.users_selection.remember(state_.user_rows());
    state_.requests_selection.remember(state_.request_rows());
}

std::vector<client::Command> Model::take_commands() {
    return std::exchange(commands_, {});
}
std::vector<Model::Effect> Model::take_effects() {
    return std::exchange(effects_, {});
}

Chat& Model::chat_with(const std::string& user) {
    if (Chat* chat = state_.find(user)) {
        return *chat;
    }
    Chat chat;
    chat.user = user;
    chat.about.user = user;
    state_.chats.push_back(std::move(chat));
    return state_.chats.back();
}

void Model::say(Chat& chat, LogEntry::Kind kind, SafeText text) {
    LogEntry entry;
    entry.kind = kind;
    entry.time_ms = wall_ms_;
    entry.text = std::move(text);
    chat.log.add(std::move(entry));
}

/// Where the person looks: an answer to what was just typed.
void Model::say_here(LogEntry::Kind kind, const std::string& text) {
    say(state_.chat(), kind, SafeText::from(text, SafeText::Lines::many));
    state_.chat().scroll.reset();
}

/// The person sees what is added to this chat now.
bool Model::watching(const Chat& chat) const {
    return &chat == &state_.chat() && !chat.scroll && state_.window_focused &&
           std::holds_alternative<std::monostate>(state_.overlay) && !state_.layout().chat.empty();
}

void Model::on(const event::LinkChanged& what) {
    state_.link = what;
    state_.relay_key = State::RelayKey::in_order;  // until more is told
    const bool refused_by_us = std::exchange(distrusted_, false);
    const std::string line = word(what.state) + " " + what.relay +
                             (what.detail.empty() ? "" : ": " + what.detail.str()) +
                             (refused_by_us ? "; /connect asks again" : "");
    const bool passing = what.state == client::Link::connecting ||
                         (what.state == client::Link::registering && what.detail.empty());
    if (news_.is_new(what, line) && !passing) {
        say(state_.chats.front(), LogEntry::Kind::notice, SafeText::own(line));
    }
}

void Model::on(const event::RelayTrustNeeded& what) {
    state_.relay_key = State::RelayKey::unknown;
    state_.overlay = relay_question(what);
}

void Model::on(const event::RelayKeyChanged& what) {
    state_.relay_key = State::RelayKey::changed;
    state_.overlay = relay_key_page(what);
    say(state_.chats.front(), LogEntry::Kind::error,
        SafeText::own("the key of the relay " + what.relay +
                      " has changed; nothing was sent to it. Pinned " + what.stored_hex +
                      ", seen " + what.seen_hex));
}

void Model::on(const event::Registered& what) {
    state_.own_name = what.user;
    state_.own_fingerprint = what.fingerprint;
    say(state_.chats.front(), LogEntry::Kind::notice,
        SafeText::own("you are " + what.user + ", fingerprint " + what.fingerprint));
}

void Model::on(const event::UsersChanged& what) {
    if (what.full) {
        state_.users.clear();
    }
    for (const auto& user : what.users) {
        const auto before = state_.users.find(user.name);
        const bool was_blocked = before != state_.users.end() && before->second.blocked;
        if (was_blocked && !user.blocked && !user.online && user.trust == client::Trust::unknown) {
            state_.users.erase(before);  // stood there for the block alone
            continue;
        }
        state_.users[user.name] = user;
    }
}

void Model::on(const event::SearchResult& what) {
    Page page = search_page(what);
    auto* open = std::get_if<Page>(&state_.overlay);
    if (open != nullptr && open->title == page.title) {  // more of the same search
        open->lines.insert(open->lines.end(), page.lines.begin(), page.lines.end());
    } else {
        state_.overlay = std::move(page);
    }
}

void Model::on(const event::RequestArrived& what) {
    auto& requests = state_.requests;
    const auto at = std::find_if(requests.begin(), requests.end(),
                                 [&](const auto& one) { return one.user == what.user; });
    if (at == requests.end()) {
        requests.push_back(what);
    } else {
        *at = what;
    }
    effects_.push_back(Effect::bell);
}

void Model::on(const event::RequestGone& what) {
    auto& requests = state_.requests;
    const std::vector<std::string> rows = state_.request_rows();
    requests.erase(std::remove_if(requests.begin(), requests.end(),
                                  [&](const auto& one) { return one.user == what.user; }),
                   requests.end());
    if (std::exchange(answered_, "") == what.user) {
        state_.requests_selection.move_on(rows, state_.request_rows());
    }
    Chat* chat = state_.find(what.user);
    if (chat == nullptr) {
        return;
    }
    if (chat->logged_state == client::ChatState::asked) {
        chat->logged_state = client::ChatState::none;  // another request is news
    }
    if (nothing_in(*chat) && what.user != wanted_chat_) {
        remove_chat(static_cast<std::size_t>(chat - state_.chats.data()));
    } else if (!what.why.empty()) {
        say(*chat, LogEntry::Kind::notice, SafeText::own("request: " + what.why.str()));
    }
}

/// The page of a stranger who merely asked; what is shown or written in stays.
bool Model::nothing_in(const Chat& chat) const {
    bool empty = &chat != &state_.chat() && chat.draft.empty() &&
                 chat.about.state == client::ChatState::asked;
    for (auto at = chat.log.begin(); empty && at < chat.log.end(); ++at) {
        empty = chat.log.at(at).kind != LogEntry::Kind::message;
    }
    return empty;
}

void Model::on(const event::ChatChanged& what) {
    if (state_.find(what.user) == nullptr && what.state == client::ChatState::none &&
        what.why.empty()) {
        return;
    }
    Chat& chat = chat_with(what.user);
    const event::ChatChanged before = std::exchange(chat.about, what);
    if (what.trust != before.trust) {
        renew_request(what.user, what.trust);
    }
    if (what.trust != client::Trust::key_changed) {  // put away is not settled
        chat.key_changed.reset();
    }
    if (what.state != client::ChatState::open) {
        chat.typing = false;
    }
    log_state(chat, before);
    if (what.trust == client::Trust::verified && before.trust != what.trust &&
        before.trust != client::Trust::unknown) {
        if (what.user != std::exchange(confirming_, "")) {  // of that the client tells itself
            say(chat, LogEntry::Kind::notice, SafeText::own(what.user + " is VERIFIED"));
        }
        const auto* open = std::get_if<Verification>(&state_.overlay);
        if (open != nullptr && open->number.user == what.user) {
            state_.overlay = std::monostate();
        }
    }
    if (what.user == wanted_chat_) {
        wanted_chat_.clear();
        go_to(static_cast<std::size_t>(&chat - state_.chats.data()));
        state_.focus = Focus::input;
    }
}

/// What a request that waits says of its sender is what holds now.
void Model::renew_request(const std::string& user, client::Trust trust) {
    const auto at = std::find_if(state_.requests.begin(), state_.requests.end(),
                                 [&](const auto& one) { return one.user == user; });
    if (at == state_.requests.end()) {
        return;
    }
    at->trust = trust;
    Page page = request_page(*at, state_.local);
    auto* open = std::get_if<Page>(&state_.overlay);
    if (open != nullptr && open->title == page.title) {
        page.top = open->top;
        *open = std::move(page);
    }
}

/// A line in the log when the state of the chat is another than the last that was said. What
/// passes by itself stands in the banner only: tries to come back would fill the log.
void Model::log_state(Chat& chat, const event::ChatChanged& before) {
    using client::ChatState;
    const event::ChatChanged& now = chat.about;
    const bool silent = now.state == ChatState::none || now.state == ChatState::securing;
    const bool same = now.state == before.state && now.why == before.why;
    const bool said =
        chat.logged_state == now.state && (now.state == ChatState::broken || now.why == before.why);
    if (silent ? same || now.why.empty() || chat.logged_state == ChatState::broken : said) {
        return;
    }
    if (!silent) {
        chat.logged_state = now.state;
    }
    say(chat, LogEntry::Kind::notice,
        SafeText::own((silent ? "" : word(now.state)) + (silent || now.why.empty() ? "" : ": ") +
                      now.why.str()));
}

void Model::on(const event::MessageAdded& what) {
    Chat& chat = chat_with(what.user);
    LogEntry entry;
    entry.kind = LogEntry::Kind::message;
    entry.id = what.id;
    entry.own = what.own;
    entry.time_ms = what.time_ms;
    entry.text = what.text;
    entry.delivery = what.delivery;
    const bool seen = watching(chat);
    chat.typing = chat.typing && what.own;
    chat.log.add(std::move(entry), seen);
    if (what.own) {
        if (handed_over_ && handed_over_->user == what.user && &chat != &state_.chat()) {
            state_.hint = "sent to the chat with " + what.user;  // else nothing would be seen of it
        }
        handed_over_.reset();
        chat.scroll.reset();
    } else if (!seen) {
        effects_.push_back(Effect::bell);
    }
}

void Model::on(const event::DeliveryChanged& what) {
    if (Chat* chat = state_.find(what.user)) {
        chat->log.set_delivery(what.id, what.delivery);
    }
}

void Model::on(const event::PeerTyping& what) {
    if (Chat* chat = state_.find(what.user)) {
        chat->typing = what.on;
    }
}

void Model::on(const event::KeyChanged& what) {
    Chat& chat = chat_with(what.user);
    chat.key_changed = what;
    say(chat, LogEntry::Kind::error,
        SafeText::own("the key of " + what.user + " has changed: old " + what.old_fingerprint +
                      (what.was_verified ? " (verified)" : "") + ", new " + what.new_fingerprint));
    effects_.push_back(Effect::bell);
}

void Model::on(const event::SafetyNumber& what) {
    state_.overlay = Verification{what, "", "", false, 0};
}

void Model::on(const event::Contact& what) {
    state_.overlay = std::exchange(wanted_qr_, false) && !what.link.empty()
                         ? link_page(what)
                         : contact_page(what, state_.local);
}

void Model::on(const event::BlockedUsers& what) {
    state_.overlay = blocked_page(what);
}

void Model::on(const event::Status& what) {
    state_.overlay = status_page(state_, what);
}

void Model::on(const event::Notice& what) {
    auto* open = std::get_if<Verification>(&state_.overlay);
    if (open != nullptr && open->number.user == what.user) {
        open->verdict = what.text.str();  // the log lies under it
        open->wrong = what.level != event::Notice::Level::info;
        open->top = Page::kEnd;
    }
    if (!what.user.empty() && what.user == std::exchange(unblocked_, "")) {
        say_here(LogEntry::Kind::notice, what.text.str());
        return;
    }
    Chat* chat = what.user.empty() ? &state_.chats.front() : state_.find(what.user);
    if (chat != nullptr && !chat->log.empty() && repeats(what.text, chat->about.why) &&
        chat->log.at(chat->log.end() - 1).text == chat->about.why) {
        return;
    }
    say(chat != nullptr ? *chat : state_.chats.front(),
        what.level == event::Notice::Level::info ? LogEntry::Kind::notice : LogEntry::Kind::error,
        what.text);
}

void Model::on(const event::Refused& what) {
    wanted_chat_.clear();
    wanted_qr_ = false;
    confirming_.clear();
    unblocked_.clear();
    answered_.clear();
    distrusted_ = false;
    if (auto* open = std::get_if<Verification>(&state_.overlay)) {
        open->verdict = what.why.str();
        open->wrong = true;
        open->typed.clear();
        open->top = Page::kEnd;
        return;
    }
    say_here(LogEntry::Kind::error, word(what));
    if (what.command == "send") {
        put_back();
    }
}

void Model::on(const event::WireSeen& what) {
    if (what.type == "user_list") {
        return;  // polls would push out everything else
    }
    state_.wire.push_back(what);
    if (state_.wire.size() > kMaxWire) {
        state_.wire.pop_front();
    }
    auto* open = std::get_if<Page>(&state_.overlay);
    if (open != nullptr && open->kind == Page::Kind::wire) {
        const int top = open->top;
        *open = wire_page(state_.wire);
        open->top = top;
    }
}

void Model::on(const event::Finished& /*what*/) {
    state_.link.state = client::Link::offline;
}

}  // namespace sotto::tui
