// Section 4: taking back, ending, and what is said to who has not heard of it.
#include "tui/client/core.h"

#include <utility>

namespace sotto::client {

void Core::run(const command::CancelRequest& command) {
    Conversation* chat = find(command.chat.name());
    if (chat == nullptr || (!chat->own && !looking_up(command.chat.name()))) {
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
    stop_looking_up(command.chat.name());
    take_back(*chat);
    changed(*chat, ChatState::none, SafeText::own("you took the request back"));
}

void Core::run(const command::EndChat& command) {
    Conversation* chat = find(command.chat.name());
    if (chat != nullptr && chat->consent) {
        end_by_us(*chat, crypto::Reason::person, SafeText::own("you ended the chat"));
    } else if (chat != nullptr && (chat->own || looking_up(command.chat.name()))) {
        run(command::CancelRequest{command.chat});
    } else if (chat != nullptr && chat->state == ChatState::key_changed) {
        // What is shown goes, and nothing else: the new key is not accepted by it.
        changed(*chat, ChatState::none,
                SafeText::own("put away; the new key of " + command.chat.name() +
                              " is not accepted, and nothing is sent"));
    } else {
        refuse(RefusalCode::no_chat, "there is no chat with " + command.chat.name() + " to end");
    }
}

void Core::send_terminate(Conversation& chat, const crypto::ChatId& id, crypto::Bytes payload) {
    if (connected()) {
        send("chat_terminate",
             wire::encode(wire::ChatTerminate{route(chat, id), std::move(payload)}));
    }
}

/// The own request, if one is outstanding: 0x02.
void Core::take_back(Conversation& chat) {
    if (!chat.own) {
        return;
    }
    const SignedRequest request = *std::exchange(chat.own, std::nullopt);
    const crypto::ChatId& id = request.terms.chat;
    chat.memory.ended({id, request.hash, std::nullopt});
    send_terminate(chat, id, crypto::make_signed_terminate(identity_, id, request.hash));
}

/// 0x01 with a session in which this side may send, 0x02 otherwise.
void Core::end_by_us(Conversation& chat, crypto::Reason reason, SafeText why) {
    take_back(chat);
    const ConsentTerms held = *chat.consent;
    crypto::SecureChannel* secure = channel(chat);
    auto payload = secure != nullptr ? secure->terminate(reason) : std::nullopt;
    if (!payload) {
        payload = crypto::make_signed_terminate(identity_, held.chat, held.request);
    }
    send_terminate(chat, held.chat, std::move(*payload));
    chat.memory.ended(held);
    lose_consent(chat, {});
    changed(chat, ChatState::ended, std::move(why));
}

/// An own request that was kept for a late answer goes too: in glare it is part of what ended.
void Core::end_by_peer(Conversation& chat, SafeText why) {
    if (chat.consent) {
        chat.memory.terminated(chat.consent->chat);
    }
    chat.own.reset();
    lose_consent(chat, {});
    changed(chat, ChatState::ended, std::move(why));
}

/// Session and consent are gone; nothing is sent. With `why` it is shown, as nobody's word.
void Core::lose_consent(Conversation& chat, SafeText why) {
    if (crypto::SecureChannel* secure = channel(chat)) {
        secure->drop_consent();
    }
    session_ended(chat);
    chat.consent.reset();
    chat.tickets.clear();
    chat.retry_at.reset();
    chat.step1_by.reset();
    if (!why.empty()) {
        changed(chat, ChatState::none, std::move(why));
    }
}

/// A request of theirs is no longer pending. What the chat is then is for the caller to tell.
void Core::end_pending(Conversation& chat, const std::string& why) {
    if (chat.theirs) {
        asking_keys_.erase(chat.theirs->terms.from.key);
        chat.theirs.reset();
        chat.asked_at.reset();
        out.event(event::RequestGone{chat.key(), SafeText::from(why)});
    }
}

void Core::drop_pending(Conversation& chat, const std::string& why) {
    if (chat.theirs) {
        end_pending(chat, why);
        tell(chat);
    }
}

/// Not pending any more, but neither answered nor declined: its sender waits on.
void Core::set_aside(Conversation& chat, const std::string& why) {
    if (chat.theirs) {
        chat.held.hold({*chat.theirs, chat.asked_at.value_or(now.monotonic)});
        drop_pending(chat, why);
    }
}

void Core::on(const wire::ChatTerminate& message) {
    Conversation* chat = find(message.route.from);
    if (chat == nullptr || message.route.to != options_.user || message.payload.empty()) {
        drop();
        return;
    }
    const crypto::ChatId& id = message.route.chat;
    const crypto::ByteView payload(message.payload);
    crypto::SecureChannel* secure = channel(*chat);
    const bool held = chat->consent && chat->consent->chat == id && secure != nullptr;
    if (payload[0] == 0x01 && held) {
        carry_out(*chat, secure->on_terminate_record(payload.subspan(1), now.monotonic), id);
    } else if (payload[0] == 0x02) {
        on_signed_terminate(*chat, id, payload);
    } else if (payload[0] == 0x03 && held && secure->on_no_consent(payload)) {
        lose_consent(*chat, {});
        chat->own.reset();  // kept for a late answer, it may be: there will be none
        changed(*chat, ChatState::ended,
                SafeText::own(chat->user + " no longer knows this chat; ask again"));
    } else {
        drop();
    }
}

void Core::on_signed_terminate(Conversation& chat, const crypto::ChatId& id,
                               crypto::ByteView payload) {
    const auto verifies = [&](const crypto::PublicKey& key, const crypto::RequestHash& request) {
        return crypto::verify_signed_terminate(key, payload, id, request);
    };
    const crypto::PublicKey* pinned = book_.usable_key(chat.user);
    const SafeText ended = SafeText::own(chat.user + " ended the chat");
    if (chat.theirs && chat.theirs->terms.chat == id &&
        verifies(chat.theirs->terms.from.key, chat.theirs->hash)) {
        drop_pending(chat, "taken back");
    } else if (chat.held.taken_back(id, payload)) {
        return;  // nothing is shown of it
    } else if (chat.consent && chat.consent->chat == id && pinned != nullptr &&
               verifies(*pinned, chat.consent->request)) {
        end_by_peer(chat, ended);
    } else if (chat.own && chat.own->terms.chat == id &&
               verifies(chat.own->terms.to.key, chat.own->hash)) {
        chat.own.reset();  // its accept has not come, its end has
        if (!chat.consent) {
            changed(chat, ChatState::ended, ended);
        }
    } else {
        drop();
    }
}

/// A valid step 1 under a consent that this side does not hold: its own 0x02 again if it
/// has ended that one, 0x03 otherwise; at most once a second per peer.
void Core::answer_unknown_consent(Conversation& chat,
                                  const crypto::channel::UnknownConsent& unknown,
                                  const crypto::ChatId& message_chat) {
    if (chat.answered_unknown && now.monotonic - *chat.answered_unknown < std::chrono::seconds(1)) {
        drop();
        return;
    }
    if (const ConsentTerms* ended = chat.memory.ending(unknown.consent, message_chat)) {
        chat.answered_unknown = now.monotonic;
        send_terminate(chat, ended->chat,
                       crypto::make_signed_terminate(identity_, ended->chat, ended->request));
    } else if (!chat.memory.ended_here(message_chat) && !book_.blocked(chat.user)) {
        chat.answered_unknown = now.monotonic;
        send_terminate(chat, message_chat, crypto::make_no_consent(identity_, unknown.step1_hash));
    } else {
        drop();
    }
}

}  // namespace sotto::client
