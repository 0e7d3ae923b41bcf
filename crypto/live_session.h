#pragma once

#include "crypto/content.h"
#include "crypto/error.h"
#include "crypto/key_schedule.h"
#include "crypto/random.h"
#include "crypto/session.h"
#include "crypto/time.h"

#include <optional>

namespace sotto::crypto {

/// A session with its time: confirmation of the initiator (section 5), the counts
/// and deadlines that make a rekey due, and the rekey itself (section 7).
class LiveSession {
  public:
    /// `serial` names the session in tickets. The responder's is confirmed from the
    /// start, the initiator's by the first record that it opens.
    LiveSession(Session session, std::uint64_t serial, Party peer, Time now);

    [[nodiscard]] std::uint64_t serial() const noexcept { return serial_; }
    [[nodiscard]] bool confirmed() const noexcept { return confirmed_; }
    [[nodiscard]] const Session& session() const noexcept { return session_; }
    [[nodiscard]] bool may_send() const noexcept { return confirmed_ && !rekey_; }

    [[nodiscard]] Expected<Bytes> seal(const Content& content, Session::Outer outer);
    /// Opens and decodes. Errors as of Session::open and decode; before confirmation
    /// everything but an opening counter 0 is `drop`. Success confirms.
    [[nodiscard]] Expected<Content> open(ByteView record, Session::Outer outer);

    /// True if a rekey is due now and this side, the initiator, may start it.
    [[nodiscard]] bool rekey_due(Time now) const;
    /// The `rekey` record; from now on all else is held back. Error: close.
    [[nodiscard]] Expected<Bytes> start_rekey(const Identity& self, Random& random, Time now);
    /// Answers the initiator's rekey: the `rekeyed` record, the last of the old epoch.
    [[nodiscard]] Expected<Bytes> answer_rekey(const Identity& self, const Rekey& rekey,
                                               Random& random, Time now);
    /// Takes the answer; the new epoch has begun on success. Error: close.
    [[nodiscard]] Expected<void> finish_rekey(const Rekeyed& rekeyed, Time now);

    /// Why the session must be closed by now, if it must.
    [[nodiscard]] std::optional<std::string> overdue(Time now) const;
    [[nodiscard]] Time next_deadline() const;

  private:
    struct PendingRekey {
        Ephemeral ephemeral;
        std::optional<KemKey> kem;
        Time sent{};
    };
    void count(const Content& content);
    void begin_epoch(ByteView shared, Time now);
    [[nodiscard]] bool count_due() const;
    [[nodiscard]] bool hybrid() const { return session_.suite() == Suite::x25519_mlkem768; }
    [[nodiscard]] Bytes rekey_terms(ByteView ephemeral_a, ByteView kem_ek) const;
    [[nodiscard]] Bytes rekeyed_terms(ByteView ephemeral_a, ByteView ephemeral_b, ByteView kem_ek,
                                      ByteView kem_ct) const;

    Session session_;
    std::uint64_t serial_;
    Party peer_;
    bool confirmed_;
    Time born_;
    Time epoch_began_;
    std::uint64_t counted_ = 0;          ///< records of this epoch but file data and progress
    std::uint64_t file_bytes_ = 0;       ///< of this epoch
    std::uint64_t sent_before_ = 0;      ///< records sent before this epoch
    std::uint64_t received_before_ = 0;  ///< records opened before this epoch
    std::optional<PendingRekey> rekey_;
};

}  // namespace sotto::crypto
