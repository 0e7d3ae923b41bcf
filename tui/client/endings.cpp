// How a request or a chat ends.
#include "tui/client/requests.h"

#include <utility>

namespace sotto::client {

void Requests::run(const command::CancelRequest& command) {
    Conversation* chat = with_.chats.find(command.chat.name());
    if (chat == nullptr || (!chat->own && !with_.lookups.looking_up(command.chat.name()))) {
        refuse(RefusalCode::no_request,
               "you have no request to " + command.chat.name() + " waiting");
        return;
    }
    if (chat->consent) {  // in glare; the own request is kept for a late answer only
        refuse(RefusalCode::already_open, "the chat with " + command.chat.name() +
                                              " is agreed already; /close " + command.chat.name() +
                                              " ends it");
        return;
    }
    with_.lookups.stop_looking_up(command.chat.name());
    with_.consents.take_back(*chat);
    with_.chats.changed(*chat, ChatState::none, SafeText::own("you took the request back"));
}

void Requests::run(const command::EndChat& command) {
    Conversation* chat = with_.chats.find(command.chat.name());
    if (chat != nullptr && chat->consent) {
        with_.consents.end_by_us(*chat, crypto::Reason::person,
                                 SafeText::own("you ended the chat"));
    } else if (chat != nullptr && (chat->own || with_.lookups.looking_up(command.chat.name()))) {
        run(command::CancelRequest{command.chat});
    } else if (chat != nullptr && chat->state == ChatState::key_changed) {
        // What is shown goes, and nothing else: the new key is not accepted by it.
        with_.chats.changed(*chat, ChatState::none,
                            SafeText::own("put away; the new key of " + command.chat.name() +
                                          " is not accepted, and nothing is sent"));
    } else {
        refuse(RefusalCode::no_chat, "there is no chat with " + command.chat.name() + " to end");
    }
}

/// A request of theirs is no longer pending. What the chat is then is for the caller to tell.
void Requests::end_pending(Conversation& chat, const std::string& why) {
    if (chat.theirs) {
        asking_keys_.erase(chat.theirs->terms.from.key);
        chat.theirs.reset();
        chat.asked_at.reset();
        env_.out.event(event::RequestGone{chat.key(), SafeText::from(why)});
    }
}

void Requests::drop_pending(Conversation& chat, const std::string& why) {
    if (chat.theirs) {
        end_pending(chat, why);
        with_.chats.tell(chat);
    }
}

/// Not pending any more, but neither answered nor declined: its sender waits on.
void Requests::set_aside(Conversation& chat, const std::string& why) {
    if (chat.theirs) {
        chat.held.hold({*chat.theirs, chat.asked_at.value_or(env_.now.monotonic)});
        drop_pending(chat, why);
    }
}

void Requests::on(const wire::ChatTerminate& message) {
    Conversation* chat = with_.chats.find(message.route.from);
    if (chat == nullptr || message.route.to != env_.options.user || message.payload.empty()) {
        env_.out.drop();
        return;
    }
    const crypto::ChatId& id = message.route.chat;
    const crypto::ByteView payload(message.payload);
    crypto::SecureChannel* secure = with_.chats.channel(*chat);
    const bool held = chat->consent && chat->consent->chat == id && secure != nullptr;
    if (payload[0] == 0x01 && held) {
        with_.sessions.on_terminate(*chat, payload.subspan(1));
    } else if (payload[0] == 0x02) {
        on_signed_terminate(*chat, id, payload);
    } else if (payload[0] == 0x03 && held && secure->on_no_consent(payload)) {
        with_.consents.lose(*chat, {});
        chat->own.reset();  // kept for a late answer, it may be: there will be none
        with_.chats.changed(*chat, ChatState::ended,
                            SafeText::own(chat->user + " no longer knows this chat; ask again"));
    } else {
        env_.out.drop();
    }
}

void Requests::on_signed_terminate(Conversation& chat, const crypto::ChatId& id,
                                   crypto::ByteView payload) {
    const auto verifies = [&](const crypto::PublicKey& key, const crypto::RequestHash& request) {
        return crypto::verify_signed_terminate(key, payload, id, request);
    };
    const crypto::PublicKey* pinned = with_.peers.book().usable_key(chat.user);
    const SafeText ended = SafeText::own(chat.user + " ended the chat");
    if (chat.theirs && chat.theirs->terms.chat == id &&
        verifies(chat.theirs->terms.from.key, chat.theirs->hash)) {
        drop_pending(chat, "taken back");
    } else if (chat.held.taken_back(id, payload)) {
        return;  // nothing is shown of it
    } else if (chat.consent && chat.consent->chat == id && pinned != nullptr &&
               verifies(*pinned, chat.consent->request)) {
        with_.consents.end_by_peer(chat, ended);
    } else if (chat.own && chat.own->terms.chat == id &&
               verifies(chat.own->terms.to.key, chat.own->hash)) {
        chat.own.reset();  // its accept has not come, its end has
        if (!chat.consent) {
            with_.chats.changed(chat, ChatState::ended, ended);
        }
    } else {
        env_.out.drop();
    }
}

/// Who has not answered and is gone never will: the request that the relay had before `as_of` went
/// to a connection that has ended since. A request that glare keeps beside a consent is not waited
/// for. It is taken back, so that it counts nowhere (section 4).
void Requests::lose_request(Conversation& chat, const std::optional<Time>& as_of) {
    if (chat.own && !chat.consent && as_of && chat.own_since < *as_of) {
        const auto answering = env_.out.answer(chat.own_cause);
        with_.consents.take_back(chat);
        with_.chats.changed(chat, ChatState::none,
                            SafeText::own(chat.user + " left before answering"));
    }
}

/// The peer was there before and has connected anew, and the request may have gone to either
/// connection. A newer one replaces it (section 4), so it is certain which of them has it.
void Requests::ask_again(Conversation& chat) {
    if (chat.own && !chat.consent) {
        const auto answering = env_.out.answer(chat.own_cause);
        const crypto::PublicKey key = chat.own->terms.to.key;
        with_.consents.take_back(chat);
        ask(chat.user, key);
    }
}

void Requests::note_key_change(Conversation& chat, const crypto::PublicKey& seen) {
    if (with_.peers.book().find(chat.user)->changed_key == seen) {
        env_.out.drop();  // known, and not settled yet
        return;
    }
    // Consent, pending and outstanding requests of the old key end without a message.
    with_.consents.lose(chat, {});
    with_.chats.channels().erase(chat.user);
    chat.own.reset();
    chat.memory.forget();
    with_.lookups.stop_looking_up(chat.user);
    with_.peers.note_key_change(chat.user, seen);
    set_aside(chat, "the key changed");
    with_.peers.tell_key_change(chat.user);
    with_.peers.show(chat.user);
}

void Requests::peer_blocked(Conversation& chat) {
    const bool asked = chat.own || with_.lookups.looking_up(chat.user);
    const SafeText why = SafeText::own("you blocked " + chat.user);
    set_aside(chat, "blocked");
    with_.lookups.stop_looking_up(chat.user);
    if (chat.consent) {
        with_.consents.end_by_us(chat, crypto::Reason::declined_or_blocked, why);
    } else if (asked) {  // also a request that glare kept: no late answer may open a chat
        with_.consents.take_back(chat);
        with_.chats.changed(chat, ChatState::none, why);
    }
}

/// A request ends with its sender's connection.
void Requests::peer_left(Conversation& chat, const std::optional<Time>& as_of) {
    drop_pending(chat, "went offline");
    lose_request(chat, as_of);
    chat.held.clear();
}

/// A request from before the peer connected anew is dead; of a later one, made on its return
/// maybe, nothing is known.
void Requests::peer_returned(Conversation& chat, const Return& back) {
    if (back.after) {
        chat.held.forget_before(*back.after);
        if (chat.asked_at && *chat.asked_at < *back.after) {
            drop_pending(chat, "connected anew");
        }
    }
    lose_request(chat, back.listed_as_of);
    if (back.was_online) {
        ask_again(chat);
    }
}

void Requests::link_lost(Conversation& chat) {
    const bool asked = chat.own.has_value() || with_.lookups.looking_up(chat.user);
    chat.own.reset();  // outstanding until its sender's connection ends
    if (asked && !chat.consent) {
        with_.chats.changed(chat, ChatState::none,
                            SafeText::own("the connection ended; ask again"));
    }
}

}  // namespace sotto::client
