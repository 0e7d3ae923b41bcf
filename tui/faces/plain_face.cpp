#include "tui/faces/plain_face.h"

#include "tui/faces/attributed.h"
#include "tui/model/words.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sotto::tui {

namespace {

constexpr std::size_t kMaxLine = 32 * 1024;

/// The digits in groups of five. Those that are asked for are hidden: they are to be heard
/// from the peer, not copied.
std::string grouped(const client::event::SafetyNumber& number) {
    constexpr std::size_t size = 5;
    std::string out;
    for (std::size_t i = 0; i * size < number.digits.size(); ++i) {
        const auto& asked = number.asked;
        const bool hidden =
            std::find(asked.begin(), asked.end(), static_cast<int>(i) + 1) != asked.end();
        out += (i != 0 ? " " : "") +
               (hidden ? std::string(size, '.') : number.digits.substr(i * size, size));
    }
    return out;
}

std::string row_of(const client::event::UserEntry& user) {
    return "  " + user.name + (user.online ? " online " : " offline ") + word(user.trust) +
           (user.blocked ? ", blocked" : "");
}

}  // namespace

PlainFace::PlainFace(int input, int output, Sink sink, bool show_wire)
    : input_(input, kMaxLine), output_(output), sink_(std::move(sink)), wire_(show_wire) {}

void PlainFace::say(const std::string& text) {
    if (!output_.line(text)) {
        leave();  // nobody reads any more
    }
}

void PlainFace::on_event(const client::Event& event, Time /*now*/) {
    tally_.observe(event);
    std::visit([this](const auto& one) { show(one); }, event);
    leave_when_settled();
}

void PlainFace::on_input(Time /*now*/) {
    input_.read();
    while (const auto next = input_.next()) {
        if (next->too_long) {
            tally_.lose();
            say("! that line is too long; it was dropped");
        } else {
            line(next->text);
        }
    }
    leave_when_settled();
}

void PlainFace::leave_when_settled() {
    if (input_.ended() && tally_.settled()) {
        leave();
    }
}

void PlainFace::leave() {
    if (!std::exchange(leaving_, true)) {
        sink_(client::command::Quit{});
    }
}

Current PlainFace::current() const {
    return {current_, requests_.size() == 1 ? requests_.begin()->first : ""};
}

void PlainFace::line(const std::string& text) {
    if (text.empty()) {
        return;
    }
    const Understood understood = understand(
        text, {current_, requests_.size() == 1 ? requests_.begin()->first : std::string()});
    if (const auto* wrong = std::get_if<Misunderstood>(&understood)) {
        if (text.front() != '/' || text.substr(0, 2) == "//") {
            tally_.lose();  // it was meant for somebody
        }
        say("! " + wrong->why);
    } else if (const auto* command = std::get_if<client::Command>(&understood)) {
        sink_(*command);
    } else {
        act(std::get<FaceRequest>(understood));
    }
}

void PlainFace::act(const FaceRequest& request) {
    using Act = void (PlainFace::*)(const std::string& argument);
    static const std::map<FaceAction, Act> acts{
        {FaceAction::help, &PlainFace::help},
        {FaceAction::select, &PlainFace::select},
        {FaceAction::next_chat, &PlainFace::next_chat},
        {FaceAction::previous_chat, &PlainFace::previous_chat},
        {FaceAction::trust, &PlainFace::ask_trust},
        {FaceAction::qr, &PlainFace::show_link},
        {FaceAction::users, &PlainFace::list_users},
        {FaceAction::requests, &PlainFace::list_requests},
        {FaceAction::fingerprint, &PlainFace::tell_fingerprint},
        {FaceAction::wire, &PlainFace::toggle_wire},
    };
    const auto act = acts.find(request.action);
    if (act == acts.end()) {
        say("! that is for the full screen; here everything stands in its line");
    } else {
        (this->*act->second)(request.argument);
    }
}

void PlainFace::help(const std::string& word) {
    for (const CommandRow& row : command_table()) {
        const std::string text = "/" + std::string(row.name) + " " + std::string(row.arguments) +
                                 "  " + std::string(row.help);
        if (text.find(word) != std::string::npos) {
            say(text);
        }
    }
}

void PlainFace::select(const std::string& user) {
    const auto chat = chats_.find(user);
    const bool open = chat != chats_.end() && is_current(chat->second.state);
    current_ = user;
    if (open) {
        say("* now to " + user);
    } else {
        sink_(client::command::RequestChat{user});
    }
}

void PlainFace::next_chat(const std::string& /*argument*/) {
    const auto at = chats_.upper_bound(current_);
    go_to(at == chats_.end() ? chats_.begin() : at);
}

void PlainFace::previous_chat(const std::string& /*argument*/) {
    const auto at = chats_.lower_bound(current_);
    go_to(at == chats_.begin() ? chats_.end() : at, -1);
}

void PlainFace::go_to(Chats::const_iterator chat, int step) {
    if (chats_.empty()) {
        say("! there is no chat to go to; /chat NAME asks for one");
        return;
    }
    current_ = std::next(chat, step)->first;
    say("* now to " + current_);
}

void PlainFace::ask_trust(const std::string& user) {
    const auto change = key_changes_.find(user);
    if (change == key_changes_.end()) {
        say("! the key of " + user + " has not changed");
    } else {
        show(change->second);
    }
}

/// No code of blocks: a screen reader could only spell it out.
void PlainFace::show_link(const std::string& user) {
    sink_(client::command::ShowContact{user.empty() ? own_ : user});
}

void PlainFace::list_users(const std::string& /*argument*/) {
    for (const auto& [name, user] : users_) {
        say(row_of(user));
    }
    sink_(client::command::RefreshUsers{});
}

void PlainFace::list_requests(const std::string& /*argument*/) {
    say(requests_.empty() ? "no requests wait" : "requests:");
    for (const auto& [user, print] : requests_) {
        say("  " + user + "  " + print);
    }
}

void PlainFace::tell_fingerprint(const std::string& /*argument*/) {
    say("your fingerprint: " + fingerprint_);
}

void PlainFace::toggle_wire(const std::string& /*argument*/) {
    wire_ = !wire_;
    say(wire_ ? "showing the wire" : "hiding the wire");
}

void PlainFace::show(const client::event::LinkChanged& event) {
    link_ = word(event.state) + (event.relay.empty() ? "" : " " + event.relay) +
            (event.detail.empty() ? "" : ": " + event.detail.str());
    say("* " + link_);
}

void PlainFace::show(const client::event::RelayTrustNeeded& event) {
    say("? the relay " + event.relay + " is new to you. Its pin is");
    say("?   " + event.pin_hex);
    say("? compare it with what its operator tells you; then: /agree " + event.pin_hex);
}

void PlainFace::show(const client::event::RelayKeyChanged& event) {
    say("! THE KEY OF THE RELAY " + event.relay + " HAS CHANGED; nothing was sent to it");
    say("!   pinned: " + event.stored_hex);
    say("!   seen:   " + event.seen_hex);
}

void PlainFace::show(const client::event::Registered& event) {
    own_ = event.user;
    fingerprint_ = event.fingerprint;
    say("* you are " + event.user + ", fingerprint " + event.fingerprint);
}

void PlainFace::show(const client::event::UsersChanged& event) {
    if (event.full) {
        users_.clear();
    }
    for (const auto& user : event.users) {
        users_[user.name] = user;
    }
}

void PlainFace::show(const client::event::SearchResult& event) {
    for (const auto& user : event.users) {
        say(row_of(user));
    }
    if (event.users.empty() && !event.more) {
        say("  nobody's name begins with " + event.prefix);
    }
}

void PlainFace::show(const client::event::RequestArrived& event) {
    requests_[event.user] = event.fingerprint;
    say("? " + event.user + " asks for a chat (" + word(event.trust) + ", key " +
        event.fingerprint + "); /accept " + event.user + " or /decline " + event.user);
}

void PlainFace::show(const client::event::RequestGone& event) {
    requests_.erase(event.user);
    say("* the request of " + event.user + " is gone: " + event.why.str());
}

void PlainFace::show(const client::event::ChatChanged& event) {
    const auto before = chats_.find(event.user);
    const bool same = before != chats_.end() && before->second.state == event.state &&
                      before->second.trust == event.trust && before->second.why == event.why;
    chats_[event.user] = event;
    if (same) {
        return;  // a new epoch is not worth a line
    }
    if (event.state != client::ChatState::key_changed) {
        key_changes_.erase(event.user);
    }
    if (event.state == client::ChatState::open && current_.empty()) {
        current_ = event.user;
    }
    say("* " + event.user + ": " + word(event.state) + ", " + word(event.trust) +
        (event.why.empty() ? "" : " (" + event.why.str() + ")"));
}

void PlainFace::show(const client::event::MessageAdded& event) {
    say(attributed(event.own ? "you to " + event.user : event.user, event.text.str()));
}

void PlainFace::show(const client::event::DeliveryChanged& event) {
    if (event.delivery == client::Delivery::delivered ||
        event.delivery == client::Delivery::discarded) {
        say("* " + word(event.delivery) + " to " + event.user);
    }
}

void PlainFace::show(const client::event::PeerTyping& /*event*/) {}

void PlainFace::show(const client::event::KeyChanged& event) {
    key_changes_[event.user] = event;
    say("! THE KEY OF " + event.user + " HAS CHANGED" +
        (event.was_verified ? " (it was verified)" : "") + "; nothing is sent until you settle it");
    say("!   old: " + event.old_fingerprint);
    say("!   new: " + event.new_fingerprint);
    say("! ask " + event.user + " by another way; then: /trust " + event.user + " " +
        event.new_fingerprint);
}

void PlainFace::show(const client::event::SafetyNumber& event) {
    std::string groups;
    for (const int position : event.asked) {
        groups += (groups.empty()                   ? ""
                   : position == event.asked.back() ? " and "
                                                    : ", ") +
                  std::to_string(position);
    }
    say("safety number with " + event.user + (event.verified ? " (verified):" : ":"));
    say("  " + grouped(event));
    say("in person or by voice: " + event.user + " runs /verify too and reads out groups " +
        groups + "; then: /confirm " + event.user + " DIGITS");
}

void PlainFace::show(const client::event::Contact& event) {
    say("  " + event.user + ": " + word(event.trust) + (event.blocked ? ", blocked" : ""));
    if (!event.fingerprint.empty()) {
        say("  key " + event.fingerprint);
        say("  link " + event.link);
    }
}

void PlainFace::show(const client::event::BlockedUsers& event) {
    say(event.users.empty() ? "nobody is blocked" : "blocked:");
    for (const auto& user : event.users) {
        say("  " + user.name);
    }
}

void PlainFace::show(const client::event::Status& event) {
    say("  " + link_);
    say("  dropped: " + std::to_string(event.dropped));
    for (const auto& [user, chat] : chats_) {
        say("  " + user + ": " + word(chat.state) + ", " + word(chat.trust));
    }
}

void PlainFace::show(const client::event::Notice& event) {
    say((event.level == client::event::Notice::Level::info ? "* " : "! ") + event.text.str());
}

void PlainFace::show(const client::event::Refused& event) {
    say("! " + word(event));
}

void PlainFace::show(const client::event::WireSeen& event) {
    if (wire_) {
        say((event.outgoing ? "-> " : "<- ") + event.json.str());
    }
}

void PlainFace::show(const client::event::Finished& /*event*/) {
    say("* bye");
}

}  // namespace sotto::tui
