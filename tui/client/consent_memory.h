#pragma once

#include "crypto/consent.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace sotto::client {

/// A signed request of either side, with what names it later.
struct SignedRequest {
    crypto::ChatRequest terms;
    crypto::Signature signature{};
    crypto::RequestHash hash{};  ///< SHA256(T_req || sig_req)
};

[[nodiscard]] SignedRequest signed_request(crypto::ChatRequest terms,
                                           const crypto::Signature& signature);

/// The answer given to a request: a repeat of it gets the same bytes again.
struct GivenAnswer {
    crypto::RequestHash request{};
    crypto::ChatId chat{};
    bool accept = false;
    crypto::Signature signature{};
};

/// A consent, held or ended: what a signed terminate about it names.
struct ConsentTerms {
    crypto::ChatId chat{};
    crypto::RequestHash request{};
    std::optional<crypto::ConsentHash> consent;  ///< empty: a request taken back before its answer
};

/// What this side has said to one peer key and may have to say again (section 4): its
/// answers, to a repeated request, and its endings, to a step 1 under them. Bounded:
/// the oldest is forgotten.
class ConsentMemory {
  public:
    void answered(const GivenAnswer& answer);
    [[nodiscard]] const GivenAnswer* answer_to(const crypto::RequestHash& request) const;

    /// Either side terminated `chat`: a repeat of its request is answered no more.
    void terminated(const crypto::ChatId& chat);
    /// This side ended it: a step 1 under it gets the 0x02 terminate again.
    void ended(const ConsentTerms& terms);
    /// By its consent; or, for a request taken back, by its chat.
    [[nodiscard]] const ConsentTerms* ending(const crypto::ConsentHash& consent,
                                             const crypto::ChatId& chat) const;
    [[nodiscard]] bool ended_here(const crypto::ChatId& chat) const;

    void forget() {
        answers_.clear();
        endings_.clear();
    }

  private:
    std::deque<GivenAnswer> answers_;
    std::deque<ConsentTerms> endings_;
};

/// The message ids of one peer: rising from 1 in every chat, so that it learns nothing
/// of other chats (section 9).
class ChatIds {
  public:
    [[nodiscard]] std::int64_t next(const crypto::ChatId& chat);

  private:
    struct Count {
        crypto::ChatId chat{};
        std::int64_t last = 0;
    };
    std::deque<Count> counts_;  ///< the chat used last at the back
};

}  // namespace sotto::client
