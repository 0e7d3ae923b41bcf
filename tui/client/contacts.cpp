// Section 8: pins, key changes, safety numbers; and what all parts of Core use.
#include "crypto/safety_number.h"
#include "net/wire/contact_link.h"
#include "net/wire/user_name.h"
#include "tui/client/core.h"
#include "tui/client/words.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace sotto::client {

namespace {

constexpr Time kBetweenComplaints = std::chrono::minutes(1);

/// The digits of a fingerprint, however they are grouped.
std::string digits(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    return text;
}

bool differ(const event::ChatChanged& a, const event::ChatChanged& b) {
    const auto all = [](const event::ChatChanged& chat) {
        return std::tie(chat.state, chat.trust, chat.suite, chat.epoch, chat.why, chat.needs_suite);
    };
    return all(a) != all(b);
}

}  // namespace

Core::Core(Client::Options options, const crypto::Identity& identity, Store& store,
           crypto::Random& random)
    : options_(std::move(options)),
      identity_(identity),
      store_(store,
             [this](const std::string& why) {
                 if (!complained_at_ || now.monotonic - *complained_at_ >= kBetweenComplaints) {
                     complained_at_ = now.monotonic;
                     notice(event::Notice::Level::error, "", why);
                 }
             }),
      random_(random),
      book_(store_),
      table_(identity, options_.user, random) {}

Conversation& Core::conversation(const std::string& user) {
    Conversation& chat = chats_[user];
    chat.user = user;
    return chat;
}

Conversation* Core::find(const std::string& user) {
    const auto at = chats_.find(user);
    return at == chats_.end() ? nullptr : &at->second;
}

crypto::SecureChannel* Core::channel(const Conversation& chat) {
    return table_.find(chat.user);
}

crypto::SuitePolicy Core::policy(const std::string& user) const {
    crypto::SuitePolicy allowed;
    const StoredContact* contact = book_.find(user);
    if (contact != nullptr) {
        allowed.floor = contact->best_suite;
    }
    return allowed;
}

void Core::apply_policy(const std::string& user) {
    if (crypto::SecureChannel* secure = table_.find(user)) {
        secure->set_policy(policy(user));
    }
}

wire::Route Core::route(Conversation& chat, const crypto::ChatId& id) {
    return {options_.user, chat.user, id, chat.ids.next(id)};
}

void Core::tell(Conversation& chat) {
    crypto::SecureChannel* secure = channel(chat);
    const auto suite = secure != nullptr ? secure->suite() : std::nullopt;
    event::ChatChanged latest{
        chat.key(),
        chat.shown_state(),
        book_.trust_of(chat.user),
        suite ? static_cast<int>(*suite) : 0,
        secure != nullptr ? secure->epoch() : 0,
        chat.shown_why(),
        chat.floor_in_the_way ? static_cast<int>(policy(chat.user).floor) : 0};
    if (!chat.told || differ(*chat.told, latest)) {
        chat.told = latest;
        out.event(std::move(latest));
    }
}

void Core::changed(Conversation& chat, ChatState state, SafeText why) {
    chat.state = state;
    chat.why = std::move(why);
    tell(chat);
}

void Core::notice(event::Notice::Level level, const std::string& user, const std::string& text) {
    out.notice(level, user.empty() ? std::nullopt : std::optional(ChatKey::with(user)), text);
}

void Core::warn_of_others(Warnings::Kind kind, const std::string& user, const std::string& text) {
    if (warnings_.may_say(kind, user, now.monotonic)) {
        notice(event::Notice::Level::warning, user, text);
    }
}

void Core::refuse(RefusalCode code, const std::string& why) {
    out.refuse(code, why);
}

bool Core::ready(const std::string& user) {
    if (!wire::is_user_name(user)) {
        refuse(RefusalCode::bad_name, "that is not a user name");
    } else if (user == options_.user) {
        refuse(RefusalCode::yourself, "that is you");
    } else if (!connected()) {
        refuse(RefusalCode::not_connected, "you are not connected");
    } else if (book_.blocked(user)) {
        refuse(RefusalCode::blocked, user + " is blocked; /unblock " + user + " first");
    } else if (book_.trust_of(user) == Trust::key_changed) {
        refuse(RefusalCode::key_changed,
               "the key of " + user + " has changed; /trust " + user + " settles it");
        tell_key_change(user);
    } else {
        return true;
    }
    return false;
}

event::UserEntry Core::entry(const std::string& user) const {
    const auto at = online_.find(user);
    return {user, at != online_.end() && at->second, book_.trust_of(user), book_.blocked(user)};
}

void Core::show_user(const std::string& user) {
    out.event(event::UsersChanged{false, {entry(user)}});
    if (Conversation* chat = find(user)) {
        tell(*chat);
    }
}

void Core::tell_key_change(const std::string& user) {
    const StoredContact* contact = book_.find(user);
    if (contact != nullptr && contact->key && contact->changed_key) {
        out.event(event::KeyChanged{user, crypto::fingerprint(*contact->key),
                                    crypto::fingerprint(*contact->changed_key), contact->verified});
        changed(conversation(user), ChatState::key_changed,
                SafeText::own("the key of " + user + " changed"));
    }
}

void Core::note_key_change(Conversation& chat, const crypto::PublicKey& seen) {
    if (book_.find(chat.user)->changed_key == seen) {
        drop();  // known, and not settled yet
        return;
    }
    // Consent, pending and outstanding requests of the old key end without a message.
    lose_consent(chat, {});
    table_.erase(chat.user);
    chat.own.reset();
    chat.memory.forget();
    stop_looking_up(chat.user);
    book_.key_changed(chat.user, seen);
    set_aside(chat, "the key changed");
    tell_key_change(chat.user);
    show_user(chat.user);
}

void Core::run(const command::AcceptKeyChange& command) {
    const StoredContact* contact = book_.find(command.user);
    if (contact == nullptr || !contact->key || !contact->changed_key) {
        refuse(RefusalCode::key_not_changed, "the key of " + command.user + " has not changed");
        return;
    }
    const std::string named = digits(command.fingerprint);
    std::string done;
    if (named == digits(crypto::fingerprint(*contact->changed_key))) {
        book_.accept_change(command.user, now.wall_ms);
        done = "you accepted the new key; it is unverified";
    } else if (named == digits(crypto::fingerprint(*contact->key))) {
        book_.keep_key(command.user);
        done = "you kept the old key";
    } else {
        refuse(RefusalCode::wrong_fingerprint,
               "that is neither the old key nor the new one; look at them again");
        tell_key_change(command.user);
        return;
    }
    Conversation& chat = conversation(command.user);
    changed(chat, ChatState::none, SafeText::own(done));
    show_user(command.user);
    raise_held(chat);
}

void Core::run(const command::LowerSuite& command) {
    const StoredContact* contact = book_.find(command.user);
    if (contact == nullptr || contact->best_suite == crypto::Suite::x25519) {
        refuse(RefusalCode::lowest_suite,
               "nothing better than suite 1 is remembered of " + command.user);
        return;
    }
    book_.update(command.user,
                 [](StoredContact& changed) { changed.best_suite = crypto::Suite::x25519; });
    apply_policy(command.user);
    if (Conversation* chat = find(command.user)) {
        chat->floor_in_the_way = false;
        tell(*chat);
        initiate(*chat);
    }
}

void Core::run(const command::Block& command) {
    if (!wire::is_user_name(command.user) || command.user == options_.user) {
        refuse(RefusalCode::bad_name, "that is not another user's name");
        return;
    }
    book_.update(command.user, [](StoredContact& contact) { contact.blocked = true; });
    if (Conversation* chat = find(command.user)) {
        const bool asked = chat->own || looking_up(command.user);
        set_aside(*chat, "blocked");
        stop_looking_up(command.user);
        if (chat->consent) {
            end_by_us(*chat, crypto::Reason::declined_or_blocked,
                      SafeText::own("you blocked " + command.user));
        } else if (asked) {  // also a request that glare kept: no late answer may open a chat
            take_back(*chat);
            changed(*chat, ChatState::none, SafeText::own("you blocked " + command.user));
        }
    }
    show_user(command.user);
}

void Core::run(const command::Unblock& command) {
    if (!book_.blocked(command.user)) {
        refuse(RefusalCode::not_blocked, command.user + " is not blocked");
        return;
    }
    book_.update(command.user, [](StoredContact& contact) { contact.blocked = false; });
    show_user(command.user);
    notice(event::Notice::Level::info, command.user, command.user + " is not blocked any more");
}

void Core::run(const command::ListBlocked& /*command*/) {
    event::BlockedUsers blocked;
    for (const auto& [user, contact] : book_.all()) {
        if (contact.blocked) {
            blocked.users.push_back(entry(user));
        }
    }
    out.event(std::move(blocked));
}

void Core::run(const command::ImportLink& command) {
    const auto link = wire::parse_contact_link(command.link);
    if (!link) {
        refuse(RefusalCode::bad_link, link.error().what);
        return;
    }
    const auto here = wire::parse_address(options_.relay);
    const StoredContact* contact = book_.find(link->user);
    if (!link->identity) {
        refuse(RefusalCode::link_without_key, "the link holds no key");
    } else if (link->user == options_.user) {
        refuse(RefusalCode::yourself, "that is your own link");
    } else if (!here || here->host != link->host || here->port != link->port) {
        refuse(RefusalCode::link_for_other_relay,
               "the link is for another relay: " + link->host + ":" + std::to_string(link->port));
    } else if (link->pin && !pin_) {
        refuse(RefusalCode::not_connected,
               "connect first: the link names the relay's key, which is to be compared");
    } else if (link->pin && *link->pin != *pin_) {
        refuse(RefusalCode::link_with_other_pin,
               "the link names another key of this relay than the one it showed");
    } else if (contact != nullptr && contact->changed_key) {
        refuse(RefusalCode::key_changed,
               "the key of " + link->user + " has changed; settle that first");
    } else if (contact != nullptr && contact->key && *contact->key != *link->identity) {
        refuse(RefusalCode::link_with_other_key,
               "the link's key is not the one that is pinned: a key change, and no link "
               "makes one");
    } else {
        pin_from_link(*link, command.trusted);
    }
}

void Core::pin_from_link(const wire::ContactLink& link, bool trusted) {
    book_.pin(link.user, *link.identity, now.wall_ms);
    book_.update(link.user, [&](StoredContact& pinned) {
        pinned.from_link = true;
        pinned.verified = pinned.verified || trusted;
    });
    show_user(link.user);
    if (link.pin) {  // the one that the relay showed, and from now on decided by (section 1)
        out.effect(effect::StorePin{hex(*link.pin)});
    }
    // Section 4: a request under a key other than the pinned one is a key change; it may have
    // come before the pin.
    Conversation* chat = find(link.user);
    if (chat != nullptr && chat->theirs) {
        const crypto::PublicKey asking = chat->theirs->terms.from.key;
        if (asking != *link.identity) {
            note_key_change(*chat, asking);
        }
    }
}

void Core::run(const command::ShowContact& command) {
    if (!wire::is_user_name(command.user)) {
        refuse(RefusalCode::bad_name, "that is not a user name");
        return;
    }
    const StoredContact* contact = book_.find(command.user);
    event::Contact shown;
    shown.user = command.user;
    std::optional<crypto::PublicKey> key;
    if (command.user == options_.user) {
        key = identity_.public_key();  // one's own link is there to be handed out
    } else if (contact != nullptr) {
        key = contact->key;
        if (contact->changed_key) {
            shown.changed_fingerprint = crypto::fingerprint(*contact->changed_key);
        }
        shown.trust = book_.trust_of(command.user);
        shown.blocked = contact->blocked;
        shown.first_seen_ms = contact->first_seen_ms;
        shown.best_suite = static_cast<int>(contact->best_suite);
    }
    const auto address = wire::parse_address(options_.relay);
    if (key) {
        shown.fingerprint = crypto::fingerprint(*key);
        if (address) {
            shown.link = wire::to_string(
                wire::ContactLink{address->host, address->port, command.user, *key, pin_});
        }
    }
    out.event(std::move(shown));
}

void Core::run(const command::ShowStatus& /*command*/) {
    out.event(event::Status{dropped_});
}

}  // namespace sotto::client
