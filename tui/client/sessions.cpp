// Sections 5 to 7 and 9: handshakes, records, the outbox, deadlines.
#include "tui/client/core.h"

#include <algorithm>
#include <utility>

namespace sotto::client {

namespace {

constexpr std::size_t kOnWire = 64;  // texts that may be unacknowledged on the wire (section 9)
constexpr std::size_t kMaxText = 16 * 1024;
constexpr std::size_t kMaxOutbox = 10'000;
constexpr std::size_t kTickets = 4'096;
constexpr Time kBetweenAttempts = std::chrono::seconds(1);

MessageKey hex(const crypto::MessageId& id) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    MessageKey out;
    for (const std::uint8_t byte : id) {
        out += kDigits[byte >> 4U];
        out += kDigits[byte & 15U];
    }
    return out;
}

template <class... Handlers>
struct Overloaded : Handlers... {
    using Handlers::operator()...;
};
template <class... Handlers>
Overloaded(Handlers...) -> Overloaded<Handlers...>;

}  // namespace

void Core::run(const command::SendText& command) {
    const std::string& user = command.user;
    Conversation* chat = find(user);
    if (chat == nullptr || chat->state == ChatState::none || chat->state == ChatState::asked) {
        refuse("send", "there is no chat with " + user + "; /chat " + user + " asks for one");
        return;
    }
    if (book_.trust_of(user) == Trust::key_changed) {
        refuse("send", "the key of " + user + " has changed; nothing is sent until /trust " + user);
        return;
    }
    if (chat->state == ChatState::ended || chat->state == ChatState::declined) {
        refuse("send", "the chat with " + user + " has ended; /chat " + user + " asks again");
        return;
    }
    if (command.text.empty() || command.text.size() > kMaxText) {
        refuse("send",
               command.text.empty() ? "nothing to send" : "a message holds at most 16 KiB of text");
        return;
    }
    if (chat->outbox.size() >= kMaxOutbox) {
        refuse("send", "too many messages wait for " + user);
        return;
    }
    Unacknowledged text{{}, now.wall_ms, command.text, false};
    random_.fill(text.id);
    events.emplace_back(event::MessageAdded{user, hex(text.id), true, text.time_ms,
                                            SafeText::from(command.text, SafeText::Lines::many),
                                            Delivery::waiting, true});
    chat->outbox.push_back(std::move(text));
    flush(*chat);
}

void Core::run(const command::SetTyping& command) {
    Conversation* chat = find(command.user);
    crypto::SecureChannel* secure = chat != nullptr ? channel(*chat) : nullptr;
    if (secure == nullptr || !secure->may_send()) {
        return;
    }
    if (auto outputs = secure->send(crypto::Typing{command.on}, now.monotonic)) {
        carry_out(*chat, std::move(*outputs), *secure->chat());
    }
}

void Core::run(const command::DiscardUnsent& command) {
    Conversation* chat = find(command.user);
    if (chat == nullptr || chat->outbox.empty()) {
        refuse("clear", "nothing waits for " + command.user);
        return;
    }
    for (const Unacknowledged& text : chat->outbox) {
        events.emplace_back(event::DeliveryChanged{chat->user, hex(text.id), Delivery::discarded});
    }
    chat->outbox.clear();
}

/// Sends what may be sent now: acknowledgements first, then texts in their order.
void Core::flush(Conversation& chat) {
    crypto::SecureChannel* secure = channel(chat);
    const auto put = [&](const crypto::Content& content) {
        if (secure == nullptr || !secure->may_send()) {
            return false;
        }
        auto outputs = secure->send(content, now.monotonic);
        if (outputs) {
            carry_out(chat, std::move(*outputs), *secure->chat());
        }
        return outputs.has_value();
    };
    if (!chat.to_acknowledge.empty() && put(crypto::Received{chat.to_acknowledge})) {
        chat.to_acknowledge.clear();
    }
    std::size_t on_wire = 0;
    for (Unacknowledged& text : chat.outbox) {
        if (++on_wire > kOnWire) {
            return;
        }
        if (!text.on_wire) {
            if (!put(crypto::Text{text.id, text.time_ms, text.text, true})) {
                return;
            }
            text.on_wire = true;
            events.emplace_back(event::DeliveryChanged{chat.user, hex(text.id), Delivery::sent});
        }
    }
}

void Core::send_relay(Conversation& chat, std::string_view kind, crypto::Bytes payload,
                      const crypto::Ticket& ticket) {
    const wire::Route to = route(chat, chat.consent->chat);
    if (chat.tickets.size() >= kTickets) {
        chat.tickets.erase(chat.tickets.begin());
    }
    chat.tickets[{to.chat, *to.id}] = ticket;
    send("relay", wire::encode(wire::Relay{to, std::string(kind), std::move(payload)}));
}

void Core::on(const wire::Relay& message) {
    Conversation* chat = find(message.route.from);
    const crypto::PublicKey* key = book_.usable_key(message.route.from);
    if (key == nullptr || message.route.to != options_.user || book_.blocked(message.route.from)) {
        return;
    }
    if (message.kind == "handshake") {
        Conversation& peer = conversation(message.route.from);
        if (peer.consent && peer.consent->chat != message.route.chat &&
            (message.payload.empty() || message.payload[0] != 0x01)) {
            return;
        }
        crypto::SecureChannel& secure = table_.open({peer.user, *key}, policy(peer.user));
        carry_out(peer, secure.on_handshake(message.payload, now.monotonic), message.route.chat);
    } else if (message.kind == "record" && chat != nullptr && chat->consent &&
               chat->consent->chat == message.route.chat) {
        if (crypto::SecureChannel* secure = channel(*chat)) {
            carry_out(*chat, secure->on_record(message.payload, now.monotonic), message.route.chat);
            flush(*chat);
        }
    }
}

void Core::carry_out(Conversation& chat, crypto::ChannelOutputs outputs,
                     const crypto::ChatId& message_chat) {
    using namespace crypto::channel;
    const auto broken = [&](const std::string& why) {
        for (Unacknowledged& text : chat.outbox) {
            text.on_wire = false;
        }
        changed(chat, ChatState::broken, SafeText::own(why));
        retry_later(chat);
    };
    const Overloaded handle{
        [&](SendHandshake& out) {
            chat.step1_by.reset();
            send_relay(chat, "handshake", std::move(out.payload), out.ticket);
        },
        [&](SendRecord& out) { send_relay(chat, "record", std::move(out.payload), out.ticket); },
        [&](Established& up) { established(chat, up); },
        [&](NewEpoch&) { tell(chat); },
        [&](Opened& in) { opened(chat, in.content); },
        [&](Broken& end) { broken(end.why); },
        [&](AttemptEnded& end) {
            const crypto::SecureChannel* secure = channel(chat);
            if (chat.consent && (secure == nullptr || !secure->established())) {
                broken(end.why);
            }
        },
        [&](PeerTerminated& end) {
            std::string why =
                chat.user +
                (end.reason == crypto::Reason::closing ? " closed the program" : " ended the chat");
            end_by_peer(chat,
                        SafeText::own(end.lost ? why + "; messages were lost on the way" : why));
        },
        [&](UnknownConsent& unknown) { answer_unknown_consent(chat, unknown, message_chat); },
        [](Dropped&) {},
    };
    for (crypto::ChannelOutput& output : outputs) {
        std::visit(handle, output);
    }
}

void Core::established(Conversation& chat, const crypto::channel::Established& up) {
    chat.failures = 0;
    chat.retry_at.reset();
    if (!up.initiator) {
        chat.own.reset();  // kept until now to honour a late answer (glare)
    }
    for (Unacknowledged& text : chat.outbox) {
        text.on_wire = false;  // a new session: what is unacknowledged goes again, in order
    }
    if (up.suite > policy(chat.user).floor) {
        book_.update(chat.user, [&](StoredContact& contact) { contact.best_suite = up.suite; });
        apply_policy(chat.user);
    }
    changed(chat, ChatState::open);
    flush(chat);
}

void Core::opened(Conversation& chat, const crypto::Content& content) {
    if (const auto* text = std::get_if<crypto::Text>(&content)) {
        chat.to_acknowledge.push_back(text->id);
        if (store_.remember_message(*book_.usable_key(chat.user), text->id)) {
            events.emplace_back(event::MessageAdded{
                chat.user, hex(text->id), false, text->time_ms,
                text->readable ? SafeText::from(text->utf8, SafeText::Lines::many)
                               : SafeText::own("unreadable message"),
                Delivery::delivered, text->readable});
        }
    } else if (const auto* received = std::get_if<crypto::Received>(&content)) {
        for (const crypto::MessageId& id : received->ids) {
            const auto at =
                std::find_if(chat.outbox.begin(), chat.outbox.end(),
                             [&](const Unacknowledged& waiting) { return waiting.id == id; });
            if (at != chat.outbox.end()) {
                chat.outbox.erase(at);
                events.emplace_back(
                    event::DeliveryChanged{chat.user, hex(id), Delivery::delivered});
            }
        }
    } else if (const auto* typing = std::get_if<crypto::Typing>(&content)) {
        events.emplace_back(event::PeerTyping{chat.user, typing->on});
    }
}

void Core::answer_unknown_consent(Conversation& chat,
                                  const crypto::channel::UnknownConsent& unknown,
                                  const crypto::ChatId& message_chat) {
    if (chat.answered_unknown && now.monotonic - *chat.answered_unknown < std::chrono::seconds(1)) {
        return;
    }
    chat.answered_unknown = now.monotonic;
    const auto ended = chat.ended.find(unknown.consent);
    if (ended != chat.ended.end()) {
        send_terminate(
            chat, ended->second.chat,
            crypto::make_signed_terminate(identity_, ended->second.chat, ended->second.request));
    } else {
        send_terminate(chat, message_chat, crypto::make_no_consent(identity_, unknown.step1_hash));
    }
}

void Core::initiate(Conversation& chat) {
    chat.retry_at.reset();
    crypto::SecureChannel* secure = channel(chat);
    if (!connected() || !chat.consent || secure == nullptr || secure->established() ||
        secure->attempt_pending()) {
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

void Core::retry_later(Conversation& chat) {
    chat.retry_at = now.monotonic + std::max(kBetweenAttempts, backoff(chat.failures++));
}

void Core::refused_relay(Conversation& chat, const wire::ErrorMessage& error) {
    const auto at = error.id ? chat.tickets.find({*error.chat, *error.id}) : chat.tickets.end();
    crypto::SecureChannel* secure = channel(chat);
    if (at == chat.tickets.end() || secure == nullptr) {
        return;
    }
    const crypto::Ticket ticket = at->second;
    chat.tickets.erase(at);
    carry_out(chat, secure->on_refused(ticket, now.monotonic), *error.chat);
}

void Core::tick() {
    const auto due = [&](const std::optional<Time>& when) {
        return when && *when <= now.monotonic;
    };
    if (due(reconnect_at_)) {
        open_link();
    }
    if (connected() && due(poll_at_)) {
        poll();
    }
    table_.on_tick(now.monotonic, [&](const std::string& user, crypto::ChannelOutputs outputs) {
        if (Conversation* chat = find(user)) {
            carry_out(*chat, std::move(outputs),
                      chat->consent ? chat->consent->chat : crypto::ChatId{});
            flush(*chat);
        }
    });
    for (auto& [user, chat] : chats_) {
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
    consider(poll_at_);
    for (const auto& [user, chat] : chats_) {
        consider(chat.step1_by);
        consider(chat.retry_at);
    }
    return next;
}

}  // namespace sotto::client
