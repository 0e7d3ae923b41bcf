#pragma once

#include "crypto/consent.h"
#include "crypto/secure_channel.h"
#include "net/wire/envelope.h"
#include "tui/client/event.h"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace sotto::client {

/// A signed request of either side, with what names it later.
struct SignedRequest {
    crypto::ChatRequest terms;
    crypto::Signature signature{};
    crypto::Hash hash{};  ///< SHA256(T_req || sig_req)
};

/// The answer given to a request: a repeat of it gets the same bytes again.
struct GivenAnswer {
    crypto::Hash request{};
    crypto::ChatId chat{};
    bool accept = false;
    crypto::Signature signature{};
};

/// A consent, held or ended: what a signed terminate about it names.
struct ConsentTerms {
    crypto::ChatId chat{};
    crypto::Hash request{};
    crypto::Hash consent{};
};

/// A text of ours until the peer's `received` names it (section 9).
struct Unacknowledged {
    crypto::MessageId id{};
    std::uint64_t time_ms = 0;
    std::string text;
    bool on_wire = false;  ///< sent in the session that stands
};

/// Everything this side keeps about one peer's chat. Plain data: the rules are Core's.
struct Conversation {
    std::string user;
    ChatState state = ChatState::none;
    SafeText why;

    std::optional<SignedRequest> own;     ///< outstanding, or kept for a late answer (glare)
    std::optional<SignedRequest> theirs;  ///< pending: the person decides
    std::optional<GivenAnswer> answered;
    std::optional<ConsentTerms> consent;
    std::map<crypto::Hash, ConsentTerms> ended;  ///< by consent: ended by this side

    std::optional<crypto::Time> step1_by;          ///< 15 s after an accept this side starts itself
    std::optional<crypto::Time> retry_at;          ///< next attempt
    std::optional<crypto::Time> answered_unknown;  ///< last 0x02 or 0x03 to a step 1
    unsigned failures = 0;

    std::deque<Unacknowledged> outbox;
    std::vector<crypto::MessageId> to_acknowledge;

    std::map<crypto::ChatId, std::int64_t> last_id;  ///< `id` rises from 1 per chat
    std::map<std::pair<crypto::ChatId, std::int64_t>, crypto::Ticket> tickets;
};

}  // namespace sotto::client
