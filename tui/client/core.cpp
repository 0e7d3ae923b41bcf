#include "tui/client/core.h"

#include "tui/client/deadline.h"
#include "tui/client/one_of.h"
#include "tui/client/words.h"

#include <utility>

namespace sotto::client {

Core::Core(Client::Options options, const crypto::Identity& identity, Store& store,
           crypto::Random& random)
    : out_(options.show_wire),
      env_{std::move(options), identity, random, out_, {}},
      store_(store, [this](const std::string& why) { out_.complain(env_.now.monotonic, why); }),
      link_(env_),
      peers_(env_, link_, store_, *this),
      chats_(env_, peers_),
      texts_(env_, peers_, chats_),
      consents_(env_, link_, peers_, chats_, texts_),
      sessions_(env_, link_, peers_, chats_, texts_, consents_),
      roster_(env_, link_, peers_, *this),
      requests_(env_, {link_, peers_, chats_, consents_, sessions_, roster_, store_}) {
    texts_.send_through(sessions_);
}

// --- from the face ----------------------------------------------------------------------------

void Core::execute(const Command& command) {
    using namespace command;
    const auto answering = out_.answer(Cause{command.id, command.kind()});
    std::visit(Overloaded{
                   [&](const Connect& one) { link_.run(one); },
                   [&](const Disconnect& one) { link_.run(one); },
                   [&](const TrustRelay& one) { link_.run(one); },
                   [&](const RefreshUsers& one) { roster_.run(one); },
                   [&](const SearchUsers& one) { roster_.run(one); },
                   [&](const RequestChat& one) { requests_.run(one); },
                   [&](const AcceptRequest& one) { requests_.run(one); },
                   [&](const DeclineRequest& one) {
                       if (requests_.run(one) && one.block) {
                           peers_.run(Block{one.chat.name()});
                       }
                   },
                   [&](const CancelRequest& one) { requests_.run(one); },
                   [&](const EndChat& one) { requests_.run(one); },
                   [&](const SendText& one) { texts_.run(one); },
                   [&](const SetTyping& one) { texts_.run(one); },
                   [&](const DiscardUnsent& one) { texts_.run(one); },
                   [&](const ShowStatus&) { out_.event(event::Status{out_.dropped()}); },
                   [&](const Quit&) { quit(); },
                   [&](const auto& one) { peers_.run(one); },
               },
               command.what);
}

void Core::quit() {
    if (std::exchange(finishing_, true)) {
        return;
    }
    for (auto& [user, chat] : chats_) {
        if (chat.consent && link_.connected()) {
            consents_.end_by_us(chat, crypto::Reason::closing,
                                SafeText::own("you closed the program"));
        }
    }
    link_.leave();
    out_.event(event::Finished{});
}

// --- from the relay ---------------------------------------------------------------------------

void Core::link_up(const Client::LinkUp& link) {
    link_.up(link);
}

void Core::message(std::string_view text) {
    if (finishing_) {
        return;
    }
    const auto answering = out_.answer(link_.connected() ? std::nullopt : link_.cause());
    auto message = wire::decode_from_relay(text);
    out_.received(message ? wire::type_of(text).value_or("?") : "?", text);
    if (!message) {
        if (message.error().verdict == wire::Verdict::close) {
            out_.effect(effect::Close{1008, "not strict JSON"});
        } else {
            out_.drop();
        }
        return;
    }
    // Before `ok` there is nothing but the answers to hello and register.
    const auto if_connected = [&](auto& part, const auto& one) {
        if (link_.connected()) {
            part.on(one);
        } else {
            out_.drop();
        }
    };
    std::visit(Overloaded{
                   [&](const wire::RelayHello& one) { on(one); },
                   [&](const wire::Registered& one) { on(one); },
                   [&](const wire::ErrorMessage& one) { on(one); },
                   [&](const wire::UserList& one) { if_connected(roster_, one); },
                   [&](const wire::Pubkey& one) { if_connected(roster_, one); },
                   [&](const wire::ChatRequest& one) { if_connected(requests_, one); },
                   [&](const wire::ChatResponse& one) { if_connected(requests_, one); },
                   [&](const wire::ChatTerminate& one) { if_connected(requests_, one); },
                   [&](const wire::Relay& one) { if_connected(sessions_, one); },
               },
               *message);
}

void Core::on(const wire::RelayHello& hello) {
    if (link_.on(hello)) {
        roster_.set_interval(hello.poll_seconds);
    }
}

void Core::on(const wire::Registered& registered) {
    if (!link_.on(registered)) {
        return;
    }
    peers_.tell_key_changes();  // still unsettled: it cannot be missed
    roster_.connected();
    for (auto& [user, chat] : chats_) {
        chat.failures = 0;
        sessions_.initiate(chat);
    }
}

void Core::on(const wire::ErrorMessage& error) {
    if (link_.on(error)) {
        return;
    }
    Conversation* chat = error.to && error.chat ? chats_.find(*error.to) : nullptr;
    if (error.re == "get_pubkey" || error.re == "user_list") {
        roster_.refused(error);
    } else if (chat != nullptr && error.re == "relay") {
        sessions_.refused(*chat, error);
    } else if (chat != nullptr && (error.re == "chat_request" || error.re == "chat_response")) {
        requests_.refused(*chat, error);
    } else if (error.re != "chat_terminate") {  // about that it changes nothing
        out_.warn(env_.now.monotonic, Warnings::Kind::relay, "", sentence(error));
    }
}

void Core::link_down(const LinkLoss& loss) {
    const auto answering = out_.answer(link_.cause());
    chats_.channels().on_disconnected();
    roster_.link_lost();
    if (finishing_) {
        return;
    }
    const std::string& away = link_.why_away();
    for (auto& [user, chat] : chats_) {
        sessions_.link_lost(
            chat, SafeText::from(away.empty() ? "the connection to the relay broke" : away));
        requests_.link_lost(chat);
    }
    roster_.forget_lookups();
    link_.down(loss);
}

// --- from the clock ---------------------------------------------------------------------------

void Core::tick() {
    link_.tick();
    roster_.tick();
    sessions_.tick();
}

std::optional<Time> Core::next_deadline() const {
    return earlier(link_.next_deadline(),
                   earlier(roster_.next_deadline(), sessions_.next_deadline()));
}

// --- from peers to their chats ----------------------------------------------------------------

void Core::peer_changed(const std::string& user) {
    if (Conversation* chat = chats_.find(user)) {
        chats_.tell(*chat);
    }
}

/// Section 4: a request under a key other than the pinned one is a key change; it may have
/// come before the pin.
void Core::peer_pinned(const std::string& user) {
    Conversation* chat = chats_.find(user);
    if (chat != nullptr && chat->theirs) {
        const crypto::PublicKey asking = chat->theirs->terms.from.key;
        if (peers_.book().pinned_to_another(user, asking)) {
            requests_.note_key_change(*chat, asking);
        }
    }
}

void Core::key_change_told(const std::string& user) {
    chats_.changed(chats_.open(user), ChatState::key_changed,
                   SafeText::own("the key of " + user + " changed"));
}

void Core::key_change_settled(const std::string& user, const std::string& done) {
    Conversation& chat = chats_.open(user);
    chats_.changed(chat, ChatState::none, SafeText::own(done));
    peers_.show(user);
    requests_.raise_held(chat);
}

void Core::peer_blocked(const std::string& user) {
    if (Conversation* chat = chats_.find(user)) {
        requests_.peer_blocked(*chat);
    }
}

void Core::suite_lowered(const std::string& user) {
    chats_.apply_policy(user);
    if (Conversation* chat = chats_.find(user)) {
        chat->floor_in_the_way = false;
        chats_.tell(*chat);
        sessions_.initiate(*chat);
    }
}

// --- from the roster to the chats -------------------------------------------------------------

/// A request ends with its sender's connection, and so does a session.
void Core::peer_left(const std::string& user, const std::optional<Time>& as_of) {
    if (Conversation* chat = chats_.find(user)) {
        requests_.peer_left(*chat, as_of);
        sessions_.close(*chat, SafeText::own(user + " is offline"));
    }
}

/// Listed as online means: connected anew since the last answer. A session or a request
/// from before it is dead; of a later one, made by the peer on its return maybe, nothing is
/// known.
void Core::peer_returned(const std::string& user, const Requests::Return& back) {
    Conversation* chat = chats_.find(user);
    if (chat == nullptr) {
        return;
    }
    requests_.peer_returned(*chat, back);
    if (chat->open_since && back.after && *chat->open_since < *back.after) {
        sessions_.close(*chat, SafeText::own(user + " connected anew"));
    }
}

void Core::list_complete(const std::optional<Time>& as_of) {
    for (auto& [user, chat] : chats_) {
        if (!peers_.is_listed(user)) {
            peer_left(user, as_of);
        }
    }
}

void Core::key_found(const std::string& user, const crypto::PublicKey& key) {
    requests_.ask(user, key);
}

void Core::key_not_found(const std::string& user, const std::string& why) {
    chats_.changed(chats_.open(user), ChatState::none, SafeText::from(why));
    out_.notice(event::Notice::Level::warning, user, why);
}

}  // namespace sotto::client
