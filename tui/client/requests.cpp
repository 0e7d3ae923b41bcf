// Section 4: asking and answering.
#include "tui/client/core.h"
#include "tui/client/words.h"

#include <utility>

namespace sotto::client {

namespace {

constexpr std::uint64_t kClockToleranceMs = 10ULL * 60 * 1'000;
constexpr Time kStep1Wait = std::chrono::seconds(15);
constexpr std::size_t kMaxChats = 10'000;  // strangers beyond are not heard

SignedRequest signed_request(crypto::ChatRequest terms, const crypto::Signature& signature) {
    const crypto::RequestHash hash = crypto::request_hash(terms, signature);
    return {std::move(terms), signature, hash};
}

}  // namespace

// --- asking -----------------------------------------------------------------------------------

void Core::run(const command::RequestChat& command) {
    const std::string& user = command.chat.name();
    if (!ready(user)) {
        return;
    }
    Conversation& chat = conversation(user);
    if (chat.theirs) {
        run(command::AcceptRequest{chat.key()});
    } else if (chat.own || looking_up(user)) {
        refuse(RefusalCode::already_asked,
               "you have asked " + user + " already; /cancel takes it back");
    } else if (chat.consent) {
        refuse(RefusalCode::already_open, "the chat with " + user + " is there already");
    } else {
        // The pin decides, but a lookup finds out early that the key is another by now.
        look_up_key(user);
        changed(chat, ChatState::requested);
    }
}

void Core::ask(const std::string& user, const crypto::PublicKey& key) {
    Conversation& chat = conversation(user);
    if (book_.pinned_to_another(user, key)) {
        note_key_change(chat, key);
        return;
    }
    if (chat.theirs && chat.theirs->terms.from.key == key) {
        run(command::AcceptRequest{chat.key()});  // it came while the key was looked up
        return;
    }
    if (chat.theirs) {
        changed(chat, ChatState::none);
        notice(event::Notice::Level::warning, user,
               "the relay gives another key for " + user + " than the one that asks you");
        return;
    }
    if (chat.own || chat.consent || !ready(user)) {
        return;
    }
    book_.pin(user, key, now.wall_ms);
    show_user(user);
    crypto::ChatRequest terms{me(), {user, key}, {}, now.wall_ms};
    random_.fill(terms.chat);
    const crypto::Signature signature = crypto::sign_request(identity_, terms);
    chat.own = signed_request(std::move(terms), signature);
    chat.own_since = now.monotonic;
    chat.own_cause = out.cause();
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

void Core::on(const wire::ChatResponse& message) {
    Conversation* chat = find(message.route.from);
    if (chat == nullptr || !chat->own || chat->own->terms.chat != message.route.chat ||
        message.route.to != options_.user ||
        !crypto::verify_response(chat->own->terms.to.key, chat->own->hash, message.accept,
                                 message.signature)) {
        drop();
        return;
    }
    const auto answering = out.answer(chat->own_cause);
    const SignedRequest request = *std::exchange(chat->own, std::nullopt);
    if (message.accept) {
        hold(*chat, request, message.signature);
        initiate(*chat);
        return;
    }
    chat->held.clear();  // who declines was asked, so waits for nothing
    if (!chat->consent) {
        changed(*chat, ChatState::declined);
    }
}

void Core::refused_request(Conversation& chat, const wire::ErrorMessage& error) {
    const std::string why = sentence(error, chat.user);
    if (error.re == "chat_request" && chat.own && chat.own->terms.chat == error.chat) {
        const auto answering = out.answer(chat.own_cause);
        chat.own.reset();
        if (!chat.consent) {
            changed(chat, ChatState::none, SafeText::from(why));
        }
        notice(event::Notice::Level::warning, chat.user, "your request did not arrive: " + why);
    } else if (error.re == "chat_response" && chat.consent && chat.consent->chat == error.chat) {
        const crypto::SecureChannel* secure = channel(chat);
        if (secure == nullptr || !secure->established()) {
            lose_consent(chat, SafeText::from("your answer did not arrive: " + why));
        }
    }
}

// --- being asked ------------------------------------------------------------------------------

void Core::on(const wire::ChatRequest& message) {
    const std::string& user = message.route.from;
    if (message.route.to != options_.user || user == options_.user ||
        (find(user) == nullptr && chats_.size() >= kMaxChats && book_.find(user) == nullptr)) {
        drop();
        return;
    }
    crypto::ChatRequest terms{{user, message.identity}, me(), message.route.chat, message.time_ms};
    const bool blocked = book_.blocked(user);
    if (!crypto::verify_request(terms, message.signature)) {
        drop();
        if (!blocked) {
            warn_of_others(
                Warnings::Kind::other_key, user,
                "a request in the name of " + user +
                    " was not made for your key: the relay may have given out another one");
        }
        return;
    }
    const SignedRequest request = signed_request(std::move(terms), message.signature);
    Conversation& chat = conversation(user);
    if (chat.memory.ended_here(message.route.chat)) {
        drop();  // after one's own terminate everything for that `chat` is (section 4)
        return;
    }
    if (blocked) {
        heard_blocked(chat, request);
        return;
    }
    if (const GivenAnswer* given = chat.memory.answer_to(request.hash)) {
        if (book_.pinned_to_another(user, message.identity)) {
            note_key_change(chat, message.identity);  // pinned since, by a link say
        } else {
            repeat_answer(chat, request, *given);
        }
        return;
    }
    if (chat.theirs && chat.theirs->hash == request.hash) {
        drop();  // pending already
    } else if (chat.held.holds(request.hash)) {
        heard_again(chat, request);
    } else if (timely(request) &&
               store_.remember_chat(message.identity, message.route.chat, now.wall_ms)) {
        arrived(chat, {request, now.monotonic});
    } else {
        drop();
    }
}

bool Core::in_time(const SignedRequest& request) const {
    const std::uint64_t sent = request.terms.time_ms;
    const std::uint64_t apart = sent > now.wall_ms ? sent - now.wall_ms : now.wall_ms - sent;
    return apart <= kClockToleranceMs;
}

bool Core::timely(const SignedRequest& request) {
    if (in_time(request)) {
        return true;
    }
    const std::string& user = request.terms.from.name;
    warn_of_others(
        Warnings::Kind::clock, user,
        "ignored a request from " + user + ": its clock is more than 10 minutes off yours");
    return false;
}

/// A request that was not shown, or is not any more, counts as new: nobody has answered it.
void Core::arrived(Conversation& chat, HeardRequest heard) {
    const crypto::PublicKey key = heard.request.terms.from.key;
    if (book_.pinned_to_another(chat.user, key)) {
        note_key_change(chat, key);
        chat.held.hold(std::move(heard));
        return;
    }
    if (book_.trust_of(chat.user) == Trust::key_changed) {
        chat.held.hold(std::move(heard));  // the person has not settled the key change yet
        return;
    }
    (void)chat.held.take(key);  // this one is newer
    if (chat.own) {
        glare(chat, heard.request);
        return;
    }
    const auto same = asking_keys_.find(key);  // one per identity key, whatever its name
    if (same != asking_keys_.end() && same->second != chat.user) {
        Conversation& other = conversation(same->second);
        set_aside(other, "the same key asks under another name");
        tell(other);
    }
    if (chat.theirs) {
        asking_keys_.erase(chat.theirs->terms.from.key);
    }
    asking_keys_[key] = chat.user;
    out.event(event::RequestArrived{chat.key(), crypto::fingerprint(key),
                                    heard.request.terms.time_ms, book_.trust_of(chat.user)});
    if (!chat.consent && !looking_up(chat.user)) {
        chat.state = ChatState::none;  // how the last chat ended is no longer the news
        chat.why = {};
    }
    chat.theirs = std::move(heard.request);
    chat.asked_at = heard.came;
    tell(chat);
}

/// A repeat of a held request. Its sender repeats it only in glare, and without that it is
/// shown to nobody.
void Core::heard_again(Conversation& chat, const SignedRequest& request) {
    if (book_.pinned_to_another(chat.user, request.terms.from.key)) {
        note_key_change(chat, request.terms.from.key);  // pinned since
    } else if (chat.own) {
        glare(chat, request);
    } else {
        drop();
    }
}

/// A blocked user is not heard, but may still wait when the block is lifted.
void Core::heard_blocked(Conversation& chat, const SignedRequest& request) {
    if (chat.memory.answer_to(request.hash) == nullptr && in_time(request) &&
        store_.remember_chat(request.terms.from.key, request.terms.chat, now.wall_ms)) {
        chat.held.hold({request, now.monotonic});
    }
    drop();
}

void Core::glare(Conversation& chat, const SignedRequest& request) {
    if (identity_.public_key() > request.terms.from.key) {
        answer(chat, request, true);
    } else {
        send_request(chat);
    }
}

/// A key change is settled: who asked under the key that is pinned now still waits.
void Core::raise_held(Conversation& chat) {
    const crypto::PublicKey* key = book_.usable_key(chat.user);
    std::optional<HeardRequest> heard = key != nullptr ? chat.held.take(*key) : std::nullopt;
    chat.held.clear();  // those under the other key are settled too
    if (heard && book_.blocked(chat.user)) {
        chat.held.hold(std::move(*heard));
    } else if (heard) {
        arrived(chat, std::move(*heard));
    }
}

void Core::run(const command::AcceptRequest& command) {
    Conversation* chat = find(command.chat.name());
    if (chat == nullptr || !chat->theirs) {
        refuse(RefusalCode::no_request, "no request from " + command.chat.name() + " is waiting");
        return;
    }
    if (!ready(command.chat.name())) {
        return;
    }
    const SignedRequest request = *chat->theirs;
    const crypto::PublicKey& key = request.terms.from.key;
    if (book_.pinned_to_another(command.chat.name(), key)) {
        note_key_change(*chat, key);  // nothing else (section 4), and never answered
        return;
    }
    book_.pin(command.chat.name(), key, now.wall_ms);
    show_user(command.chat.name());
    end_pending(*chat, "accepted");  // what it is now is told by `hold`
    answer(*chat, request, true);
}

void Core::run(const command::DeclineRequest& command) {
    Conversation* chat = find(command.chat.name());
    if (chat == nullptr || !chat->theirs) {
        refuse(RefusalCode::no_request, "no request from " + command.chat.name() + " is waiting");
        return;
    }
    const SignedRequest request = *chat->theirs;
    drop_pending(*chat, "declined");
    answer(*chat, request, false);
    if (command.block) {
        run(command::Block{command.chat.name()});
    }
}

void Core::answer(Conversation& chat, const SignedRequest& request, bool accept) {
    const GivenAnswer given{request.hash, request.terms.chat, accept,
                            crypto::sign_response(identity_, request.hash, accept)};
    chat.memory.answered(given);
    send_answer(chat, given);
    if (accept) {
        hold(chat, request, given.signature);
        chat.step1_by = now.monotonic + kStep1Wait;
    }
}

/// A repeat gets the same bytes, whatever its time. The consent may be lost by then: the relay
/// refused that answer, say. With a request of one's own outstanding this is glare, which
/// accepts without asking, so it is held again, or the two would wait for each other.
void Core::repeat_answer(Conversation& chat, const SignedRequest& request,
                         const GivenAnswer& given) {
    send_answer(chat, given);
    if (given.accept && chat.own && !chat.consent) {
        hold(chat, request, given.signature);
        chat.step1_by = now.monotonic + kStep1Wait;
    }
}

void Core::send_answer(Conversation& chat, const GivenAnswer& given) {
    if (connected()) {  // otherwise a repeat of the request gets it
        send("chat_response", wire::encode(wire::ChatResponse{route(chat, given.chat), given.accept,
                                                              given.signature}));
    }
}

void Core::hold(Conversation& chat, const SignedRequest& request,
                const crypto::Signature& sig_resp) {
    const crypto::ChatRequest& terms = request.terms;
    const crypto::Party peer = terms.from.name == options_.user ? terms.to : terms.from;
    const crypto::ConsentHash consent = crypto::consent_hash(terms, request.signature, sig_resp);
    session_ended(chat);
    chat.consent = ConsentTerms{terms.chat, request.hash, consent};
    chat.held.clear();  // at most one chat per pair
    chat.tickets.clear();
    chat.failures = 0;
    chat.floor_in_the_way = false;
    chat.retry_at.reset();
    table_.open(peer, policy(chat.user)).hold_consent(terms.chat, consent);
    changed(chat, ChatState::securing);
}

}  // namespace sotto::client
