#include "tui/client/texts.h"

#include "crypto/base/hex.h"
#include "crypto/base/protocol_values.h"
#include "crypto/base/utf8.h"
#include "tui/client/words.h"

#include <chrono>
#include <utility>

namespace sotto::client {

namespace {

// The peer may have lost the session without our relay saying so: records are then dropped there.
constexpr std::chrono::milliseconds kSilence = std::chrono::seconds(30);

bool can_wait(ChatState state) {
    return state == ChatState::requested || state == ChatState::securing ||
           state == ChatState::open || state == ChatState::broken;
}

}  // namespace

void Texts::run(const command::SendText& command) {
    const std::string& user = command.chat.name();
    Conversation* chat = chats_.find(user);
    if (peers_.book().trust_of(user) == Trust::key_changed) {
        env_.out.refuse(
            RefusalCode::key_changed,
            "the key of " + user + " has changed; nothing is sent until /trust " + user);
    } else if (chat != nullptr && chat->theirs && !can_wait(chat->state)) {
        env_.out.refuse(RefusalCode::answer_first,
                        user + " waits for your answer; /accept or /decline " + user);
    } else if (chat == nullptr || !can_wait(chat->state)) {
        env_.out.refuse(RefusalCode::no_chat,
                        "there is no chat with " + user + "; /chat " + user + " asks for one");
    } else if (command.text.empty()) {
        env_.out.refuse(RefusalCode::empty_text, "nothing to send");
    } else if (command.text.size() > base::kMaxText) {
        env_.out.refuse(RefusalCode::too_long, "a message holds at most 16 KiB of text");
    } else if (!base::is_utf8(command.text)) {
        env_.out.refuse(RefusalCode::not_utf8, "that is not UTF-8 text");
    } else if (chat->outbox.full()) {
        env_.out.refuse(RefusalCode::outbox_full, "too many messages wait for " + user);
    } else {
        crypto::Text text{{}, env_.now.wall, command.text, true};
        env_.random.fill(text.id);
        env_.out.event(event::MessageAdded{chat->key(), base::hex(text.id), true, text.time.ms(),
                                           SafeText::from(command.text, SafeText::Lines::many),
                                           Delivery::waiting, true});
        chat->outbox.add(std::move(text));
        flush(*chat);
    }
}

void Texts::run(const command::SetTyping& command) {
    if (Conversation* chat = chats_.find(command.chat.name())) {
        (void)sealer_->seal(*chat, crypto::Typing{command.on});
    }
}

void Texts::run(const command::DiscardUnsent& command) {
    Conversation* chat = chats_.find(command.chat.name());
    if (chat == nullptr || chat->outbox.empty()) {
        env_.out.refuse(RefusalCode::nothing_unsent, "nothing waits for " + command.chat.name());
        return;
    }
    tell_delivery(*chat, chat->outbox.discard(), Delivery::discarded);
}

void Texts::tell_delivery(const Conversation& chat, const std::vector<crypto::MessageId>& ids,
                          Delivery delivery) {
    for (const crypto::MessageId& id : ids) {
        env_.out.event(event::DeliveryChanged{chat.key(), base::hex(id), delivery});
    }
}

void Texts::session_ended(Conversation& chat) {
    chat.acknowledged_by.reset();
    chat.open_since.reset();
    tell_delivery(chat, chat.outbox.session_ended(), Delivery::waiting);
}

void Texts::flush(Conversation& chat) {
    while (const auto received = chat.outbox.owed()) {
        if (!sealer_->seal(chat, *received)) {
            return;
        }
        chat.outbox.paid(*received);
    }
    while (const crypto::Text* text = chat.outbox.next()) {
        const crypto::MessageId id = text->id;
        if (!sealer_->seal(chat, *text)) {
            return;
        }
        chat.outbox.sent();
        if (!chat.acknowledged_by) {
            chat.acknowledged_by = env_.now.monotonic + kSilence;
        }
        tell_delivery(chat, {id}, Delivery::sent);
    }
}

void Texts::opened(Conversation& chat, const crypto::Content& content) {
    const crypto::PublicKey* key = peers_.book().usable_key(chat.user);
    if (key == nullptr) {
        return;
    }
    chat.acknowledged_by.reset();  // it lives
    if (const auto* text = std::get_if<crypto::Text>(&content)) {
        if (seen_.add(*key, text->id)) {
            env_.out.event(event::MessageAdded{
                chat.key(), base::hex(text->id), false, text->time.ms(),
                text->readable ? SafeText::from(text->utf8, SafeText::Lines::many)
                               : SafeText::own("unreadable message"),
                Delivery::delivered, text->readable});
        }
        chat.outbox.owe(text->id);  // a repeat too
    } else if (const auto* received = std::get_if<crypto::Received>(&content)) {
        for (const crypto::MessageId& id : received->ids) {
            if (chat.outbox.delivered(id)) {
                tell_delivery(chat, {id}, Delivery::delivered);
            }
        }
    } else if (const auto* typing = std::get_if<crypto::Typing>(&content)) {
        env_.out.event(event::PeerTyping{chat.key(), typing->on});
    }
    if (chat.outbox.awaits()) {
        chat.acknowledged_by = env_.now.monotonic + kSilence;
    }
}

}  // namespace sotto::client
