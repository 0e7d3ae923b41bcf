// Section 4: asking, answering, taking back, ending.
#include "net/wire/user_name.h"
#include "tui/client/core.h"

#include <utility>

namespace sotto::client {

namespace {

constexpr std::uint64_t kClockToleranceMs = 10ULL * 60 * 1'000;
constexpr Time kStep1Wait = std::chrono::seconds(15);
constexpr std::size_t kRememberedEndings = 16;

SignedRequest signed_request(crypto::ChatRequest terms, const crypto::Signature& signature) {
    const crypto::Hash hash = crypto::request_hash(terms, signature);
    return {std::move(terms), signature, hash};
}

}  // namespace

void Core::run(const command::RequestChat& command) {
    const std::string& user = command.user;
    if (!ready("chat", user)) {
        return;
    }
    Conversation& chat = conversation(user);
    if (chat.theirs) {
        run(command::AcceptRequest{user});
    } else if (chat.own) {
        refuse("chat", "you have asked " + user + " already; /cancel takes it back");
    } else if (chat.consent && chat.state != ChatState::ended) {
        refuse("chat", "the chat with " + user + " is there already");
    } else {
        // The pin decides, but a lookup finds out early that the key is another by now.
        send_lookup("get_pubkey", wire::GetPubkey{{}, user});
        asking_[last_lookup_] = user;
        changed(chat, ChatState::requested);
    }
}

void Core::ask(const std::string& user, const crypto::PublicKey& key) {
    Conversation& chat = conversation(user);
    const crypto::PublicKey* pinned = book_.usable_key(user);
    if (pinned != nullptr && *pinned != key) {
        note_key_change(chat, key);
        return;
    }
    if (chat.theirs || chat.own) {
        return;  // theirs came meanwhile: the person decides
    }
    book_.pin(user, key, now.wall_ms);
    show_user(user);
    crypto::ChatRequest terms{me(), {user, key}, {}, now.wall_ms};
    random_.fill(terms.chat);
    const crypto::Signature signature = crypto::sign_request(identity_, terms);
    chat.own = signed_request(std::move(terms), signature);
    send_request(chat);
    changed(chat, ChatState::requested);
}

void Core::send_request(Conversation& chat) {
    const crypto::ChatRequest& terms = chat.own->terms;
    wire::ChatRequest message;
    message.route = route(chat, terms.chat);
    message.identity = terms.from.key;
    message.time_ms = terms.time_ms;
    message.signature = chat.own->signature;
    send("chat_request", wire::encode(message));
}

void Core::on(const wire::ChatRequest& message) {
    const std::string& user = message.route.from;
    if (message.route.to != options_.user || user == options_.user || book_.blocked(user)) {
        return;
    }
    crypto::ChatRequest terms{{user, message.identity}, me(), message.route.chat, message.time_ms};
    if (!crypto::verify_request(terms, message.signature)) {
        notice(event::Notice::Level::warning, user,
               "a request in the name of " + user +
                   " was not made for your key: the relay may have given out another one");
        return;
    }
    const SignedRequest request = signed_request(std::move(terms), message.signature);
    Conversation& chat = conversation(user);
    if (chat.answered && chat.answered->request == request.hash) {
        send_answer(chat, *chat.answered);  // a repeat gets the same bytes, whatever its time
        return;
    }
    const std::uint64_t sent = request.terms.time_ms;
    const std::uint64_t apart = sent > now.wall_ms ? sent - now.wall_ms : now.wall_ms - sent;
    if (apart > kClockToleranceMs) {
        notice(event::Notice::Level::warning, user,
               "ignored a request from " + user + ": its clock is more than 10 minutes off yours");
        return;
    }
    if (!store_.remember_chat(message.identity, message.route.chat, now.wall_ms)) {
        return;
    }
    const StoredContact* contact = book_.find(user);
    if (contact != nullptr && contact->key && *contact->key != message.identity) {
        note_key_change(chat, message.identity);
        return;
    }
    if (contact != nullptr && contact->changed_key) {
        return;  // the person has not settled the key change yet
    }
    if (chat.own && chat.own->terms.to.key == message.identity) {  // glare
        if (identity_.public_key() > message.identity) {
            answer(chat, request, true);
        } else {
            send_request(chat);
        }
        return;
    }
    chat.theirs = request;
    events.emplace_back(event::RequestArrived{user, crypto::fingerprint(message.identity), sent,
                                              book_.trust_of(user)});
    changed(chat, ChatState::asked);
}

void Core::run(const command::AcceptRequest& command) {
    Conversation* chat = find(command.user);
    if (chat == nullptr || !chat->theirs) {
        refuse("accept", "no request from " + command.user + " is waiting");
        return;
    }
    if (!ready("accept", command.user)) {
        return;
    }
    book_.pin(command.user, chat->theirs->terms.from.key, now.wall_ms);
    show_user(command.user);
    const SignedRequest request = *std::exchange(chat->theirs, std::nullopt);
    events.emplace_back(event::RequestGone{command.user, SafeText::own("accepted")});
    answer(*chat, request, true);
}

void Core::run(const command::DeclineRequest& command) {
    Conversation* chat = find(command.user);
    if (chat == nullptr || !chat->theirs) {
        refuse("decline", "no request from " + command.user + " is waiting");
        return;
    }
    const SignedRequest request = *std::exchange(chat->theirs, std::nullopt);
    events.emplace_back(event::RequestGone{command.user, SafeText::own("declined")});
    if (connected()) {
        answer(*chat, request, false);
    }
    changed(*chat, chat->consent ? ChatState::broken : ChatState::none);
    if (command.block) {
        run(command::Block{command.user});
    }
}

void Core::answer(Conversation& chat, const SignedRequest& request, bool accept) {
    const crypto::Signature signature = crypto::sign_response(identity_, request.hash, accept);
    chat.answered = GivenAnswer{request.hash, request.terms.chat, accept, signature};
    send_answer(chat, *chat.answered);
    if (accept) {
        hold(chat, request, signature);
        chat.step1_by = now.monotonic + kStep1Wait;
    }
}

void Core::send_answer(Conversation& chat, const GivenAnswer& given) {
    send("chat_response",
         wire::encode(wire::ChatResponse{route(chat, given.chat), given.accept, given.signature}));
}

void Core::hold(Conversation& chat, const SignedRequest& request,
                const crypto::Signature& sig_resp) {
    const crypto::Party peer =
        request.terms.from.name == options_.user ? request.terms.to : request.terms.from;
    chat.consent = ConsentTerms{request.terms.chat, request.hash,
                                crypto::consent_hash(request.terms, request.signature, sig_resp)};
    chat.failures = 0;
    chat.retry_at.reset();
    table_.open(peer, policy(chat.user)).hold_consent(chat.consent->chat, chat.consent->consent);
    for (Unacknowledged& text : chat.outbox) {
        text.on_wire = false;
    }
    changed(chat, ChatState::securing);
}

void Core::on(const wire::ChatResponse& message) {
    Conversation* chat = find(message.route.from);
    if (chat == nullptr || !chat->own || chat->own->terms.chat != message.route.chat ||
        message.route.to != options_.user ||
        !crypto::verify_response(chat->own->terms.to.key, chat->own->hash, message.accept,
                                 message.signature)) {
        return;
    }
    const SignedRequest request = *std::exchange(chat->own, std::nullopt);
    if (!message.accept) {
        changed(*chat, ChatState::declined, SafeText::own(chat->user + " declined"));
        return;
    }
    hold(*chat, request, message.signature);
    initiate(*chat);
}

void Core::run(const command::CancelRequest& command) {
    Conversation* chat = find(command.user);
    if (chat == nullptr || !chat->own) {
        refuse("cancel", "you have no request to " + command.user + " waiting");
        return;
    }
    const SignedRequest request = *std::exchange(chat->own, std::nullopt);
    send_terminate(*chat, request.terms.chat,
                   crypto::make_signed_terminate(identity_, request.terms.chat, request.hash));
    changed(*chat, ChatState::none, SafeText::own("you took the request back"));
}

void Core::run(const command::EndChat& command) {
    Conversation* chat = find(command.user);
    if (chat != nullptr && chat->consent) {
        end_by_us(*chat, crypto::Reason::person, SafeText::own("you ended the chat"));
    } else if (chat != nullptr && chat->own) {
        run(command::CancelRequest{command.user});
    } else {
        refuse("close", "there is no chat with " + command.user + " to end");
    }
}

void Core::send_terminate(Conversation& chat, const crypto::ChatId& id, crypto::Bytes payload) {
    if (connected()) {
        send("chat_terminate",
             wire::encode(wire::ChatTerminate{route(chat, id), std::move(payload)}));
    }
}

void Core::end_by_us(Conversation& chat, crypto::Reason reason, SafeText why) {
    const ConsentTerms consent = *std::exchange(chat.consent, std::nullopt);
    crypto::SecureChannel* secure = channel(chat);
    auto payload = secure != nullptr ? secure->terminate(reason) : std::nullopt;
    send_terminate(chat, consent.chat,
                   payload
                       ? std::move(*payload)
                       : crypto::make_signed_terminate(identity_, consent.chat, consent.request));
    if (chat.ended.size() >= kRememberedEndings) {
        chat.ended.erase(chat.ended.begin());
    }
    chat.ended.emplace(consent.consent, consent);
    chat.answered.reset();  // that chat was terminated: a repeat is answered no more
    chat.retry_at.reset();
    chat.step1_by.reset();
    changed(chat, ChatState::ended, std::move(why));
}

void Core::end_by_peer(Conversation& chat, SafeText why) {
    if (crypto::SecureChannel* secure = channel(chat)) {
        secure->drop_consent();
    }
    chat.consent.reset();
    chat.answered.reset();
    chat.retry_at.reset();
    chat.step1_by.reset();
    changed(chat, ChatState::ended, std::move(why));
}

void Core::on(const wire::ChatTerminate& message) {
    Conversation* found = find(message.route.from);
    if (found == nullptr || message.route.to != options_.user || message.payload.empty()) {
        return;
    }
    Conversation& chat = *found;
    const crypto::ChatId& id = message.route.chat;
    const crypto::ByteView payload(message.payload);
    crypto::SecureChannel* secure = channel(chat);
    const bool about_consent = chat.consent && chat.consent->chat == id;
    const crypto::PublicKey* key = book_.usable_key(chat.user);

    if (payload[0] == 0x01 && about_consent && secure != nullptr) {
        carry_out(chat, secure->on_terminate_record(payload.subspan(1), now.monotonic), id);
    } else if (payload[0] == 0x03 && about_consent && secure != nullptr) {
        if (secure->on_no_consent(payload)) {
            end_by_peer(chat, SafeText::own(chat.user + " no longer knows this chat; ask again"));
        }
    } else if (payload[0] == 0x02 && chat.theirs && chat.theirs->terms.chat == id &&
               crypto::verify_signed_terminate(chat.theirs->terms.from.key, payload, id,
                                               chat.theirs->hash)) {
        chat.theirs.reset();
        events.emplace_back(event::RequestGone{chat.user, SafeText::own("taken back")});
        changed(chat, chat.consent ? ChatState::broken : ChatState::none);
    } else if (payload[0] == 0x02 && about_consent && key != nullptr &&
               crypto::verify_signed_terminate(*key, payload, id, chat.consent->request)) {
        end_by_peer(chat, SafeText::own(chat.user + " ended the chat"));
    } else if (payload[0] == 0x02 && chat.own && chat.own->terms.chat == id &&
               crypto::verify_signed_terminate(chat.own->terms.to.key, payload, id,
                                               chat.own->hash)) {
        chat.own.reset();
        changed(chat, ChatState::declined, SafeText::own(chat.user + " declined"));
    }
}

void Core::refused_request(Conversation& chat, const wire::ErrorMessage& error) {
    const std::string why = error.code == wire::ErrorCode::offline ? chat.user + " is offline"
                            : error.code == wire::ErrorCode::not_found
                                ? "nobody is registered as " + chat.user
                                : "the relay refused it: " + error.code_name;
    if (error.re == "chat_request" && chat.own && chat.own->terms.chat == error.chat) {
        chat.own.reset();
        changed(chat, ChatState::none, SafeText::own(why));
        notice(event::Notice::Level::warning, chat.user, "your request did not arrive: " + why);
    } else if (error.re == "chat_response" && chat.consent && chat.consent->chat == error.chat) {
        const crypto::SecureChannel* secure = channel(chat);
        if (secure == nullptr || !secure->established()) {
            end_by_peer(chat, SafeText::own("your answer did not arrive: " + why));
        }
    }
}

}  // namespace sotto::client
