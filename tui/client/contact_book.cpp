#include "tui/client/contact_book.h"

namespace sotto::client {

ContactBook::ContactBook(Store& store) : store_(store) {
    for (StoredContact& contact : store.contacts()) {
        std::string user = contact.user;
        contacts_.emplace(std::move(user), std::move(contact));
    }
}

const StoredContact* ContactBook::find(std::string_view user) const {
    const auto at = contacts_.find(user);
    return at == contacts_.end() ? nullptr : &at->second;
}

Trust ContactBook::trust_of(std::string_view user) const {
    const StoredContact* contact = find(user);
    if (contact == nullptr || !contact->key) {
        return Trust::unknown;
    }
    if (contact->changed_key) {
        return Trust::key_changed;
    }
    if (contact->verified) {
        return Trust::verified;
    }
    return contact->from_link ? Trust::from_link : Trust::unverified;
}

bool ContactBook::blocked(std::string_view user) const {
    const StoredContact* contact = find(user);
    return contact != nullptr && contact->blocked;
}

const crypto::PublicKey* ContactBook::usable_key(std::string_view user) const {
    const StoredContact* contact = find(user);
    return contact != nullptr && contact->key && !contact->changed_key ? &*contact->key : nullptr;
}

bool ContactBook::pinned_to_another(std::string_view user, const crypto::PublicKey& key) const {
    const StoredContact* contact = find(user);
    return contact != nullptr && contact->key && *contact->key != key;
}

void ContactBook::pin(const std::string& user, const crypto::PublicKey& key, base::WallTime now) {
    const StoredContact* known = find(user);
    if (known != nullptr && known->key) {
        return;
    }
    update(user, [&](StoredContact& contact) {
        contact.key = key;
        contact.first_seen = now;
    });
}

void ContactBook::key_changed(const std::string& user, const crypto::PublicKey& seen) {
    update(user, [&](StoredContact& contact) { contact.changed_key = seen; });
}

void ContactBook::accept_change(const std::string& user, base::WallTime now) {
    update(user, [&](StoredContact& contact) {
        contact.key = contact.changed_key;
        contact.changed_key.reset();
        contact.verified = false;
        contact.from_link = false;
        contact.first_seen = now;
        contact.best_suite = crypto::Suite::x25519;  // another device, another history
    });
}

void ContactBook::keep_key(const std::string& user) {
    update(user, [](StoredContact& contact) { contact.changed_key.reset(); });
}

}  // namespace sotto::client
