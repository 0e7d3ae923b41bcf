// Section 5: attempts beside the session, crossing steps, and what is remembered of them.
#include "crypto/secure_channel_impl.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sotto::crypto {

namespace {

constexpr int kBadSteps = 17;  // the 17th in one attempt ends it
// Each takes a fresh signature of the peer's own key; past this a new consent is needed.
constexpr std::size_t kMaxAnswered = 65'536;
constexpr std::chrono::milliseconds kBetweenAttempts = std::chrono::seconds(1);

}  // namespace

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
    const bool possible = std::any_of(step1->suites.begin(), step1->suites.end(),
                                      [&](std::uint8_t suite) { return policy.allows(suite); });
    if (!possible) {
        out.emplace_back(channel::NoCommonSuite{});
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
        ignore(out, responder.error().what);
        return;
    }
    answered.insert(step1.hash());
    attempt.reset();
    attempt.emplace(Attempt{++serial, now, std::move(*responder)});
    last_m1 = now;
    check();
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
    begin(std::move(finished->session), now);
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
    begin(std::move(*session), now);
    seal_and_send(out, Received{});  // tells the initiator that the session stands
    out.emplace_back(channel::Established{live->session().suite(), false});
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
    impl_->check();
    impl_->send_handshake(out, impl_->initiating()->message1(), Ticket::Part::step1);
    return out;
}

void SecureChannel::drop_attempt() {
    impl_->attempt.reset();
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

}  // namespace sotto::crypto
