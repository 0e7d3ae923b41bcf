#include "tui/faces/plain_sentences.h"

#include "tui/common/words.h"

#include <algorithm>

namespace sotto::tui {

namespace event = client::event;

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

/// What needs no line.
template <class Other>
Sentences tell(const Other& /*event*/, const ClientView& /*before*/) {
    return {};
}

Sentences tell(const event::RelayTrustNeeded& needed, const ClientView& /*before*/) {
    return {"? the relay " + needed.relay + " is new to you. Its pin is", "?   " + needed.pin_hex,
            "? compare it with what its operator tells you; then: /agree " + needed.pin_hex};
}

Sentences tell(const event::RelayKeyChanged& changed, const ClientView& /*before*/) {
    return {"! THE KEY OF THE RELAY " + changed.relay + " HAS CHANGED; nothing was sent to it",
            "!   pinned: " + changed.stored_hex, "!   seen:   " + changed.seen_hex};
}

Sentences tell(const event::Registered& self, const ClientView& /*before*/) {
    return {"* you are " + self.user + ", fingerprint " + self.fingerprint};
}

Sentences tell(const event::SearchResult& result, const ClientView& /*before*/) {
    Sentences out;
    for (const auto& user : result.users) {
        out.push_back(row_of(user));
    }
    if (out.empty() && !result.more) {
        out.push_back("  nobody's name begins with " + result.prefix);
    }
    return out;
}

Sentences tell(const event::RequestArrived& request, const ClientView& /*before*/) {
    return {"? " + request.chat.name() + " asks for a chat (" + word(request.trust) + ", key " +
            request.fingerprint + "); /accept " + request.chat.name() + " or /decline " +
            request.chat.name()};
}

Sentences tell(const event::RequestGone& gone, const ClientView& /*before*/) {
    return {"* the request of " + gone.chat.name() + " is gone: " + gone.why.str()};
}

/// A new epoch is not worth a line.
Sentences tell(const event::ChatChanged& chat, const ClientView& before) {
    const auto known = before.chats.find(chat.chat);
    if (known != before.chats.end()) {
        const event::ChatChanged& was = known->second.about;
        if (was.state == chat.state && was.trust == chat.trust && was.why == chat.why) {
            return {};
        }
    }
    return {"* " + chat.chat.name() + ": " + word(chat.state) + ", " + word(chat.trust) +
            (chat.why.empty() ? "" : " (" + chat.why.str() + ")")};
}

Sentences tell(const event::MessageAdded& message, const ClientView& /*before*/) {
    return {attributed(message.own ? "you to " + message.chat.name() : message.chat.name(),
                       message.text.str())};
}

Sentences tell(const event::DeliveryChanged& text, const ClientView& /*before*/) {
    const bool over = text.delivery == client::Delivery::delivered ||
                      text.delivery == client::Delivery::discarded;
    return over ? Sentences{"* " + word(text.delivery) + " to " + text.chat.name()} : Sentences{};
}

Sentences tell(const event::KeyChanged& change, const ClientView& /*before*/) {
    return sentences_of(change);
}

Sentences tell(const event::SafetyNumber& number, const ClientView& /*before*/) {
    std::string groups;
    for (const int position : number.asked) {
        groups += (groups.empty()                    ? ""
                   : position == number.asked.back() ? " and "
                                                     : ", ") +
                  std::to_string(position);
    }
    return {"safety number with " + number.user + (number.verified ? " (verified):" : ":"),
            "  " + grouped(number),
            "in person or by voice: " + number.user + " runs /verify too and reads out groups " +
                groups + "; then: /confirm " + number.user + " DIGITS"};
}

Sentences tell(const event::Contact& contact, const ClientView& /*before*/) {
    Sentences out{"  " + contact.user + ": " + word(contact.trust) +
                  (contact.blocked ? ", blocked" : "")};
    if (contact.fingerprint.empty()) {
        return out;
    }
    const bool changed = !contact.changed_fingerprint.empty();
    out.push_back((changed ? "  old key " : "  key ") + contact.fingerprint);
    if (changed) {
        out.push_back("  new key " + contact.changed_fingerprint);
    }
    out.push_back("  link " + contact.link);
    return out;
}

Sentences tell(const event::BlockedUsers& blocked, const ClientView& /*before*/) {
    Sentences out{blocked.users.empty() ? "nobody is blocked" : "blocked:"};
    for (const auto& user : blocked.users) {
        out.push_back("  " + user.name);
    }
    return out;
}

Sentences tell(const event::Status& status, const ClientView& before) {
    Sentences out{"  " + sentence_of(before.link), "  dropped: " + std::to_string(status.dropped)};
    for (const auto& [key, chat] : before.chats) {
        out.push_back("  " + key.name() + ": " + word(chat.about.state) + ", " +
                      word(chat.about.trust));
    }
    return out;
}

Sentences tell(const event::Notice& notice, const ClientView& before) {
    if (notice.chat && repeats(notice.text, before.chat(*notice.chat).about.why)) {
        return {};
    }
    return {(notice.level == event::Notice::Level::info ? "* " : "! ") + notice.text.str()};
}

Sentences tell(const event::Refused& refused, const ClientView& /*before*/) {
    return {"! " + word(refused)};
}

Sentences tell(const event::Finished& /*event*/, const ClientView& /*before*/) {
    return {"* bye"};
}

}  // namespace

Sentences PlainSentences::of(const client::Event& event, const ClientView& before) {
    if (const auto* link = std::get_if<event::LinkChanged>(&event.what)) {
        const std::string line = sentence_of(*link);
        return news_.is_new(*link, line) ? Sentences{"* " + line} : Sentences{};
    }
    return std::visit([&](const auto& one) { return tell(one, before); }, event.what);
}

std::string sentence_of(const event::LinkChanged& link) {
    return word(link.state) + (link.relay.empty() ? "" : " " + link.relay) +
           (link.detail.empty() ? "" : ": " + link.detail.str());
}

Sentences sentences_of(const event::KeyChanged& change) {
    return {"! THE KEY OF " + change.user + " HAS CHANGED" +
                (change.was_verified ? " (it was verified)" : "") +
                "; nothing is sent until you settle it",
            "!   old: " + change.old_fingerprint, "!   new: " + change.new_fingerprint,
            "! ask " + change.user + " by another way; then: /trust " + change.user + " " +
                change.new_fingerprint};
}

std::string row_of(const event::UserEntry& user) {
    return "  " + user.name + (user.online ? " online " : " offline ") + word(user.trust) +
           (user.blocked ? ", blocked" : "");
}

}  // namespace sotto::tui
