// Sections 5 to 7: handshakes, records, and every deadline.
#include "crypto/transcript.h"
#include "tui/client/core.h"
#include "tui/client/words.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

constexpr std::size_t kTickets = 4'096;
constexpr Time kBetweenAttempts = std::chrono::seconds(1);
constexpr std::uint8_t kStep1 = 0x01;
constexpr unsigned kFailuresBeforeHint = 2;

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

/// The consent that a step 1 names: M1 = 0x01 || LP(domain) || consent || ...
crypto::ConsentHash consent_in(crypto::ByteView step1) {
    crypto::Reader reader(step1.subspan(1));
    reader.lp();
    return reader.take<crypto::ConsentHash>();
}

}  // namespace

// --- what comes -------------------------------------------------------------------------------

void Core::on(const wire::Relay& message) {
    const std::string& user = message.route.from;
    const crypto::PublicKey* key = book_.usable_key(user);
    if (key == nullptr || message.route.to != options_.user || message.payload.empty()) {
        drop();
        return;
    }
    Conversation* chat = find(user);
    if (message.kind == "handshake") {
        on_handshake(message, *key);
        return;
    }
    crypto::SecureChannel* secure = chat != nullptr ? channel(*chat) : nullptr;
    if (message.kind == "record" && secure != nullptr && chat->consent &&
        chat->consent->chat == message.route.chat) {
        carry_out(*chat, secure->on_record(message.payload, now.monotonic), message.route.chat);
        flush(*chat);
    } else {
        drop();
    }
}

void Core::on_handshake(const wire::Relay& message, const crypto::PublicKey& key) {
    Conversation& chat = conversation(message.route.from);
    const bool step1 = message.payload[0] == kStep1;
    const bool same_chat = chat.consent && chat.consent->chat == message.route.chat;
    // Only a step 1 may be about a consent that is not held here: to be told so.
    const bool misplaced =
        step1 ? chat.consent && !same_chat && consent_in(message.payload) == *chat.consent->consent
              : !same_chat;
    if (misplaced) {
        drop();
        return;
    }
    crypto::SecureChannel& secure = table_.open({chat.user, key}, policy(chat.user));
    carry_out(chat, secure.on_handshake(message.payload, now.monotonic), message.route.chat);
}

void Core::refused_relay(Conversation& chat, const wire::ErrorMessage& error) {
    const auto at = error.id ? chat.tickets.find({*error.chat, *error.id}) : chat.tickets.end();
    crypto::SecureChannel* secure = channel(chat);
    if (at == chat.tickets.end() || secure == nullptr) {
        return;
    }
    const crypto::Ticket ticket = at->second;
    chat.tickets.erase(at);
    auto outputs = secure->on_refused(ticket, now.monotonic);
    const bool counts = !outputs.empty();
    carry_out(chat, std::move(outputs), *error.chat);
    if (counts && chat.state == ChatState::broken) {
        changed(chat, ChatState::broken, SafeText::from(sentence(error, chat.user)));
    }
}

// --- what the channel wants -------------------------------------------------------------------

void Core::carry_out(Conversation& chat, crypto::ChannelOutputs outputs,
                     const crypto::ChatId& message_chat) {
    using namespace crypto::channel;
    const Overloaded handle{
        [&](SendHandshake& step) {
            chat.step1_by.reset();
            send_relay(chat, "handshake", std::move(step.payload), step.ticket);
        },
        [&](SendRecord& record) {
            send_relay(chat, "record", std::move(record.payload), record.ticket);
        },
        [&](Established& up) { established(chat, up); },
        [&](NewEpoch&) { tell(chat); },
        [&](Opened& in) { opened(chat, in.content); },
        [&](Broken& end) { broken(chat, SafeText::from(end.why)); },
        [&](AttemptEnded& end) {
            const crypto::SecureChannel* secure = channel(chat);
            if (secure == nullptr || !secure->established()) {
                broken(chat, SafeText::from(end.why + suite_hint(chat)));
            }
        },
        [&](PeerTerminated& end) {
            const bool closing = end.reason == crypto::Reason::closing;
            std::string why = chat.user + (closing ? " closed the program" : " ended the chat");
            why += end.lost ? "; messages were lost on the way" : "";
            end_by_peer(chat, SafeText::from(why));
        },
        [&](NoCommonSuite&) { no_common_suite(chat); },
        [&](UnknownConsent& unknown) { answer_unknown_consent(chat, unknown, message_chat); },
        [&](Dropped&) { drop(); },
    };
    for (crypto::ChannelOutput& output : outputs) {
        std::visit(handle, output);
    }
}

void Core::send_relay(Conversation& chat, std::string_view kind, crypto::Bytes payload,
                      const crypto::Ticket& ticket) {
    if (!chat.consent || !connected()) {
        return;
    }
    const wire::Route to = route(chat, chat.consent->chat);
    if (chat.tickets.size() >= kTickets) {
        chat.tickets.erase(chat.tickets.begin());  // of one chat, so the oldest
    }
    chat.tickets[{to.chat, *to.id}] = ticket;
    send("relay", wire::encode(wire::Relay{to, std::string(kind), std::move(payload)}));
}

void Core::established(Conversation& chat, const crypto::channel::Established& up) {
    chat.failures = 0;
    chat.floor_in_the_way = false;
    chat.retry_at.reset();
    chat.own.reset();     // kept until now to honour a late answer (glare)
    session_ended(chat);  // the one before: what is unacknowledged goes again, in order
    if (up.suite > policy(chat.user).floor) {
        book_.update(chat.user, [&](StoredContact& contact) { contact.best_suite = up.suite; });
        apply_policy(chat.user);
    }
    chat.open_since = now.monotonic;
    changed(chat, ChatState::open);
    flush(chat);
}

/// The session, or the attempt to make one, is gone without the peer's word.
void Core::broken(Conversation& chat, SafeText why) {
    if (!chat.consent) {
        return;
    }
    session_ended(chat);
    changed(chat, ChatState::broken, std::move(why));
    chat.retry_at = now.monotonic + std::max(kBetweenAttempts, backoff(chat.failures++));
}

/// This side has found out that the session is dead.
void Core::close_session(Conversation& chat, SafeText why) {
    crypto::SecureChannel* secure = channel(chat);
    if (secure != nullptr && secure->established()) {
        secure->close_session();  // not what lives beside it (section 5)
        broken(chat, std::move(why));
    }
}

/// Why an attempt that ended may never succeed. With no suite in common a responder says
/// nothing: the initiator can only guess.
std::string Core::suite_hint(const Conversation& chat) const {
    const bool guess =
        policy(chat.user).floor > crypto::Suite::x25519 && chat.failures >= kFailuresBeforeHint;
    return guess ? "; if " + chat.user + " has an older program by now, /lower " + chat.user +
                       " allows less than before"
                 : "";
}

/// Section 5: no less than what was used with the contact before, unless the person says so.
void Core::no_common_suite(Conversation& chat) {
    const crypto::SuitePolicy here = policy(chat.user);
    const std::string who = here.offer().empty() ? "this program has" : chat.user + " offers";
    const std::string why =
        here.floor == crypto::Suite::x25519
            ? chat.user + " offers no suite that this program knows"
            : who + " less than suite " + std::to_string(static_cast<int>(here.floor)) +
                  ", which was used with " + chat.user + " before. If that is right, /lower " +
                  chat.user + " allows less";
    crypto::SecureChannel* secure = channel(chat);
    if (secure != nullptr && secure->established()) {
        warn_of_others(Warnings::Kind::suite, chat.user, why);  // what stands goes on
        return;
    }
    if (secure != nullptr) {
        secure->drop_attempt();  // it can only time out
    }
    chat.retry_at.reset();
    if (!std::exchange(chat.floor_in_the_way, true)) {
        notice(event::Notice::Level::error, chat.user, why);
    } else if (chat.why.str() == why) {
        return;
    }
    changed(chat, ChatState::broken, SafeText::own(why));
}

void Core::initiate(Conversation& chat) {
    chat.retry_at.reset();
    crypto::SecureChannel* secure = channel(chat);
    if (!connected() || !chat.consent || secure == nullptr || secure->established() ||
        secure->attempt_pending()) {
        return;
    }
    if (policy(chat.user).offer().empty()) {
        no_common_suite(chat);
        return;
    }
    auto outputs = secure->initiate(now.monotonic);
    if (!outputs) {
        chat.retry_at = now.monotonic + kBetweenAttempts;
        return;
    }
    carry_out(chat, std::move(*outputs), chat.consent->chat);
    changed(chat, ChatState::securing, chat.why);
}

// --- time -------------------------------------------------------------------------------------

void Core::tick() {
    const auto due = [&](const std::optional<Time>& when) {
        return when && *when <= now.monotonic;
    };
    if (due(reconnect_at_)) {
        open_link();
    }
    if (due(register_by_)) {
        register_by_.reset();
        out.effect(effect::Close{1000, "the relay did not answer"});
    }
    if (connected() && due(poll_at_)) {
        poll();
    }
    table_.on_tick(now.monotonic, [&](const std::string& user, crypto::ChannelOutputs outputs) {
        Conversation& chat = conversation(user);
        carry_out(chat, std::move(outputs), chat.consent ? chat.consent->chat : crypto::ChatId{});
        flush(chat);
    });
    for (auto& [user, chat] : chats_) {
        if (due(chat.acknowledged_by)) {
            close_session(chat, SafeText::own(user + " does not acknowledge any more"));
        }
        if (due(chat.step1_by) || due(chat.retry_at)) {
            chat.step1_by.reset();
            initiate(chat);
        }
    }
}

std::optional<Time> Core::next_deadline() const {
    std::optional<Time> next = table_.next_deadline();
    const auto consider = [&](const std::optional<Time>& when) {
        if (when) {
            next = std::min(next.value_or(Time::max()), *when);
        }
    };
    consider(reconnect_at_);
    consider(register_by_);
    if (connected()) {
        consider(poll_at_);
    }
    for (const auto& [user, chat] : chats_) {
        consider(chat.step1_by);
        consider(chat.retry_at);
        consider(chat.acknowledged_by);
    }
    return next;
}

}  // namespace sotto::client
