// Section 8: pins, key changes, blocks, contact links.
#include "tui/client/peers.h"

#include "crypto/base/hex.h"
#include "crypto/safety_number.h"
#include "net/wire/user_name.h"
#include "tui/client/words.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

/// The digits of a fingerprint, however they are grouped.
std::string digits(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), ' '), text.end());
    return text;
}

}  // namespace

crypto::SuitePolicy Peers::policy(const std::string& user) const {
    crypto::SuitePolicy allowed;
    const StoredContact* contact = book_.find(user);
    if (contact != nullptr) {
        allowed.floor = contact->best_suite;
    }
    return allowed;
}

void Peers::run(const command::AcceptKeyChange& command) {
    const StoredContact* contact = book_.find(command.user);
    if (contact == nullptr || !contact->key || !contact->changed_key) {
        refuse(RefusalCode::key_not_changed, "the key of " + command.user + " has not changed");
        return;
    }
    const std::string named = digits(command.fingerprint);
    std::string done;
    if (named == digits(crypto::fingerprint(*contact->changed_key))) {
        book_.accept_change(command.user, env_.now.wall);
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
    listener_.key_change_settled(command.user, done);
}

void Peers::run(const command::LowerSuite& command) {
    const StoredContact* contact = book_.find(command.user);
    if (contact == nullptr || contact->best_suite == crypto::Suite::x25519) {
        refuse(RefusalCode::lowest_suite,
               "nothing better than suite 1 is remembered of " + command.user);
        return;
    }
    book_.update(command.user,
                 [](StoredContact& changed) { changed.best_suite = crypto::Suite::x25519; });
    listener_.suite_lowered(command.user);
}

void Peers::run(const command::Block& command) {
    if (!wire::is_user_name(command.user) || command.user == env_.options.user) {
        refuse(RefusalCode::bad_name, "that is not another user's name");
        return;
    }
    book_.update(command.user, [](StoredContact& contact) { contact.blocked = true; });
    listener_.peer_blocked(command.user);
    show(command.user);
}

void Peers::run(const command::Unblock& command) {
    if (!book_.blocked(command.user)) {
        refuse(RefusalCode::not_blocked, command.user + " is not blocked");
        return;
    }
    book_.update(command.user, [](StoredContact& contact) { contact.blocked = false; });
    show(command.user);
    env_.out.notice(event::Notice::Level::info, command.user,
                    command.user + " is not blocked any more");
}

void Peers::run(const command::ListBlocked& /*command*/) {
    event::BlockedUsers blocked;
    for (const auto& [user, contact] : book_.all()) {
        if (contact.blocked) {
            blocked.users.push_back(row(user));
        }
    }
    env_.out.event(std::move(blocked));
}

void Peers::run(const command::ImportLink& command) {
    const auto link = wire::parse_contact_link(command.link);
    if (!link) {
        refuse(RefusalCode::bad_link, link.error().what);
        return;
    }
    const auto here = wire::parse_address(env_.options.relay);
    const StoredContact* contact = book_.find(link->user);
    if (!link->identity) {
        refuse(RefusalCode::link_without_key, "the link holds no key");
    } else if (link->user == env_.options.user) {
        refuse(RefusalCode::yourself, "that is your own link");
    } else if (!here || here->host != link->host || here->port != link->port) {
        refuse(RefusalCode::link_for_other_relay,
               "the link is for another relay: " + link->host + ":" + std::to_string(link->port));
    } else if (link->pin && !link_.pin()) {
        refuse(RefusalCode::not_connected,
               "connect first: the link names the relay's key, which is to be compared");
    } else if (link->pin && *link->pin != *link_.pin()) {
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

void Peers::pin_from_link(const wire::ContactLink& link, bool trusted) {
    book_.pin(link.user, *link.identity, env_.now.wall);
    book_.update(link.user, [&](StoredContact& pinned) {
        pinned.from_link = true;
        pinned.verified = pinned.verified || trusted;
    });
    show(link.user);
    if (link.pin) {  // the one that the relay showed, and from now on decided by (section 1)
        env_.out.effect(effect::StorePin{base::hex(*link.pin)});
    }
    listener_.peer_pinned(link.user);
}

void Peers::run(const command::ShowContact& command) {
    if (!wire::is_user_name(command.user)) {
        refuse(RefusalCode::bad_name, "that is not a user name");
        return;
    }
    const StoredContact* contact = book_.find(command.user);
    event::Contact shown;
    shown.user = command.user;
    std::optional<crypto::PublicKey> key;
    if (command.user == env_.options.user) {
        key = env_.identity.public_key();  // one's own link is there to be handed out
    } else if (contact != nullptr) {
        key = contact->key;
        if (contact->changed_key) {
            shown.changed_fingerprint = crypto::fingerprint(*contact->changed_key);
        }
        shown.trust = book_.trust_of(command.user);
        shown.blocked = contact->blocked;
        shown.first_seen_ms = contact->first_seen.ms();
        shown.best_suite = static_cast<int>(contact->best_suite);
    }
    const auto address = wire::parse_address(env_.options.relay);
    if (key) {
        shown.fingerprint = crypto::fingerprint(*key);
        if (address) {
            shown.link = wire::to_string(
                wire::ContactLink{address->host, address->port, command.user, *key, link_.pin()});
        }
    }
    env_.out.event(std::move(shown));
}

event::UserEntry Peers::row(const std::string& user) const {
    return {user, is_online(user), book_.trust_of(user), book_.blocked(user)};
}

void Peers::show(const std::string& user) {
    env_.out.event(event::UsersChanged{false, {row(user)}});
    listener_.peer_changed(user);
}

void Peers::tell_key_change(const std::string& user) {
    const StoredContact* contact = book_.find(user);
    if (contact != nullptr && contact->key && contact->changed_key) {
        env_.out.event(event::KeyChanged{user, crypto::fingerprint(*contact->key),
                                         crypto::fingerprint(*contact->changed_key),
                                         contact->verified});
        listener_.key_change_told(user);
    }
}

void Peers::tell_key_changes() {
    for (const auto& [user, contact] : book_.all()) {
        if (contact.changed_key) {
            tell_key_change(user);
        }
    }
}

void Peers::pin(const std::string& user, const crypto::PublicKey& key) {
    book_.pin(user, key, env_.now.wall);
    show(user);
}

void Peers::note_key_change(const std::string& user, const crypto::PublicKey& seen) {
    book_.key_changed(user, seen);
}

void Peers::raise_floor(const std::string& user, crypto::Suite suite) {
    book_.update(user, [&](StoredContact& contact) { contact.best_suite = suite; });
}

bool Peers::is_online(const std::string& user) const {
    const auto at = online_.find(user);
    return at != online_.end() && at->second;
}

}  // namespace sotto::client
