#pragma once

#include "crypto/consent.h"
#include "crypto/content.h"
#include "crypto/error.h"
#include "crypto/random.h"
#include "crypto/suite.h"
#include "crypto/time.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace sotto::crypto {

/// In which attempt or session a message was sent. An error of the relay counts
/// only there (section 9): hand the ticket back with `on_refused`.
struct Ticket {
    enum class Part : std::uint8_t { step1, step2, step3, record };
    Part part = Part::record;
    std::uint64_t serial = 0;  ///< of the attempt (steps 1 to 3) or the session (record)
};

/// What a SecureChannel wants done, in order.
namespace channel {

/// Send `payload` in a `relay` message of kind `handshake`.
struct SendHandshake {
    Bytes payload;
    Ticket ticket;
};
/// Send `payload` in a `relay` message of kind `record`.
struct SendRecord {
    Bytes payload;
    Ticket ticket;
};
/// A session stands, both ways proven: show the lock, send what waits.
/// For the initiator this comes with the responder's first record (section 5).
struct Established {
    Suite suite = Suite::x25519;
    bool initiator = false;
};
/// A rekey is complete: records may be sent again.
struct NewEpoch {
    std::uint32_t epoch = 0;
};
/// Authenticated content from the peer: text, received, typing or file_*.
struct Opened {
    Content content;
};
/// The session ended without the peer's word (lost records, a failed rekey, no
/// first record, the relay refused): show it; a new handshake is due.
struct Broken {
    std::string why;
};
/// An attempt ended without a session; the one that stands, if any, goes on.
struct AttemptEnded {
    std::string why;
};
/// A valid step 1 offers no suite that this side's policy allows. Nothing was sent and
/// nothing changed: the person decides (section 5).
struct NoCommonSuite {};
/// The peer's own, authenticated terminate (0x01). Session and consent are gone.
/// `lost` is true if it says that records on the way here were lost.
struct PeerTerminated {
    Reason reason = Reason::person;
    bool lost = false;
};
/// A valid step 1 came under a consent that is not held here. The owner answers
/// with 0x03 for `step1_hash`, or with its 0x02 again if `consent` is one that
/// this side has ended; at most once a second per peer (section 4).
struct UnknownConsent {
    ConsentHash consent{};
    Step1Hash step1_hash{};
};
/// Something was dropped (section 0); for a counter, never for the peer.
struct Dropped {
    std::string why;
};

}  // namespace channel

using ChannelOutput =
    std::variant<channel::SendHandshake, channel::SendRecord, channel::Established,
                 channel::NewEpoch, channel::Opened, channel::Broken, channel::AttemptEnded,
                 channel::NoCommonSuite, channel::PeerTerminated, channel::UnknownConsent,
                 channel::Dropped>;
using ChannelOutputs = std::vector<ChannelOutput>;

/// Sections 5 to 7 with one peer: the handshake attempts beside the current
/// session, crossing steps, confirmation, records, rekeying and their deadlines.
///
///     no consent --hold_consent--> consent --initiate, step 1--> consent + attempt
///     an attempt ends by step 2 or 3 in a session, which takes the place of an older one;
///         by its deadline, bad steps, drop_attempt or the relay's refusal in nothing
///     a session, of the initiator, is unconfirmed until its first record; any session ends by
///         a lost record, a deadline, the relay's refusal or close_session
///     on_disconnected ends attempt and session, and keeps the consent;
///         drop_consent, another hold_consent, and either side's terminate end all three
///
/// Sans-I/O: every function takes the time and returns what is to be done.
/// Whatever fails changes no state unless its output says so. `self` must
/// outlive the channel, which keeps a reference to it.
class SecureChannel {
  public:
    struct Names {
        std::string self;  ///< own user name
        Party peer;        ///< the peer's name and *pinned* key
    };

    SecureChannel(const Identity& self, Names names, SuitePolicy policy, Random& random);
    ~SecureChannel();
    SecureChannel(SecureChannel&&) noexcept;
    SecureChannel& operator=(SecureChannel&&) noexcept;

    /// Holds `consent` from now on; replaces (and ends) what an older one had made.
    /// The answered-M1 memory starts anew with it. The one that is held already changes
    /// nothing.
    void hold_consent(const ChatId& chat, const ConsentHash& consent);
    /// Wipes consent, session and attempt. Nothing is sent.
    void drop_consent();
    [[nodiscard]] bool holds_consent() const noexcept;
    [[nodiscard]] const std::optional<ChatId>& chat() const noexcept;

    /// The only way to change what is offered and allowed (a raised or, by the
    /// person, lowered floor).
    void set_policy(SuitePolicy policy);

    /// Starts an attempt as initiator (step 1). Error (drop): no consent, an attempt
    /// is pending in either role, a session waits for its first record, the policy
    /// leaves no suite to offer, or less than 1 s after the last attempt's M1.
    [[nodiscard]] Expected<ChannelOutputs> initiate(Time now);

    /// Wipes the attempt under way, if any: it would come to nothing. Nothing is sent.
    void drop_attempt();

    /// A `relay` message of kind `handshake`: steps 1, 2 or 3 by its first byte.
    [[nodiscard]] ChannelOutputs on_handshake(ByteView payload, Time now);
    /// A `relay` message of kind `record`. `chat` was compared by the caller.
    [[nodiscard]] ChannelOutputs on_record(ByteView record, Time now);
    /// R of a `chat_terminate` with payload 0x01 || R.
    [[nodiscard]] ChannelOutputs on_terminate_record(ByteView record, Time now);
    /// A `chat_terminate` with payload 0x03: true if it verifies for the pending
    /// step 1; the attempt and the consent are then gone.
    [[nodiscard]] bool on_no_consent(ByteView payload);

    /// True if content may be sent now: session confirmed, no rekey in flight.
    [[nodiscard]] bool may_send() const noexcept;
    /// Seals `content` (text, received, typing or file_*). Error (drop): `may_send()`
    /// is false or the content is not allowed. A due rekey follows in the outputs.
    [[nodiscard]] Expected<ChannelOutputs> send(const Content& content, Time now);

    /// Payload of the own `chat_terminate`, 0x01 || R, if a session stands in which
    /// this side may send; otherwise nothing (the owner then signs 0x02). Either
    /// way consent, session and attempt are gone afterwards.
    [[nodiscard]] std::optional<Bytes> terminate(Reason reason);

    /// The relay refused the message that carried `ticket`.
    [[nodiscard]] ChannelOutputs on_refused(const Ticket& ticket, Time now);
    /// The owner knows that the session is dead: it is wiped, nothing is sent. An attempt
    /// beside it goes on (section 5).
    void close_session();
    /// The own connection ended: attempt and session are wiped, consent stays.
    void on_disconnected();

    /// Runs the deadlines: attempt 10 s, first record 10 s, rekey 5 min / 30 s / 15 min.
    [[nodiscard]] ChannelOutputs on_tick(Time now);
    [[nodiscard]] std::optional<Time> next_deadline() const;

    [[nodiscard]] bool established() const noexcept;      ///< a confirmed session stands
    [[nodiscard]] bool attempt_pending() const noexcept;  ///< in either role
    [[nodiscard]] std::uint32_t epoch() const noexcept;   ///< 0 without a session
    [[nodiscard]] std::optional<Suite> suite() const noexcept;
    [[nodiscard]] std::uint64_t dropped() const noexcept;  ///< how much was dropped so far

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::crypto
