// Requests of the peer, and answers to them.
#include "crypto/consent.h"
#include "tui/client/requests.h"

#include <utility>

namespace sotto::client {

namespace {

constexpr std::uint64_t kClockToleranceMs = 10ULL * 60 * 1'000;
constexpr std::chrono::milliseconds kStep1Wait = std::chrono::seconds(15);
constexpr std::size_t kMaxChats = 10'000;  // strangers beyond are not heard

}  // namespace

void Requests::on(const wire::ChatRequest& message) {
    const std::string& user = message.route.from;
    if (message.route.to != env_.options.user || user == env_.options.user ||
        (with_.chats.find(user) == nullptr && with_.chats.size() >= kMaxChats &&
         with_.peers.book().find(user) == nullptr)) {
        env_.out.drop();
        return;
    }
    crypto::ChatRequest terms{
        {user, message.identity}, env_.me(), message.route.chat, message.time};
    const bool blocked = with_.peers.book().blocked(user);
    if (!crypto::verify_request(terms, message.signature)) {
        env_.out.drop();
        if (!blocked) {
            env_.out.warn(
                env_.now.monotonic, Warnings::Kind::other_key, user,
                "a request in the name of " + user +
                    " was not made for your key: the relay may have given out another one");
        }
        return;
    }
    const SignedRequest request = signed_request(std::move(terms), message.signature);
    Conversation& chat = with_.chats.open(user);
    if (chat.memory.ended_here(message.route.chat)) {
        env_.out.drop();  // after one's own terminate everything for that `chat` is (section 4)
        return;
    }
    if (blocked) {
        heard_blocked(chat, request);
        return;
    }
    if (const GivenAnswer* given = chat.memory.answer_to(request.hash)) {
        if (with_.peers.book().pinned_to_another(user, message.identity)) {
            note_key_change(chat, message.identity);  // pinned since, by a link say
        } else {
            repeat_answer(chat, request, *given);
        }
        return;
    }
    if (chat.theirs && chat.theirs->hash == request.hash) {
        env_.out.drop();  // pending already
    } else if (chat.held.holds(request.hash)) {
        heard_again(chat, request);
    } else if (timely(request) &&
               with_.store.remember_chat(message.identity, message.route.chat, env_.now.wall)) {
        arrived(chat, {request, env_.now.monotonic});
    } else {
        env_.out.drop();
    }
}

bool Requests::in_time(const SignedRequest& request) const {
    return base::ms_apart(request.terms.time, env_.now.wall) <= kClockToleranceMs;
}

bool Requests::timely(const SignedRequest& request) {
    if (in_time(request)) {
        return true;
    }
    const std::string& user = request.terms.from.name;
    env_.out.warn(
        env_.now.monotonic, Warnings::Kind::clock, user,
        "ignored a request from " + user + ": its clock is more than 10 minutes off yours");
    return false;
}

/// A request that was not shown, or is not any more, counts as new: nobody has answered it.
void Requests::arrived(Conversation& chat, HeardRequest heard) {
    const crypto::PublicKey key = heard.request.terms.from.key;
    if (with_.peers.book().pinned_to_another(chat.user, key)) {
        note_key_change(chat, key);
        chat.held.hold(std::move(heard));
        return;
    }
    if (with_.peers.book().trust_of(chat.user) == Trust::key_changed) {
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
        Conversation& other = with_.chats.open(same->second);
        set_aside(other, "the same key asks under another name");
        with_.chats.tell(other);
    }
    if (chat.theirs) {
        asking_keys_.erase(chat.theirs->terms.from.key);
    }
    asking_keys_[key] = chat.user;
    env_.out.event(event::RequestArrived{chat.key(), crypto::fingerprint(key),
                                         heard.request.terms.time.ms(),
                                         with_.peers.book().trust_of(chat.user)});
    if (!chat.consent && !with_.lookups.looking_up(chat.user)) {
        chat.state = ChatState::none;  // how the last chat ended is no longer the news
        chat.why = {};
    }
    chat.theirs = std::move(heard.request);
    chat.asked_at = heard.came;
    with_.chats.tell(chat);
}

/// A repeat of a held request. Its sender repeats it only in glare, and without that it is
/// shown to nobody.
void Requests::heard_again(Conversation& chat, const SignedRequest& request) {
    if (with_.peers.book().pinned_to_another(chat.user, request.terms.from.key)) {
        note_key_change(chat, request.terms.from.key);  // pinned since
    } else if (chat.own) {
        glare(chat, request);
    } else {
        env_.out.drop();
    }
}

/// A blocked user is not heard, but may still wait when the block is lifted.
void Requests::heard_blocked(Conversation& chat, const SignedRequest& request) {
    if (chat.memory.answer_to(request.hash) == nullptr && in_time(request) &&
        with_.store.remember_chat(request.terms.from.key, request.terms.chat, env_.now.wall)) {
        chat.held.hold({request, env_.now.monotonic});
    }
    env_.out.drop();
}

void Requests::glare(Conversation& chat, const SignedRequest& request) {
    if (env_.identity.public_key() > request.terms.from.key) {
        answer(chat, request, true);
    } else {
        send_request(chat);
    }
}

/// A key change is settled: who asked under the key that is pinned now still waits.
void Requests::raise_held(Conversation& chat) {
    const crypto::PublicKey* key = with_.peers.book().usable_key(chat.user);
    std::optional<HeardRequest> heard = key != nullptr ? chat.held.take(*key) : std::nullopt;
    chat.held.clear();  // those under the other key are settled too
    if (heard && with_.peers.book().blocked(chat.user)) {
        chat.held.hold(std::move(*heard));
    } else if (heard) {
        arrived(chat, std::move(*heard));
    }
}

void Requests::run(const command::AcceptRequest& command) {
    Conversation* chat = with_.chats.find(command.chat.name());
    if (chat == nullptr || !chat->theirs) {
        refuse(RefusalCode::no_request, "no request from " + command.chat.name() + " is waiting");
        return;
    }
    if (!ready(command.chat.name())) {
        return;
    }
    const SignedRequest request = *chat->theirs;
    const crypto::PublicKey& key = request.terms.from.key;
    if (with_.peers.book().pinned_to_another(command.chat.name(), key)) {
        note_key_change(*chat, key);  // nothing else (section 4), and never answered
        return;
    }
    with_.peers.pin(command.chat.name(), key);
    end_pending(*chat, "accepted");  // what it is now is told by `hold`
    answer(*chat, request, true);
}

bool Requests::run(const command::DeclineRequest& command) {
    Conversation* chat = with_.chats.find(command.chat.name());
    if (chat == nullptr || !chat->theirs) {
        refuse(RefusalCode::no_request, "no request from " + command.chat.name() + " is waiting");
        return false;
    }
    const SignedRequest request = *chat->theirs;
    drop_pending(*chat, "declined");
    answer(*chat, request, false);
    return true;
}

void Requests::answer(Conversation& chat, const SignedRequest& request, bool accept) {
    const GivenAnswer given{request.hash, request.terms.chat, accept,
                            crypto::sign_response(env_.identity, request.hash, accept)};
    chat.memory.answered(given);
    send_answer(chat, given);
    if (accept) {
        with_.consents.hold(chat, request, given.signature);
        chat.step1_by = env_.now.monotonic + kStep1Wait;
    }
}

/// A repeat gets the same bytes, whatever its time. The consent may be lost by then: the relay
/// refused that answer, say. With a request of one's own outstanding this is glare, which
/// accepts without asking, so it is held again, or the two would wait for each other.
void Requests::repeat_answer(Conversation& chat, const SignedRequest& request,
                             const GivenAnswer& given) {
    send_answer(chat, given);
    if (given.accept && chat.own && !chat.consent) {
        with_.consents.hold(chat, request, given.signature);
        chat.step1_by = env_.now.monotonic + kStep1Wait;
    }
}

void Requests::send_answer(Conversation& chat, const GivenAnswer& given) {
    if (with_.link.connected()) {  // otherwise a repeat of the request gets it
        env_.out.send("chat_response",
                      wire::encode(wire::ChatResponse{with_.chats.route(chat, given.chat),
                                                      given.accept, given.signature}));
    }
}

}  // namespace sotto::client
