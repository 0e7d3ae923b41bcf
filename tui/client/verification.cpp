// Section 8: what makes a contact verified.
#include "crypto/safety_number.h"
#include "tui/client/peers.h"

namespace sotto::client {

void Peers::run(const command::ShowSafetyNumber& command) {
    const crypto::PublicKey* key = book_.usable_key(command.user);
    if (key == nullptr) {
        refuse_unknown_key(command.user);
        return;
    }
    const crypto::Party peer{command.user, *key};
    std::string digits = crypto::safety_number(env_.me(), peer);
    const std::string theirs = crypto::safety_half(peer);
    const bool peer_first = digits.compare(0, theirs.size(), theirs) == 0;
    const ShownNumber shown = ShownNumber::draw(*key, std::move(digits), peer_first, env_.random);
    env_.out.event(event::SafetyNumber{
        command.user, shown.digits, book_.trust_of(command.user) == Trust::verified, shown.asked});
    shown_[command.user] = shown;
}

void Peers::refuse_unknown_key(const std::string& user) {
    const bool changed = book_.trust_of(user) == Trust::key_changed;
    refuse(changed ? RefusalCode::key_changed : RefusalCode::no_key,
           changed ? "the key of " + user + " has changed; /trust " + user + " settles it"
                   : "no key of " + user + " is known yet");
}

/// The number that was shown, as long as it is of the key that is pinned now.
const ShownNumber* Peers::compared(const std::string& user) {
    const crypto::PublicKey* key = book_.usable_key(user);
    const auto shown = shown_.find(user);
    if (key == nullptr) {
        refuse_unknown_key(user);
    } else if (shown == shown_.end() || shown->second.key != *key) {
        refuse(RefusalCode::not_shown, "look at the safety number first: /verify " + user);
    } else {
        return &shown->second;
    }
    return nullptr;
}

void Peers::set_verified(const std::string& user, bool verified) {
    book_.update(user, [&](StoredContact& contact) { contact.verified = verified; });
    shown_.erase(user);
    show(user);
}

void Peers::run(const command::ConfirmSafetyNumber& command) {
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
    env_.out.notice(event::Notice::Level::info, command.user,
                    command.user + " is verified: this key is theirs");
}

void Peers::run(const command::SetVerified& command) {
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
