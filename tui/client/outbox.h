#pragma once

#include "crypto/content.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace sotto::client {

/// Texts for one peer until its `received` names them, and what is owed to it in turn
/// (section 9). It belongs to the peer, not to a chat or a session.
class Outbox {
  public:
    /// False if too many wait already.
    [[nodiscard]] bool full() const noexcept;
    [[nodiscard]] bool empty() const noexcept { return texts_.empty(); }
    /// Something was sent in the session that stands and is not acknowledged.
    [[nodiscard]] bool awaits() const noexcept { return on_wire_ > 0; }
    void add(crypto::Text text);

    /// The next text to seal: in order, at most 64 unacknowledged on the wire.
    [[nodiscard]] const crypto::Text* next() const;
    /// That text was sealed and handed to the relay.
    void sent();

    /// The peer has the text; false if it is not one that waits.
    [[nodiscard]] bool delivered(const crypto::MessageId& id);
    /// The session is gone: all go again, in their old order. The ids of those that
    /// were on the wire.
    [[nodiscard]] std::vector<crypto::MessageId> session_ended();
    /// Empties it; the ids.
    [[nodiscard]] std::vector<crypto::MessageId> discard();

    /// A text of the peer has to be acknowledged.
    void owe(const crypto::MessageId& id) { owed_.push_back(id); }
    /// What one `received` may hold of the owed; nothing if nothing is owed.
    [[nodiscard]] std::optional<crypto::Received> owed() const;
    /// That `received` was sent.
    void paid(const crypto::Received& received);

  private:
    std::deque<crypto::Text> texts_;
    std::size_t on_wire_ = 0;  ///< so many at the front are sent in the session that stands
    std::deque<crypto::MessageId> owed_;
};

}  // namespace sotto::client
