#pragma once

#include "tui/client/event.h"
#include "tui/client/store.h"

#include <map>
#include <string>
#include <string_view>

namespace sotto::client {

/// The peers of one relay: pins, trust and blocks (section 8), written through to
/// the store. The pin wins over whatever the relay says.
class ContactBook {
  public:
    explicit ContactBook(Store& store);

    [[nodiscard]] const StoredContact* find(std::string_view user) const;
    [[nodiscard]] const std::map<std::string, StoredContact, std::less<>>& all() const {
        return contacts_;
    }
    [[nodiscard]] Trust trust_of(std::string_view user) const;
    [[nodiscard]] bool blocked(std::string_view user) const;
    /// The key that messages of `user` must be under; nothing while a change is unsettled.
    [[nodiscard]] const crypto::PublicKey* usable_key(std::string_view user) const;

    /// Another key than this one is pinned: `key` would be a change (section 8).
    [[nodiscard]] bool pinned_to_another(std::string_view user, const crypto::PublicKey& key) const;

    /// Pins a first key (sent or accepted a request, or a confirmed link). No effect if
    /// one is pinned already.
    void pin(const std::string& user, const crypto::PublicKey& key, base::WallTime now);
    void key_changed(const std::string& user, const crypto::PublicKey& seen);
    /// The person accepted the changed key: it is the pin, `verified` is cleared.
    void accept_change(const std::string& user, base::WallTime now);

    /// The person keeps the pinned key: the other one is forgotten.
    void keep_key(const std::string& user);

    /// Changes a contact (made if there is none) and writes it.
    template <class Change>
    void update(const std::string& user, Change&& change) {
        StoredContact& contact = contacts_[user];
        contact.user = user;
        change(contact);
        store_.put_contact(contact);
    }

  private:
    Store& store_;
    std::map<std::string, StoredContact, std::less<>> contacts_;
};

}  // namespace sotto::client
