#pragma once

#include "crypto/base/invariant.h"
#include "crypto/handshake.h"
#include "crypto/live_session.h"
#include "crypto/secure_channel.h"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>

namespace sotto::crypto {

/// Inside of SecureChannel: its state and its rules. attempts.cpp has the handshake's side
/// (section 5), secure_channel.cpp records and rekeying (sections 6 and 7).
class SecureChannel::Impl {
  public:
    Impl(const Identity& identity, Names given, SuitePolicy with, Random& source)
        : self(identity),
          me{std::move(given.self), identity.public_key()},
          peer(std::move(given.peer)),
          policy(with),
          random(source) {}

    struct Attempt {
        std::uint64_t serial;
        Time started;
        std::variant<Initiator, Responder> side;
        int bad = 0;
    };

    [[nodiscard]] HandshakeTerms terms() const { return {me, peer, *consent}; }
    [[nodiscard]] Initiator* initiating() {
        return attempt ? std::get_if<Initiator>(&attempt->side) : nullptr;
    }
    [[nodiscard]] Responder* responding() {
        return attempt ? std::get_if<Responder>(&attempt->side) : nullptr;
    }
    [[nodiscard]] bool larger() const { return me.key > peer.key; }

    /// Which states there are, whatever came in which order: the table in secure_channel.h.
    void check() const {
        const bool consented = consent.has_value();
        base::invariant(chat.has_value() == consented, "a consent is one to a chat");
        base::invariant(consented || (!attempt && !live && answered.empty()),
                        "attempts and sessions are under a consent");
        const bool asks = attempt && std::holds_alternative<Initiator>(attempt->side);
        base::invariant(!asks || !live || live->confirmed(),
                        "no attempt is begun while a session waits for its first record");
        base::invariant(!live || live->serial() <= serial, "serials are given once");
        base::invariant(!attempt || !live || live->serial() < attempt->serial,
                        "an attempt is younger than the session beside it");
    }
    /// The attempt's session, in the place of an older one.
    void begin(Session session, Time now) {
        live.emplace(std::move(session), attempt->serial, peer, now);
        attempt.reset();
        check();
    }
    void drop_all() {
        consent.reset();
        chat.reset();
        attempt.reset();
        live.reset();
        answered.clear();
    }
    void ignore(ChannelOutputs& out, std::string why) {
        ++dropped;
        out.emplace_back(channel::Dropped{std::move(why)});
    }
    void break_session(ChannelOutputs& out, std::string why) {
        live.reset();
        out.emplace_back(channel::Broken{std::move(why)});
    }
    void send_handshake(ChannelOutputs& out, const Bytes& message, Ticket::Part part) const {
        out.emplace_back(channel::SendHandshake{message, {part, attempt->serial}});
    }
    void send_record(ChannelOutputs& out, Bytes record) const {
        out.emplace_back(
            channel::SendRecord{std::move(record), {Ticket::Part::record, live->serial()}});
    }

    void seal_and_send(ChannelOutputs& out, const Content& content);
    void expire(ChannelOutputs& out, Time now);
    void settle(ChannelOutputs& out, Time now);
    void on_step1(ChannelOutputs& out, ByteView m1, Time now);
    void answer_step1(ChannelOutputs& out, const Step1& step1, Time now);
    void on_step2(ChannelOutputs& out, ByteView m2, Time now);
    void on_step3(ChannelOutputs& out, ByteView m3, Time now);
    void bad_step(ChannelOutputs& out, std::string why);
    void on_content(ChannelOutputs& out, Content content, Time now);
    void on_rekey(ChannelOutputs& out, const Rekey& rekey, Time now);
    void on_rekeyed(ChannelOutputs& out, const Rekeyed& rekeyed, Time now);
    std::optional<Content> open(ChannelOutputs& out, ByteView record, Session::Outer outer);

    const Identity& self;
    Party me;
    Party peer;
    SuitePolicy policy;
    Random& random;
    std::optional<ChatId> chat;
    std::optional<ConsentHash> consent;
    std::set<Step1Hash> answered;  ///< hash of every M1 answered under this consent
    std::optional<Attempt> attempt;
    std::optional<LiveSession> live;
    std::optional<Time> last_m1;
    std::uint64_t serial = 0;
    std::uint64_t dropped = 0;
};

}  // namespace sotto::crypto
