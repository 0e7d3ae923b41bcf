#pragma once

#include "crypto/time.h"
#include "tui/client/consent_memory.h"

#include <deque>
#include <optional>

namespace sotto::client {

/// A request, and when it came.
struct HeardRequest {
    SignedRequest request;
    crypto::Time came{};
};

/// Requests of one peer that came in time and are outstanding as far as known, but neither
/// pending nor answered (section 4): held back by an unsettled key change, or no longer shown
/// because of a block or another name of the same key. The peer waits on, so a repeat is
/// the request that it was; and only one that is in here is. The newest of each key; bounded,
/// the oldest is forgotten.
class HeldRequests {
  public:
    void hold(HeardRequest heard);
    [[nodiscard]] bool holds(const crypto::RequestHash& request) const;
    /// The one under `key`, which is not held any more.
    [[nodiscard]] std::optional<HeardRequest> take(const crypto::PublicKey& key);

    /// `payload` is a signed terminate (0x02) of `chat`: true if it takes one of them back.
    [[nodiscard]] bool taken_back(const crypto::ChatId& chat, crypto::ByteView payload);
    /// The peer has connected anew since `when`: what came before it is no longer outstanding.
    void forget_before(crypto::Time when);
    void clear() { requests_.clear(); }

  private:
    std::deque<HeardRequest> requests_;
};

}  // namespace sotto::client
