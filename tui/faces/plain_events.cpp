// What happens, as sentences.
#include "tui/common/words.h"
#include "tui/faces/plain_face.h"

#include <algorithm>

namespace sotto::tui {

namespace {

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

}  // namespace

void PlainFace::show(const client::event::LinkChanged& event) {
    link_ = word(event.state) + (event.relay.empty() ? "" : " " + event.relay) +
            (event.detail.empty() ? "" : ": " + event.detail.str());
    ready_ = ready_ || event.state == client::Link::refused;
    if (news_.is_new(event, link_)) {
        say("* " + link_);
    }
}

void PlainFace::show(const client::event::RelayTrustNeeded& event) {
    ready_ = true;
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
    ready_ = true;
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
    requests_[event.chat.name()] = event.fingerprint;
    say("? " + event.chat.name() + " asks for a chat (" + word(event.trust) + ", key " +
        event.fingerprint + "); /accept " + event.chat.name() + " or /decline " +
        event.chat.name());
}

void PlainFace::show(const client::event::RequestGone& event) {
    requests_.erase(event.chat.name());
    say("* the request of " + event.chat.name() + " is gone: " + event.why.str());
}

void PlainFace::show(const client::event::ChatChanged& event) {
    const auto before = chats_.find(event.chat.name());
    const bool same = before != chats_.end() && before->second.state == event.state &&
                      before->second.trust == event.trust && before->second.why == event.why;
    chats_[event.chat.name()] = event;
    if (same) {
        return follow(event);  // a new epoch is not worth a line
    }
    if (event.trust != client::Trust::key_changed) {  // put away is not settled
        key_changes_.erase(event.chat.name());
    }
    if (event.state == client::ChatState::open && current_.empty()) {
        current_ = event.chat.name();
    }
    say("* " + event.chat.name() + ": " + word(event.state) + ", " + word(event.trust) +
        (event.why.empty() ? "" : " (" + event.why.str() + ")"));
    follow(event);
}

void PlainFace::show(const client::event::MessageAdded& event) {
    say(attributed(event.own ? "you to " + event.chat.name() : event.chat.name(),
                   event.text.str()));
}

void PlainFace::show(const client::event::DeliveryChanged& event) {
    if (event.delivery == client::Delivery::delivered ||
        event.delivery == client::Delivery::discarded) {
        say("* " + word(event.delivery) + " to " + event.chat.name());
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
        const bool changed = !event.changed_fingerprint.empty();
        say((changed ? "  old key " : "  key ") + event.fingerprint);
        if (changed) {
            say("  new key " + event.changed_fingerprint);
        }
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
    const auto chat = event.chat ? chats_.find(event.chat->name()) : chats_.end();
    if (chat != chats_.end() && repeats(event.text, chat->second.why)) {
        return;
    }
    say((event.level == client::event::Notice::Level::info ? "* " : "! ") + event.text.str());
}

void PlainFace::show(const client::event::Refused& event) {
    say("! " + word(event));
    ready_ = true;  // with another pin than the one that was shown, say
    if (!std::exchange(asked_, "").empty() && way_) {
        back_from_failed_request();
        way_.reset();
    }
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
