// Section 8: pins, key changes, safety numbers; and what all parts of Core use.
#include "crypto/safety_number.h"
#include "net/wire/contact_link.h"
#include "net/wire/user_name.h"
#include "tui/client/core.h"

#include <utility>

namespace sotto::client {

Core::Core(Client::Options options, const crypto::Identity& identity, Store& store,
           crypto::Random& random)
    : options_(std::move(options)),
      identity_(identity),
      store_(store),
      random_(random),
      book_(store),
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
    crypto::SuitePolicy out;
    const StoredContact* contact = book_.find(user);
    if (contact != nullptr) {
        out.floor = contact->best_suite;
        out.best = std::max(out.best, out.floor);
    }
    return out;
}

void Core::apply_policy(const std::string& user) {
    if (crypto::SecureChannel* secure = table_.find(user)) {
        secure->set_policy(policy(user));
    }
}

wire::Route Core::route(Conversation& chat, const crypto::ChatId& id) {
    return {options_.user, chat.user, id, ++chat.last_id[id]};
}

void Core::tell(Conversation& chat) {
    crypto::SecureChannel* secure = channel(chat);
    const auto suite = secure != nullptr ? secure->suite() : std::nullopt;
    events.emplace_back(event::ChatChanged{chat.user, chat.state, book_.trust_of(chat.user),
                                           suite ? static_cast<int>(*suite) : 0,
                                           secure != nullptr ? secure->epoch() : 0, chat.why});
}

void Core::changed(Conversation& chat, ChatState state, SafeText why) {
    chat.state = state;
    chat.why = std::move(why);
    tell(chat);
}

void Core::notice(event::Notice::Level level, const std::string& user, std::string text) {
    events.emplace_back(event::Notice{level, user, SafeText::from(text)});
}

void Core::refuse(std::string command, std::string why) {
    events.emplace_back(event::Refused{std::move(command), SafeText::from(why)});
}

bool Core::ready(const char* command, const std::string& user) {
    if (!wire::is_user_name(user)) {
        refuse(command, "that is not a user name");
    } else if (user == options_.user) {
        refuse(command, "that is you");
    } else if (!connected()) {
        refuse(command, "you are not connected");
    } else if (book_.blocked(user)) {
        refuse(command, user + " is blocked; /unblock " + user + " first");
    } else if (book_.trust_of(user) == Trust::key_changed) {
        refuse(command, "the key of " + user + " has changed; /trust " + user + " settles it");
    } else {
        return true;
    }
    return false;
}

void Core::show_user(const std::string& user) {
    const auto at = online_.find(user);
    events.emplace_back(event::UsersChanged{
        false,
        {{user, at != online_.end() && at->second, book_.trust_of(user), book_.blocked(user)}}});
    if (Conversation* chat = find(user)) {
        tell(*chat);
    }
}

void Core::note_key_change(Conversation& chat, const crypto::PublicKey& seen) {
    const StoredContact& contact = *book_.find(chat.user);
    const std::string old_fingerprint = crypto::fingerprint(*contact.key);
    const bool was_verified = contact.verified;
    // Consent, pending and outstanding requests of the old key end without a message.
    table_.erase(chat.user);
    chat.consent.reset();
    chat.own.reset();
    chat.answered.reset();
    chat.retry_at.reset();
    chat.step1_by.reset();
    if (chat.theirs) {
        chat.theirs.reset();
        events.emplace_back(event::RequestGone{chat.user, SafeText::own("the key changed")});
    }
    book_.key_changed(chat.user, seen);
    events.emplace_back(
        event::KeyChanged{chat.user, old_fingerprint, crypto::fingerprint(seen), was_verified});
    changed(chat, ChatState::key_changed, SafeText::own("the key of " + chat.user + " changed"));
    show_user(chat.user);
}

void Core::run(const command::AcceptKeyChange& command) {
    const StoredContact* contact = book_.find(command.user);
    if (contact == nullptr || !contact->changed_key) {
        refuse("trust", "the key of " + command.user + " has not changed");
        return;
    }
    if (crypto::fingerprint(*contact->changed_key) != command.fingerprint) {
        refuse("trust", "the key changed once more; look at it again");
        return;
    }
    book_.accept_change(command.user, now.wall_ms);
    changed(conversation(command.user), ChatState::none,
            SafeText::own("you accepted the new key; it is unverified"));
    show_user(command.user);
}

void Core::run(const command::ShowSafetyNumber& command) {
    const crypto::PublicKey* key = book_.usable_key(command.user);
    if (key == nullptr) {
        refuse("verify", "no key of " + command.user + " is known yet");
        return;
    }
    events.emplace_back(event::SafetyNumber{command.user,
                                            crypto::safety_number(me(), {command.user, *key}),
                                            book_.trust_of(command.user) == Trust::verified});
}

void Core::run(const command::SetVerified& command) {
    if (book_.usable_key(command.user) == nullptr) {
        refuse("verify", "no key of " + command.user + " is known yet");
        return;
    }
    book_.update(command.user,
                 [&](StoredContact& contact) { contact.verified = command.verified; });
    show_user(command.user);
}

void Core::run(const command::LowerSuite& command) {
    if (book_.find(command.user) == nullptr) {
        refuse("suite", command.user + " is no contact");
        return;
    }
    book_.update(command.user,
                 [](StoredContact& contact) { contact.best_suite = crypto::Suite::x25519; });
    apply_policy(command.user);
}

void Core::run(const command::Block& command) {
    if (!wire::is_user_name(command.user) || command.user == options_.user) {
        refuse("block", "that is not another user's name");
        return;
    }
    book_.update(command.user, [](StoredContact& contact) { contact.blocked = true; });
    if (Conversation* chat = find(command.user)) {
        if (chat->theirs) {
            chat->theirs.reset();
            events.emplace_back(event::RequestGone{command.user, SafeText::own("blocked")});
        }
        if (chat->consent) {
            end_by_us(*chat, crypto::Reason::declined_or_blocked,
                      SafeText::own("you blocked " + command.user));
        }
    }
    show_user(command.user);
}

void Core::run(const command::Unblock& command) {
    if (!book_.blocked(command.user)) {
        refuse("unblock", command.user + " is not blocked");
        return;
    }
    book_.update(command.user, [](StoredContact& contact) { contact.blocked = false; });
    show_user(command.user);
}

void Core::run(const command::ImportLink& command) {
    const auto link = wire::parse_contact_link(command.link);
    if (!link) {
        refuse("link", link.error().what);
        return;
    }
    if (!link->identity) {
        refuse("link", "the link holds no key");
        return;
    }
    const StoredContact* contact = book_.find(link->user);
    if (contact != nullptr && contact->key && *contact->key != *link->identity) {
        refuse("link",
               "the link's key is not the one that is pinned: a key change, and no link "
               "makes one");
        return;
    }
    book_.pin(link->user, *link->identity, now.wall_ms);
    book_.update(link->user, [&](StoredContact& pinned) {
        pinned.from_link = true;
        pinned.verified = pinned.verified || command.trusted;
    });
    show_user(link->user);
}

void Core::run(const command::ShowContact& command) {
    const StoredContact* contact = book_.find(command.user);
    event::Contact out;
    out.user = command.user;
    if (contact != nullptr) {
        out.trust = book_.trust_of(command.user);
        out.blocked = contact->blocked;
        out.first_seen_ms = contact->first_seen_ms;
        out.best_suite = static_cast<int>(contact->best_suite);
        if (contact->key) {
            out.fingerprint = crypto::fingerprint(*contact->key);
            if (const auto address = wire::parse_address(options_.relay)) {
                out.link = wire::to_string(wire::ContactLink{
                    address->host, address->port, command.user, *contact->key, std::nullopt});
            }
        }
    }
    events.emplace_back(std::move(out));
}

}  // namespace sotto::client
