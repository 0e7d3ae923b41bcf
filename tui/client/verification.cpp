// Section 8: what makes a contact verified.
#include "crypto/safety_number.h"
#include "tui/client/core.h"

namespace sotto::client {

void Core::run(const command::ShowSafetyNumber& command) {
    const crypto::PublicKey* key = book_.usable_key(command.user);
    if (key == nullptr) {
        refuse_unknown_key(command.user);
        return;
    }
    const crypto::Party peer{command.user, *key};
    std::string digits = crypto::safety_number(me(), peer);
    const std::string theirs = crypto::safety_half(peer);
    const bool peer_first = digits.compare(0, theirs.size(), theirs) == 0;
    auto& shown = conversation(command.user).shown_number;
    shown = ShownNumber::draw(*key, std::move(digits), peer_first, random_);
    out.event(event::SafetyNumber{command.user, shown->digits,
                                  book_.trust_of(command.user) == Trust::verified, shown->asked});
}

void Core::refuse_unknown_key(const std::string& user) {
    const bool changed = book_.trust_of(user) == Trust::key_changed;
    refuse(changed ? RefusalCode::key_changed : RefusalCode::no_key,
           changed ? "the key of " + user + " has changed; /trust " + user + " settles it"
                   : "no key of " + user + " is known yet");
}

/// The number that was shown, as long as it is of the key that is pinned now.
const ShownNumber* Core::compared(const std::string& user) {
    const crypto::PublicKey* key = book_.usable_key(user);
    const Conversation* chat = find(user);
    if (key == nullptr) {
        refuse_unknown_key(user);
    } else if (chat == nullptr || !chat->shown_number || chat->shown_number->key != *key) {
        refuse(RefusalCode::not_shown, "look at the safety number first: /verify " + user);
    } else {
        return &*chat->shown_number;
    }
    return nullptr;
}

void Core::set_verified(const std::string& user, bool verified) {
    book_.update(user, [&](StoredContact& contact) { contact.verified = verified; });
    if (Conversation* chat = find(user)) {
        chat->shown_number.reset();
    }
    show_user(user);
}

void Core::run(const command::ConfirmSafetyNumber& command) {
    const ShownNumber* shown = compared(command.user);
    if (shown == nullptr) {
        return;
    }
    if (!shown->fits(command.digits)) {
        refuse(RefusalCode::wrong_digits,
               "that is not what groups " + shown->asked_in_words() +
                   " say here. Have them read out once more; if they differ again, "
                   "somebody else may hold the other end: don't trust this chat");
        return;
    }
    set_verified(command.user, true);
    notice(event::Notice::Level::info, command.user,
           command.user + " is verified: this key is theirs");
}

void Core::run(const command::SetVerified& command) {
    if (!command.verified) {
        const StoredContact* contact = book_.find(command.user);
        if (contact == nullptr || !contact->verified) {
            refuse(RefusalCode::not_verified, command.user + " is not verified");
        } else {
            set_verified(command.user, false);
        }
    } else if (compared(command.user) != nullptr) {
        set_verified(command.user, true);
    }
}

}  // namespace sotto::client
