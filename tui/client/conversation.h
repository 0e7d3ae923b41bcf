#pragma once

#include "crypto/secure_channel.h"
#include "tui/client/consent_memory.h"
#include "tui/client/event.h"
#include "tui/client/held_requests.h"
#include "tui/client/outbox.h"
#include "tui/client/output.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace sotto::client {

/// Everything this side keeps about one chat, as plain data: the rules are those of Requests,
/// Consents, Sessions and Texts. What belongs to the peer is in Peers, its channel in ChatTable.
struct Conversation {
    std::string user;
    ChatState state = ChatState::none;  ///< but for a pending request: see `shown_state`
    SafeText why;

    std::optional<SignedRequest> own;      ///< outstanding, or kept for a late answer (glare)
    crypto::Time own_since{};              ///< when `own` was sent first
    std::optional<Cause> own_cause;        ///< who asked for it
    std::optional<SignedRequest> theirs;   ///< pending: the person decides
    std::optional<crypto::Time> asked_at;  ///< when `theirs` came
    HeldRequests held;                     ///< of the peer: outstanding, but not pending
    std::optional<ConsentTerms> consent;   ///< held
    ConsentMemory memory;

    std::optional<crypto::Time> step1_by;          ///< 15 s after an accept this side starts itself
    std::optional<crypto::Time> retry_at;          ///< next attempt
    std::optional<crypto::Time> acknowledged_by;   ///< a session that is silent so long is dead
    std::optional<crypto::Time> open_since;        ///< the session that stands
    std::optional<crypto::Time> answered_unknown;  ///< last 0x02 or 0x03 to a step 1
    unsigned failures = 0;
    bool floor_in_the_way = false;           ///< no suite is allowed by both sides
    std::optional<event::ChatChanged> told;  ///< last

    Outbox outbox;
    ChatIds ids;
    /// What each message was part of, for an error of the relay about it; by chat and id.
    std::map<std::pair<crypto::ChatId, std::int64_t>, crypto::Ticket> tickets;

    [[nodiscard]] ChatKey key() const { return ChatKey::with(user); }
    /// A pending request is what the person has to see first.
    [[nodiscard]] bool asks() const { return theirs && state != ChatState::key_changed; }
    [[nodiscard]] ChatState shown_state() const { return asks() ? ChatState::asked : state; }
    /// `why` is of `state`, and not of a request.
    [[nodiscard]] SafeText shown_why() const { return asks() ? SafeText() : why; }
};

}  // namespace sotto::client
