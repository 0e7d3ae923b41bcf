#include "crypto/secure_channel.h"

#include "crypto/handshake.h"
#include "crypto/live_session.h"
#include "crypto/transcript.h"

#include <algorithm>
#include <set>
#include <utility>

namespace sotto::crypto {

namespace {

constexpr Time kAttemptEnd = std::chrono::seconds(10);
constexpr Time kBetweenAttempts = std::chrono::seconds(1);
constexpr int kBadSteps = 17;  // the 17th in one attempt ends it
// Each takes a fresh signature of the peer's own key; past this a new consent is needed.
constexpr std::size_t kMaxAnswered = 65'536;

}  // namespace

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
    std::optional<Hash> consent;
    std::set<Hash> answered;  ///< hash of every M1 answered under this consent
    std::optional<Attempt> attempt;
    std::optional<LiveSession> live;
    std::optional<Time> last_m1;
    std::uint64_t serial = 0;
    std::uint64_t dropped = 0;
};

// --- section 5: attempts ---------------------------------------------------------------------

void SecureChannel::Impl::on_step1(ChannelOutputs& out, ByteView m1, Time now) {
    const auto step1 = step1_parse(m1, me, peer);
    if (!step1) {
        ignore(out, step1.error().what);
        return;
    }
    if (consent != step1->consent) {
        if (step1_verify(*step1, peer.key)) {
            out.emplace_back(channel::UnknownConsent{step1->consent, step1->hash()});
        } else {
            ignore(out, "step 1: bad signature");
        }
        return;
    }
    if (answered.count(step1->hash()) != 0) {
        if (responding() != nullptr && responding()->step1_hash() == step1->hash()) {
            send_handshake(out, responding()->message2(), Ticket::Part::step2);
        } else {
            ignore(out, "step 1: answered before");
        }
        return;
    }
    if (!step1_verify(*step1, peer.key)) {
        ignore(out, "step 1: bad signature");
        return;
    }
    if (answered.size() >= kMaxAnswered) {
        ignore(out, "step 1: too many under one consent");
        return;
    }
    if (initiating() != nullptr && !larger()) {
        // Crossing: the peer answers ours; in case it has not got it, here it is again.
        send_handshake(out, initiating()->message1(), Ticket::Part::step1);
        return;
    }
    answer_step1(out, *step1, now);
}

void SecureChannel::Impl::answer_step1(ChannelOutputs& out, const Step1& step1, Time now) {
    auto responder = Responder::step2_make(self, terms(), policy, step1, random);
    if (!responder) {
        if (responder.error().verdict == Verdict::close) {
            out.emplace_back(channel::NoCommonSuite{});
        } else {
            ignore(out, responder.error().what);
        }
        return;
    }
    answered.insert(step1.hash());
    attempt.reset();
    attempt.emplace(Attempt{++serial, now, std::move(*responder)});
    last_m1 = now;
    send_handshake(out, responding()->message2(), Ticket::Part::step2);
}

void SecureChannel::Impl::bad_step(ChannelOutputs& out, std::string why) {
    ignore(out, std::move(why));
    if (attempt && ++attempt->bad >= kBadSteps) {
        attempt.reset();
        out.emplace_back(channel::AttemptEnded{"too many bad answers to the handshake"});
    }
}

void SecureChannel::Impl::on_step2(ChannelOutputs& out, ByteView m2, Time now) {
    if (initiating() == nullptr) {
        bad_step(out, "step 2: not expected");
        return;
    }
    auto finished = initiating()->step2_verify_step3_make(self, m2);
    if (!finished) {
        bad_step(out, finished.error().what);
        return;
    }
    send_handshake(out, finished->message3, Ticket::Part::step3);
    live.emplace(std::move(finished->session), attempt->serial, peer, now);
    attempt.reset();
}

void SecureChannel::Impl::on_step3(ChannelOutputs& out, ByteView m3, Time now) {
    if (responding() == nullptr) {
        bad_step(out, "step 3: not expected");
        return;
    }
    auto session = responding()->step3_verify(m3);
    if (!session) {
        bad_step(out, session.error().what);
        return;
    }
    live.emplace(std::move(*session), attempt->serial, peer, now);
    attempt.reset();
    seal_and_send(out, Received{});  // tells the initiator that the session stands
    out.emplace_back(channel::Established{live->session().suite(), false});
}

// --- sections 6 and 7: records and rekeying ---------------------------------------------------

void SecureChannel::Impl::seal_and_send(ChannelOutputs& out, const Content& content) {
    auto record = live->seal(content, Session::Outer::relay);
    if (record) {
        send_record(out, std::move(*record));
    } else {
        break_session(out, record.error().what);
    }
}

/// Ends what is overdue. Comes first wherever something arrives: a deadline holds even if
/// no tick came in between.
void SecureChannel::Impl::expire(ChannelOutputs& out, Time now) {
    if (attempt && now - attempt->started >= kAttemptEnd) {
        attempt.reset();
        out.emplace_back(channel::AttemptEnded{"the peer did not complete the handshake"});
    }
    if (live) {
        if (auto why = live->overdue(now)) {
            break_session(out, std::move(*why));
        }
    }
}

/// After anything that counts: closes a session that is overdue, starts a rekey that is due.
void SecureChannel::Impl::settle(ChannelOutputs& out, Time now) {
    expire(out, now);
    if (!live) {
        return;
    }
    if (!live->rekey_due(now)) {
        return;
    }
    auto record = live->start_rekey(self, random, now);
    if (record) {
        send_record(out, std::move(*record));
    } else {
        break_session(out, record.error().what);
    }
}

std::optional<Content> SecureChannel::Impl::open(ChannelOutputs& out, ByteView record,
                                                 Session::Outer outer) {
    if (!live) {
        ignore(out, "a record without a session");
        return std::nullopt;
    }
    const bool waited = !live->confirmed();
    auto content = live->open(record, outer);
    if (waited && live->confirmed()) {
        out.emplace_back(channel::Established{live->session().suite(), true});
    }
    if (content) {
        return std::move(*content);
    }
    if (content.error().verdict == Verdict::close) {
        break_session(out, content.error().what);
    } else {
        ignore(out, content.error().what);
    }
    return std::nullopt;
}

void SecureChannel::Impl::on_rekey(ChannelOutputs& out, const Rekey& rekey, Time now) {
    auto record = live->answer_rekey(self, rekey, random, now);
    if (!record) {
        break_session(out, record.error().what);
        return;
    }
    send_record(out, std::move(*record));
    out.emplace_back(channel::NewEpoch{live->session().epoch()});
}

void SecureChannel::Impl::on_rekeyed(ChannelOutputs& out, const Rekeyed& rekeyed, Time now) {
    const auto finished = live->finish_rekey(rekeyed, now);
    if (!finished) {
        break_session(out, finished.error().what);
        return;
    }
    seal_and_send(out, Received{});  // the first record of the new epoch
    if (live) {
        out.emplace_back(channel::NewEpoch{live->session().epoch()});
    }
}

void SecureChannel::Impl::on_content(ChannelOutputs& out, Content content, Time now) {
    if (const auto* rekey = std::get_if<Rekey>(&content)) {
        on_rekey(out, *rekey, now);
    } else if (const auto* rekeyed = std::get_if<Rekeyed>(&content)) {
        on_rekeyed(out, *rekeyed, now);
    } else if (std::holds_alternative<Terminate>(content)) {
        ignore(out, "a terminate that is not in a chat_terminate");
    } else {
        out.emplace_back(channel::Opened{std::move(content)});
    }
}

// --- the public face --------------------------------------------------------------------------

SecureChannel::SecureChannel(const Identity& self, Names names, SuitePolicy policy, Random& random)
    : impl_(std::make_unique<Impl>(self, std::move(names), policy, random)) {}
SecureChannel::~SecureChannel() = default;
SecureChannel::SecureChannel(SecureChannel&&) noexcept = default;
SecureChannel& SecureChannel::operator=(SecureChannel&&) noexcept = default;

void SecureChannel::hold_consent(const ChatId& chat, const Hash& consent) {
    if (impl_->chat == chat && impl_->consent == consent) {
        return;
    }
    impl_->drop_all();
    impl_->chat = chat;
    impl_->consent = consent;
}

void SecureChannel::drop_consent() {
    impl_->drop_all();
}
bool SecureChannel::holds_consent() const noexcept {
    return impl_->consent.has_value();
}
const std::optional<ChatId>& SecureChannel::chat() const noexcept {
    return impl_->chat;
}
void SecureChannel::set_policy(SuitePolicy policy) {
    impl_->policy = policy;
}

Expected<ChannelOutputs> SecureChannel::initiate(Time now) {
    if (!impl_->consent) {
        return drop("no consent to make a session under");
    }
    if (impl_->attempt) {
        return drop("an attempt is under way");
    }
    if (impl_->live && !impl_->live->confirmed()) {
        return drop("a session waits for its first record");
    }
    if (impl_->policy.offer().empty()) {
        return drop("no common suite");
    }
    if (impl_->last_m1 && now - *impl_->last_m1 < kBetweenAttempts) {
        return drop("the last attempt was less than a second ago");
    }
    ChannelOutputs out;
    impl_->attempt.emplace(Impl::Attempt{
        ++impl_->serial, now,
        Initiator::step1_begin(impl_->self, impl_->terms(), impl_->policy, impl_->random)});
    impl_->last_m1 = now;
    impl_->send_handshake(out, impl_->initiating()->message1(), Ticket::Part::step1);
    return out;
}

ChannelOutputs SecureChannel::on_handshake(ByteView payload, Time now) {
    ChannelOutputs out;
    impl_->expire(out, now);
    switch (payload.empty() ? 0 : payload[0]) {
        case 0x01:
            impl_->on_step1(out, payload, now);
            break;
        case 0x02:
            impl_->on_step2(out, payload, now);
            break;
        case 0x03:
            impl_->on_step3(out, payload, now);
            break;
        default:
            impl_->ignore(out, "not a handshake message");
    }
    return out;
}

ChannelOutputs SecureChannel::on_record(ByteView record, Time now) {
    ChannelOutputs out;
    impl_->expire(out, now);
    if (auto content = impl_->open(out, record, Session::Outer::relay)) {
        impl_->on_content(out, std::move(*content), now);
    }
    impl_->settle(out, now);
    return out;
}

ChannelOutputs SecureChannel::on_terminate_record(ByteView record, Time now) {
    ChannelOutputs out;
    impl_->expire(out, now);
    const auto content = impl_->open(out, record, Session::Outer::chat_terminate);
    if (!content) {
        return out;
    }
    const auto* terminate = std::get_if<Terminate>(&*content);
    if (terminate == nullptr) {
        impl_->ignore(out, "a chat_terminate that holds something else");
        return out;
    }
    // `sent` does not count the terminate itself, which is the last one opened.
    const bool lost = terminate->sent != impl_->live->session().received() - 1;
    impl_->drop_all();
    out.emplace_back(channel::PeerTerminated{terminate->reason, lost});
    return out;
}

bool SecureChannel::on_no_consent(ByteView payload) {
    if (impl_->initiating() == nullptr ||
        !verify_no_consent(impl_->peer.key, payload, impl_->initiating()->step1_hash())) {
        ++impl_->dropped;
        return false;
    }
    impl_->drop_all();
    return true;
}

bool SecureChannel::may_send() const noexcept {
    return impl_->live && impl_->live->may_send();
}

Expected<ChannelOutputs> SecureChannel::send(const Content& content, Time now) {
    const Kind kind = kind_of(content);
    if (kind == Kind::rekey || kind == Kind::rekeyed || kind == Kind::terminate) {
        return drop("the channel itself sends these");
    }
    if (!may_send()) {
        return drop("no session to send in");
    }
    ChannelOutputs out;
    impl_->expire(out, now);
    if (!may_send()) {
        return out;
    }
    auto record = impl_->live->seal(content, Session::Outer::relay);
    if (!record && record.error().verdict == Verdict::drop) {
        return tl::unexpected(record.error());
    }
    if (!record) {
        impl_->break_session(out, record.error().what);
        return out;
    }
    impl_->send_record(out, std::move(*record));
    impl_->settle(out, now);
    return out;
}

std::optional<Bytes> SecureChannel::terminate(Reason reason) {
    std::optional<Bytes> payload;
    if (may_send()) {
        const Session& session = impl_->live->session();
        const Terminate content{session.sent(), session.received(), reason};
        const auto record = impl_->live->seal(content, Session::Outer::chat_terminate);
        if (record) {
            payload = Writer().u8(0x01).raw(*record).bytes();
        }
    }
    impl_->drop_all();
    return payload;
}

ChannelOutputs SecureChannel::on_refused(const Ticket& ticket, Time /*now*/) {
    ChannelOutputs out;
    const bool record = ticket.part == Ticket::Part::record;
    if (!record && impl_->attempt && impl_->attempt->serial == ticket.serial) {
        impl_->attempt.reset();
        out.emplace_back(channel::AttemptEnded{"the relay could not deliver the handshake"});
    }
    const bool ends_session =
        impl_->live && impl_->live->serial() == ticket.serial &&
        (record || (ticket.part == Ticket::Part::step3 && !impl_->live->confirmed()));
    if (ends_session) {
        impl_->break_session(out, "the relay could not deliver to the peer");
    }
    return out;
}

void SecureChannel::on_disconnected() {
    impl_->attempt.reset();
    impl_->live.reset();
    impl_->last_m1.reset();  // no pause before the first attempt of a connection
}

ChannelOutputs SecureChannel::on_tick(Time now) {
    ChannelOutputs out;
    impl_->settle(out, now);
    return out;
}

std::optional<Time> SecureChannel::next_deadline() const {
    std::optional<Time> next;
    if (impl_->attempt) {
        next = impl_->attempt->started + kAttemptEnd;
    }
    if (impl_->live) {
        next = std::min(next.value_or(Time::max()), impl_->live->next_deadline());
    }
    return next;
}

bool SecureChannel::established() const noexcept {
    return impl_->live && impl_->live->confirmed();
}
bool SecureChannel::attempt_pending() const noexcept {
    return impl_->attempt.has_value();
}
std::uint32_t SecureChannel::epoch() const noexcept {
    return impl_->live ? impl_->live->session().epoch() : 0;
}
std::optional<Suite> SecureChannel::suite() const noexcept {
    return established() ? std::optional(impl_->live->session().suite()) : std::nullopt;
}
std::uint64_t SecureChannel::dropped() const noexcept {
    return impl_->dropped;
}

}  // namespace sotto::crypto
