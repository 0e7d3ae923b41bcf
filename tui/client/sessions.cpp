#include "tui/client/sessions.h"

#include "crypto/transcript.h"
#include "tui/client/backoff.h"
#include "tui/client/one_of.h"
#include "tui/client/words.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sotto::client {

namespace {

constexpr std::size_t kTickets = 4'096;
constexpr std::chrono::milliseconds kBetweenAttempts = std::chrono::seconds(1);
constexpr std::uint8_t kStep1 = 0x01;
constexpr unsigned kFailuresBeforeHint = 2;

/// The consent that a step 1 names: M1 = 0x01 || LP(domain) || consent || ...
crypto::ConsentHash consent_in(crypto::ByteView step1) {
    crypto::Reader reader(step1.subspan(1));
    reader.lp();
    return reader.take<crypto::ConsentHash>();
}

}  // namespace

void Sessions::on(const wire::Relay& message) {
    const std::string& user = message.route.from;
    const crypto::PublicKey* key = peers_.book().usable_key(user);
    if (key == nullptr || message.route.to != env_.options.user || message.payload.empty()) {
        env_.out.drop();
        return;
    }
    Conversation* chat = chats_.find(user);
    if (message.kind == "handshake") {
        on_handshake(message, *key);
        return;
    }
    crypto::SecureChannel* secure = chat != nullptr ? chats_.channel(*chat) : nullptr;
    if (message.kind == "record" && secure != nullptr && chat->consent &&
        chat->consent->chat == message.route.chat) {
        carry_out(*chat, secure->on_record(message.payload, env_.now.monotonic),
                  message.route.chat);
        texts_.flush(*chat);
    } else {
        env_.out.drop();
    }
}

void Sessions::on_handshake(const wire::Relay& message, const crypto::PublicKey& key) {
    Conversation& chat = chats_.open(message.route.from);
    const bool step1 = message.payload[0] == kStep1;
    const bool same_chat = chat.consent && chat.consent->chat == message.route.chat;
    // Only a step 1 may be about a consent that is not held here: to be told so.
    const bool misplaced =
        step1 ? chat.consent && !same_chat && consent_in(message.payload) == *chat.consent->consent
              : !same_chat;
    if (misplaced) {
        env_.out.drop();
        return;
    }
    crypto::SecureChannel& secure =
        chats_.channels().open({chat.user, key}, peers_.policy(chat.user));
    carry_out(chat, secure.on_handshake(message.payload, env_.now.monotonic), message.route.chat);
}

void Sessions::refused(Conversation& chat, const wire::ErrorMessage& error) {
    const auto at = error.id ? chat.tickets.find({*error.chat, *error.id}) : chat.tickets.end();
    crypto::SecureChannel* secure = chats_.channel(chat);
    if (at == chat.tickets.end() || secure == nullptr) {
        return;
    }
    const crypto::Ticket ticket = at->second;
    chat.tickets.erase(at);
    auto outputs = secure->on_refused(ticket, env_.now.monotonic);
    const bool counts = !outputs.empty();
    carry_out(chat, std::move(outputs), *error.chat);
    if (counts && chat.state == ChatState::broken) {
        chats_.changed(chat, ChatState::broken, SafeText::from(sentence(error, chat.user)));
    }
}

void Sessions::on_terminate(Conversation& chat, crypto::ByteView record) {
    crypto::SecureChannel* secure = chats_.channel(chat);
    carry_out(chat, secure->on_terminate_record(record, env_.now.monotonic), chat.consent->chat);
}

void Sessions::link_lost(Conversation& chat, SafeText why) {
    chat.tickets.clear();
    chat.retry_at.reset();
    chat.step1_by.reset();
    texts_.session_ended(chat);
    if (chat.consent) {
        chats_.changed(chat, ChatState::broken, std::move(why));
    }
}

void Sessions::carry_out(Conversation& chat, crypto::ChannelOutputs outputs,
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
        [&](NewEpoch&) { chats_.tell(chat); },
        [&](Opened& in) { texts_.opened(chat, in.content); },
        [&](Broken& end) { broken(chat, SafeText::from(end.why)); },
        [&](AttemptEnded& end) {
            const crypto::SecureChannel* secure = chats_.channel(chat);
            if (secure == nullptr || !secure->established()) {
                broken(chat, SafeText::from(end.why + suite_hint(chat)));
            }
        },
        [&](PeerTerminated& end) {
            const bool closing = end.reason == crypto::Reason::closing;
            std::string why = chat.user + (closing ? " closed the program" : " ended the chat");
            why += end.lost ? "; messages were lost on the way" : "";
            consents_.end_by_peer(chat, SafeText::from(why));
        },
        [&](NoCommonSuite&) { no_common_suite(chat); },
        [&](UnknownConsent& unknown) { consents_.answer_unknown(chat, unknown, message_chat); },
        [&](Dropped&) { env_.out.drop(); },
    };
    for (crypto::ChannelOutput& output : outputs) {
        std::visit(handle, output);
    }
}

void Sessions::send_relay(Conversation& chat, std::string_view kind, crypto::Bytes payload,
                          const crypto::Ticket& ticket) {
    if (!chat.consent || !link_.connected()) {
        return;
    }
    const wire::Route to = chats_.route(chat, chat.consent->chat);
    if (chat.tickets.size() >= kTickets) {
        chat.tickets.erase(chat.tickets.begin());  // of one chat, so the oldest
    }
    chat.tickets[{to.chat, *to.id}] = ticket;
    env_.out.send("relay", wire::encode(wire::Relay{to, std::string(kind), std::move(payload)}));
}

void Sessions::established(Conversation& chat, const crypto::channel::Established& up) {
    chat.failures = 0;
    chat.floor_in_the_way = false;
    chat.retry_at.reset();
    chat.own.reset();            // kept until now to honour a late answer (glare)
    texts_.session_ended(chat);  // the one before: what is unacknowledged goes again, in order
    if (up.suite > peers_.policy(chat.user).floor) {
        peers_.raise_floor(chat.user, up.suite);
        chats_.apply_policy(chat.user);
    }
    chat.open_since = env_.now.monotonic;
    chats_.changed(chat, ChatState::open);
    texts_.flush(chat);
}

/// The session, or the attempt to make one, is gone without the peer's word.
void Sessions::broken(Conversation& chat, SafeText why) {
    if (!chat.consent) {
        return;
    }
    texts_.session_ended(chat);
    chats_.changed(chat, ChatState::broken, std::move(why));
    chat.retry_at =
        env_.now.monotonic + std::max(kBetweenAttempts, backoff(chat.failures++, env_.random));
}

void Sessions::close(Conversation& chat, SafeText why) {
    crypto::SecureChannel* secure = chats_.channel(chat);
    if (secure != nullptr && secure->established()) {
        secure->close_session();  // not what lives beside it (section 5)
        broken(chat, std::move(why));
    }
}

/// Why an attempt that ended may never succeed. With no suite in common a responder says
/// nothing: the initiator can only guess.
std::string Sessions::suite_hint(const Conversation& chat) const {
    const bool guess = peers_.policy(chat.user).floor > crypto::Suite::x25519 &&
                       chat.failures >= kFailuresBeforeHint;
    return guess ? "; if " + chat.user + " has an older program by now, /lower " + chat.user +
                       " allows less than before"
                 : "";
}

/// Section 5: no less than what was used with the contact before, unless the person says so.
void Sessions::no_common_suite(Conversation& chat) {
    const crypto::SuitePolicy here = peers_.policy(chat.user);
    const std::string who = here.offer().empty() ? "this program has" : chat.user + " offers";
    const std::string why =
        here.floor == crypto::Suite::x25519
            ? chat.user + " offers no suite that this program knows"
            : who + " less than suite " + std::to_string(static_cast<int>(here.floor)) +
                  ", which was used with " + chat.user + " before. If that is right, /lower " +
                  chat.user + " allows less";
    crypto::SecureChannel* secure = chats_.channel(chat);
    if (secure != nullptr && secure->established()) {
        env_.out.warn(env_.now.monotonic, Warnings::Kind::suite, chat.user,
                      why);  // what stands goes on
        return;
    }
    if (secure != nullptr) {
        secure->drop_attempt();  // it can only time out
    }
    chat.retry_at.reset();
    if (!std::exchange(chat.floor_in_the_way, true)) {
        env_.out.notice(event::Notice::Level::error, chat.user, why);
    } else if (chat.why.str() == why) {
        return;
    }
    chats_.changed(chat, ChatState::broken, SafeText::own(why));
}

void Sessions::initiate(Conversation& chat) {
    chat.retry_at.reset();
    crypto::SecureChannel* secure = chats_.channel(chat);
    if (!link_.connected() || !chat.consent || secure == nullptr || secure->established() ||
        secure->attempt_pending()) {
        return;
    }
    if (peers_.policy(chat.user).offer().empty()) {
        no_common_suite(chat);
        return;
    }
    auto outputs = secure->initiate(env_.now.monotonic);
    if (!outputs) {
        chat.retry_at = env_.now.monotonic + kBetweenAttempts;
        return;
    }
    carry_out(chat, std::move(*outputs), chat.consent->chat);
    chats_.changed(chat, ChatState::securing, chat.why);
}

bool Sessions::seal(Conversation& chat, const crypto::Content& content) {
    crypto::SecureChannel* secure = chats_.channel(chat);
    if (!chat.consent || !link_.connected() || secure == nullptr || !secure->may_send()) {
        return false;
    }
    auto outputs = secure->send(content, env_.now.monotonic);
    if (!outputs) {
        return false;
    }
    carry_out(chat, std::move(*outputs), chat.consent->chat);
    return secure->established();
}

void Sessions::tick() {
    const auto due = [&](const std::optional<Time>& when) {
        return when && *when <= env_.now.monotonic;
    };
    chats_.channels().on_tick(env_.now.monotonic, [&](const std::string& user,
                                                      crypto::ChannelOutputs outputs) {
        Conversation& chat = chats_.open(user);
        carry_out(chat, std::move(outputs), chat.consent ? chat.consent->chat : crypto::ChatId{});
        texts_.flush(chat);
    });
    for (auto& [user, chat] : chats_) {
        if (due(chat.acknowledged_by)) {
            close(chat, SafeText::own(user + " does not acknowledge any more"));
        }
        if (due(chat.step1_by) || due(chat.retry_at)) {
            chat.step1_by.reset();
            initiate(chat);
        }
    }
}

std::optional<Time> Sessions::next_deadline() const {
    std::optional<Time> next = chats_.channels().next_deadline();
    const auto consider = [&](const std::optional<Time>& when) {
        if (when) {
            next = std::min(next.value_or(Time::max()), *when);
        }
    };
    for (const auto& [user, chat] : chats_) {
        consider(chat.step1_by);
        consider(chat.retry_at);
        consider(chat.acknowledged_by);
    }
    return next;
}

}  // namespace sotto::client
