#include "tui/client/consents.h"

#include <utility>

namespace sotto::client {

void Consents::hold(Conversation& chat, const SignedRequest& request,
                    const crypto::Signature& sig_resp) {
    const crypto::ChatRequest& terms = request.terms;
    const crypto::Party peer = terms.from.name == env_.options.user ? terms.to : terms.from;
    const crypto::ConsentHash consent = crypto::consent_hash(terms, request.signature, sig_resp);
    texts_.session_ended(chat);
    chat.consent = ConsentTerms{terms.chat, request.hash, consent};
    chat.held.clear();  // at most one chat per pair
    chat.tickets.clear();
    chat.failures = 0;
    chat.floor_in_the_way = false;
    chat.retry_at.reset();
    chats_.channels().open(peer, peers_.policy(chat.user)).hold_consent(terms.chat, consent);
    chats_.changed(chat, ChatState::securing);
}

void Consents::lose(Conversation& chat, SafeText why) {
    if (crypto::SecureChannel* secure = chats_.channel(chat)) {
        secure->drop_consent();
    }
    texts_.session_ended(chat);
    chat.consent.reset();
    chat.tickets.clear();
    chat.retry_at.reset();
    chat.step1_by.reset();
    if (!why.empty()) {
        chats_.changed(chat, ChatState::none, std::move(why));
    }
}

void Consents::end_by_us(Conversation& chat, crypto::Reason reason, SafeText why) {
    take_back(chat);
    const ConsentTerms held = *chat.consent;
    crypto::SecureChannel* secure = chats_.channel(chat);
    auto payload = secure != nullptr ? secure->terminate(reason) : std::nullopt;
    if (!payload) {
        payload = crypto::make_signed_terminate(env_.identity, held.chat, held.request);
    }
    send_terminate(chat, held.chat, std::move(*payload));
    chat.memory.ended(held);
    lose(chat, {});
    chats_.changed(chat, ChatState::ended, std::move(why));
}

/// An own request that was kept for a late answer goes too: in glare it is part of what ended.
void Consents::end_by_peer(Conversation& chat, SafeText why) {
    if (chat.consent) {
        chat.memory.terminated(chat.consent->chat);
    }
    chat.own.reset();
    lose(chat, {});
    chats_.changed(chat, ChatState::ended, std::move(why));
}

void Consents::take_back(Conversation& chat) {
    if (!chat.own) {
        return;
    }
    const SignedRequest request = *std::exchange(chat.own, std::nullopt);
    const crypto::ChatId& id = request.terms.chat;
    chat.memory.ended({id, request.hash, std::nullopt});
    send_terminate(chat, id, crypto::make_signed_terminate(env_.identity, id, request.hash));
}

void Consents::send_terminate(Conversation& chat, const crypto::ChatId& id, crypto::Bytes payload) {
    if (link_.connected()) {
        env_.out.send("chat_terminate", wire::encode(wire::ChatTerminate{chats_.route(chat, id),
                                                                         std::move(payload)}));
    }
}

/// A valid step 1 under a consent that this side does not hold: its own 0x02 again if it
/// has ended that one, 0x03 otherwise; at most once a second per peer.
void Consents::answer_unknown(Conversation& chat, const crypto::channel::UnknownConsent& unknown,
                              const crypto::ChatId& message_chat) {
    if (chat.answered_unknown &&
        env_.now.monotonic - *chat.answered_unknown < std::chrono::seconds(1)) {
        env_.out.drop();
        return;
    }
    if (const ConsentTerms* ended = chat.memory.ending(unknown.consent, message_chat)) {
        chat.answered_unknown = env_.now.monotonic;
        send_terminate(chat, ended->chat,
                       crypto::make_signed_terminate(env_.identity, ended->chat, ended->request));
    } else if (!chat.memory.ended_here(message_chat) && !peers_.book().blocked(chat.user)) {
        chat.answered_unknown = env_.now.monotonic;
        send_terminate(chat, message_chat,
                       crypto::make_no_consent(env_.identity, unknown.step1_hash));
    } else {
        env_.out.drop();
    }
}

}  // namespace sotto::client
