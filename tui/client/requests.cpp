// Requests of one's own.
#include "tui/client/requests.h"

#include "net/wire/user_name.h"
#include "tui/client/words.h"

#include <chrono>
#include <utility>

namespace sotto::client {

bool Requests::ready(const std::string& user) {
    if (!wire::is_user_name(user)) {
        refuse(RefusalCode::bad_name, "that is not a user name");
    } else if (user == env_.options.user) {
        refuse(RefusalCode::yourself, "that is you");
    } else if (!with_.link.connected()) {
        refuse(RefusalCode::not_connected, "you are not connected");
    } else if (with_.peers.book().blocked(user)) {
        refuse(RefusalCode::blocked, user + " is blocked; /unblock " + user + " first");
    } else if (with_.peers.book().trust_of(user) == Trust::key_changed) {
        refuse(RefusalCode::key_changed,
               "the key of " + user + " has changed; /trust " + user + " settles it");
        with_.peers.tell_key_change(user);
    } else {
        return true;
    }
    return false;
}

void Requests::run(const command::RequestChat& command) {
    const std::string& user = command.chat.name();
    if (!ready(user)) {
        return;
    }
    Conversation& chat = with_.chats.open(user);
    if (chat.theirs) {
        run(command::AcceptRequest{chat.key()});
    } else if (chat.own || with_.lookups.looking_up(user)) {
        refuse(RefusalCode::already_asked,
               "you have asked " + user + " already; /cancel takes it back");
    } else if (chat.consent) {
        refuse(RefusalCode::already_open, "the chat with " + user + " is there already");
    } else {
        // The pin decides, but a lookup finds out early that the key is another by now.
        with_.lookups.look_up_key(user);
        with_.chats.changed(chat, ChatState::requested);
    }
}

void Requests::ask(const std::string& user, const crypto::PublicKey& key) {
    Conversation& chat = with_.chats.open(user);
    if (with_.peers.book().pinned_to_another(user, key)) {
        note_key_change(chat, key);
        return;
    }
    if (chat.theirs && chat.theirs->terms.from.key == key) {
        run(command::AcceptRequest{chat.key()});  // it came while the key was looked up
        return;
    }
    if (chat.theirs) {
        with_.chats.changed(chat, ChatState::none);
        env_.out.notice(event::Notice::Level::warning, user,
                        "the relay gives another key for " + user + " than the one that asks you");
        return;
    }
    if (chat.own || chat.consent || !ready(user)) {
        return;
    }
    with_.peers.pin(user, key);
    crypto::ChatRequest terms{env_.me(), {user, key}, {}, env_.now.wall};
    env_.random.fill(terms.chat);
    const crypto::Signature signature = crypto::sign_request(env_.identity, terms);
    chat.own = signed_request(std::move(terms), signature);
    chat.own_since = env_.now.monotonic;
    chat.own_cause = env_.out.cause();
    send_request(chat);
    with_.chats.changed(chat, ChatState::requested);
}

void Requests::send_request(Conversation& chat) {
    const crypto::ChatRequest& terms = chat.own->terms;
    wire::ChatRequest message;
    message.route = with_.chats.route(chat, terms.chat);
    message.identity = terms.from.key;
    message.time = terms.time;
    message.signature = chat.own->signature;
    env_.out.send("chat_request", wire::encode(message));
}

void Requests::on(const wire::ChatResponse& message) {
    Conversation* chat = with_.chats.find(message.route.from);
    if (chat == nullptr || !chat->own || chat->own->terms.chat != message.route.chat ||
        message.route.to != env_.options.user ||
        !crypto::verify_response(chat->own->terms.to.key, chat->own->hash, message.accept,
                                 message.signature)) {
        env_.out.drop();
        return;
    }
    const auto answering = env_.out.answer(chat->own_cause);
    const SignedRequest request = *std::exchange(chat->own, std::nullopt);
    if (message.accept) {
        with_.consents.hold(*chat, request, message.signature);
        with_.sessions.initiate(*chat);
        return;
    }
    chat->held.clear();  // who declines was asked, so waits for nothing
    if (!chat->consent) {
        with_.chats.changed(*chat, ChatState::declined);
    }
}

void Requests::refused(Conversation& chat, const wire::ErrorMessage& error) {
    const std::string why = sentence(error, chat.user);
    if (error.re == "chat_request" && chat.own && chat.own->terms.chat == error.chat) {
        const auto answering = env_.out.answer(chat.own_cause);
        chat.own.reset();
        if (!chat.consent) {
            with_.chats.changed(chat, ChatState::none, SafeText::from(why));
        }
        env_.out.notice(event::Notice::Level::warning, chat.user,
                        "your request did not arrive: " + why);
    } else if (error.re == "chat_response" && chat.consent && chat.consent->chat == error.chat) {
        const crypto::SecureChannel* secure = with_.chats.channel(chat);
        if (secure == nullptr || !secure->established()) {
            with_.consents.lose(chat, SafeText::from("your answer did not arrive: " + why));
        }
    }
}

}  // namespace sotto::client
