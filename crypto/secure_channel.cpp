// Sections 6 and 7 from outside a session: records, rekeying, deadlines, and the end.
#include "crypto/secure_channel.h"

#include "crypto/secure_channel_impl.h"
#include "crypto/transcript.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sotto::crypto {

namespace {

constexpr std::chrono::milliseconds kAttemptEnd = std::chrono::seconds(10);

}  // namespace

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
    check();
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

void SecureChannel::hold_consent(const ChatId& chat, const ConsentHash& consent) {
    if (impl_->chat == chat && impl_->consent == consent) {
        return;
    }
    impl_->drop_all();
    impl_->chat = chat;
    impl_->consent = consent;
    impl_->check();
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
    const auto* terminate = content ? std::get_if<Terminate>(&*content) : nullptr;
    if (terminate == nullptr) {
        if (content) {
            impl_->ignore(out, "a chat_terminate that holds something else");
        }
        impl_->settle(out, now);  // it counts all the same
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

void SecureChannel::close_session() {
    impl_->live.reset();
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
