#pragma once

#include "crypto/consent.h"
#include "crypto/content.h"
#include "crypto/error.h"
#include "crypto/secret.h"
#include "crypto/suite.h"

#include <array>
#include <cstdint>
#include <string_view>

namespace sotto::crypto {

/// What a finished handshake hands to the session: PRK's outputs of section 5.
struct SessionKeys {
    Secret<32> a_to_b;
    Secret<32> b_to_a;
    Secret<32> root;
    SessionId sid{};
    Suite suite = Suite::x25519;
};

/// The two ends as the record's AD names them, seen from this side.
struct Ends {
    Party self;
    Party peer;
    bool initiator = false;  ///< this side is A of the handshake
};

/// One session (section 6): two directional keys, each with its own counter
/// beside it and replaced after every record. Pure: no time, no policy; rekeying
/// moves it to the next epoch (section 7). Move-only; wiped on destruction.
///
/// Counters never repeat under one key because no function takes a nonce.
class Session {
  public:
    Session(SessionKeys keys, Ends ends);

    /// The outer message's type, part of the AD.
    enum class Outer { relay, chat_terminate };

    /// R = u32(epoch) || u64(counter) || sealed. Steps the sending key.
    /// Fails (close) only when the counter would reach 2^32.
    [[nodiscard]] Expected<Bytes> seal(ByteView padded, Outer outer = Outer::relay);

    /// Opens R. Errors: drop (other epoch, lower counter, does not open: no state
    /// changed), close (a higher counter: records were lost).
    [[nodiscard]] Expected<Bytes> open(ByteView record, Outer outer = Outer::relay);

    /// The epoch's next root and both keys, from the rekey's fresh secret
    /// (section 7); wipes the old ones. `shared` is [ss_mlkem ||] X25519.
    void next_epoch(ByteView shared);

    [[nodiscard]] std::uint32_t epoch() const noexcept { return epoch_; }
    [[nodiscard]] std::uint64_t sent() const noexcept { return send_.counter; }
    [[nodiscard]] std::uint64_t received() const noexcept { return receive_.counter; }
    [[nodiscard]] Suite suite() const noexcept { return suite_; }
    [[nodiscard]] bool initiator() const noexcept { return ends_.initiator; }
    [[nodiscard]] const SessionId& sid() const noexcept { return sid_; }

  private:
    struct Direction {
        Secret<32> key;
        std::uint64_t counter = 0;  ///< of the next record; not reset by an epoch
        void step();
    };
    [[nodiscard]] Bytes associated_data(Outer outer, const Party& from, const Party& to,
                                        std::uint64_t counter) const;

    Ends ends_;
    Suite suite_;
    SessionId sid_;
    std::uint32_t epoch_ = 0;
    Secret<32> root_;
    Direction send_;
    Direction receive_;
};

}  // namespace sotto::crypto
