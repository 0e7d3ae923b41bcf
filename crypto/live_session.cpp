#include "crypto/live_session.h"

#include "crypto/transcript.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace sotto::crypto {

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr std::chrono::milliseconds kFirstRecord = seconds(10);
constexpr std::chrono::milliseconds kRekeyAfter = minutes(5);
constexpr std::chrono::milliseconds kRekeyAnswer = seconds(30);
constexpr std::chrono::milliseconds kEpochEnd = minutes(15);
constexpr std::uint64_t kRekeyRecords = 100;
constexpr std::uint64_t kRekeyFileBytes = 64ULL << 20U;
constexpr std::uint64_t kEpochRecords = 4'096;
constexpr std::string_view kRekeyDomain = "sotto/1 rekey";
constexpr std::string_view kRekeyedDomain = "sotto/1 rekeyed";

}  // namespace

LiveSession::LiveSession(Session session, std::uint64_t serial, Party peer, Time now)
    : session_(std::move(session)),
      serial_(serial),
      peer_(std::move(peer)),
      confirmed_(!session_.initiator()),
      born_(now),
      epoch_began_(now) {}

void LiveSession::count(const Content& content) {
    if (const auto* data = std::get_if<FileData>(&content)) {
        file_bytes_ += data->data.size();
    } else if (!std::holds_alternative<FileProgress>(content)) {
        ++counted_;
    }
}

Expected<Bytes> LiveSession::seal(const Content& content, Session::Outer outer) {
    auto padded = encode(content);
    if (!padded) {
        return tl::unexpected(padded.error());
    }
    auto record = session_.seal(*padded, outer);
    wipe(*padded);
    if (record) {
        count(content);
    }
    return record;
}

Expected<Content> LiveSession::open(ByteView record, Session::Outer outer) {
    auto padded = session_.open(record, outer);
    if (!padded) {
        // Before the first record has opened, old-session records may still be under way.
        return confirmed_ ? tl::unexpected(padded.error()) : drop(padded.error().what);
    }
    confirmed_ = true;
    auto content = decode(*padded);
    wipe(*padded);
    if (content) {
        count(*content);
    } else {
        ++counted_;
    }
    return content;
}

bool LiveSession::count_due() const {
    return counted_ >= kRekeyRecords || file_bytes_ >= kRekeyFileBytes;
}

bool LiveSession::rekey_due(Time now) const {
    return session_.initiator() && may_send() && (count_due() || now - epoch_began_ >= kRekeyAfter);
}

Bytes LiveSession::rekey_terms(ByteView ephemeral_a, ByteView kem_ek) const {
    return Writer()
        .raw(session_.sid())
        .u32(session_.epoch() + 1)
        .raw(ephemeral_a)
        .lp(kem_ek)
        .bytes();
}

Bytes LiveSession::rekeyed_terms(ByteView ephemeral_a, ByteView ephemeral_b, ByteView kem_ek,
                                 ByteView kem_ct) const {
    return Writer()
        .raw(session_.sid())
        .u32(session_.epoch() + 1)
        .raw(ephemeral_a)
        .raw(ephemeral_b)
        .lp(kem_ek)
        .lp(kem_ct)
        .bytes();
}

Expected<Bytes> LiveSession::start_rekey(const Identity& self, Random& random, Time now) {
    PendingRekey pending{Ephemeral(random), std::nullopt, now};
    Rekey rekey;
    if (hybrid()) {
        pending.kem.emplace(random);
        rekey.kem_ek = pending.kem->public_key();
    }
    rekey.ephemeral = pending.ephemeral.public_key;
    rekey.signature = self.sign(kRekeyDomain, rekey_terms(rekey.ephemeral, rekey.kem_ek));
    auto record = seal(rekey, Session::Outer::relay);
    if (record) {
        rekey_ = std::move(pending);
    }
    return record;
}

Expected<Bytes> LiveSession::answer_rekey(const Identity& self, const Rekey& rekey, Random& random,
                                          Time now) {
    if (session_.initiator()) {
        return close("the peer started a rekey that is not its to start");
    }
    if (rekey.kem_ek.size() != (hybrid() ? kKemPublicKeySize : 0) ||
        !verify(peer_.key, kRekeyDomain, rekey_terms(rekey.ephemeral, rekey.kem_ek),
                rekey.signature)) {
        return close("the peer's rekey does not verify");
    }
    SharedSecret shared;
    Rekeyed answer;
    if (hybrid()) {
        auto kem_ct = kem_encapsulate(rekey.kem_ek, shared.kem());
        if (!kem_ct) {
            return close("the peer's rekey has no ML-KEM key");
        }
        answer.kem_ct = std::move(*kem_ct);
    }
    const Ephemeral ephemeral(random);
    if (!shared.agree(ephemeral.secret, rekey.ephemeral)) {
        return close("the peer's rekey has a bad ephemeral key");
    }
    answer.ephemeral = ephemeral.public_key;
    answer.signature = self.sign(kRekeyedDomain, rekeyed_terms(rekey.ephemeral, answer.ephemeral,
                                                               rekey.kem_ek, answer.kem_ct));
    auto record = seal(answer, Session::Outer::relay);
    if (record) {
        begin_epoch(shared.bytes(), now);
    }
    return record;
}

Expected<void> LiveSession::finish_rekey(const Rekeyed& rekeyed, Time now) {
    if (!rekey_) {
        return close("the peer answered a rekey that was not asked");
    }
    const Bytes kem_ek = rekey_->kem ? rekey_->kem->public_key() : Bytes();
    const auto& ours = rekey_->ephemeral.public_key;
    if (rekeyed.kem_ct.size() != (hybrid() ? kKemCiphertextSize : 0) ||
        !verify(peer_.key, kRekeyedDomain,
                rekeyed_terms(ours, rekeyed.ephemeral, kem_ek, rekeyed.kem_ct),
                rekeyed.signature)) {
        return close("the peer's answer to the rekey does not verify");
    }
    SharedSecret shared;
    if (hybrid() && !rekey_->kem->decapsulate(rekeyed.kem_ct, shared.kem())) {
        return close("the peer's answer to the rekey does not decapsulate");
    }
    if (!shared.agree(rekey_->ephemeral.secret, rekeyed.ephemeral)) {
        return close("the peer's answer to the rekey has a bad ephemeral key");
    }
    begin_epoch(shared.bytes(), now);
    rekey_.reset();
    return {};
}

void LiveSession::begin_epoch(ByteView shared, Time now) {
    session_.next_epoch(shared);
    epoch_began_ = now;
    counted_ = 0;
    file_bytes_ = 0;
    sent_before_ = session_.sent();
    received_before_ = session_.received();
}

std::optional<std::string> LiveSession::overdue(Time now) const {
    if (!confirmed_ && now - born_ >= kFirstRecord) {
        return "the peer's first record did not come";
    }
    if (rekey_ && now - rekey_->sent >= kRekeyAnswer) {
        return "the peer did not answer the rekey";
    }
    if (now - epoch_began_ >= kEpochEnd) {
        return "the keys are too old";
    }
    if (std::max(session_.sent() - sent_before_, session_.received() - received_before_) >=
        kEpochRecords) {
        return "the keys were used too often";
    }
    return std::nullopt;
}

Time LiveSession::next_deadline() const {
    Time next = epoch_began_ + kEpochEnd;
    if (!confirmed_) {
        next = std::min(next, born_ + kFirstRecord);
    }
    if (rekey_) {
        next = std::min(next, rekey_->sent + kRekeyAnswer);
    } else if (session_.initiator() && confirmed_) {
        next = std::min(next, epoch_began_ + kRekeyAfter);
    }
    return next;
}

}  // namespace sotto::crypto
