#include "crypto/handshake.h"

#include "crypto/key_schedule.h"
#include "crypto/transcript.h"

#include <algorithm>
#include <utility>

namespace sotto::crypto {

namespace {

constexpr std::string_view kDomain1 = "sotto/1 handshake 1";
constexpr std::string_view kDomain2 = "sotto/1 handshake 2";
constexpr std::string_view kDomain3 = "sotto/1 handshake 3";
constexpr std::string_view kConfirmA = "sotto/1 confirm A";
constexpr std::string_view kConfirmB = "sotto/1 confirm B";
constexpr std::size_t kMaxSuites = 8;
constexpr std::size_t kSignature = Signature::kSize;
constexpr auto kHybrid = static_cast<std::uint8_t>(Suite::x25519_mlkem768);

/// 1 to 8 distinct bytes in falling order.
bool is_suite_list(ByteView suites) {
    const auto not_falling = [](std::uint8_t a, std::uint8_t b) { return a <= b; };
    return !suites.empty() && suites.size() <= kMaxSuites &&
           std::adjacent_find(suites.begin(), suites.end(), not_falling) == suites.end();
}

bool contains(ByteView suites, std::uint8_t suite) {
    return std::find(suites.begin(), suites.end(), suite) != suites.end();
}

Step1Hash hash_of_step(ByteView transcript, const Signature& signature) {
    return sha256_of<Step1Hash>(Writer().lp(transcript).lp(signature).bytes());
}

TranscriptHash hash_of_both(ByteView t1, const Signature& s1, ByteView t2, const Signature& s2) {
    return sha256_of<TranscriptHash>(Writer().lp(t1).lp(s1).lp(t2).lp(s2).bytes());
}

Bytes confirm_ad(std::string_view label, const TranscriptHash& transcript_hash) {
    return Writer().lp(label).raw(transcript_hash).bytes();
}

bool names(Reader& in, const Party& party) {
    const bool name = same(in.lp(), view(party.name));
    return same(in.raw(32), party.key) && name;
}

/// T2 taken apart and compared with what A expects.
struct Step2 {
    std::uint8_t suite = 0;
    ByteView ephemeral;
    ByteView kem_ct;
    ByteView transcript;
    Signature signature{};
    ByteView tag;
};

Expected<Step2> step2_parse(ByteView m2, const Step1Hash& step1_hash, const HandshakeTerms& terms) {
    Step2 out;
    if (m2.size() < 1 + kSignature + kTagSize || m2[0] != 0x02) {
        return drop("step 2: malformed");
    }
    out.transcript = m2.subspan(1, m2.size() - 1 - kSignature - kTagSize);
    Reader tail(m2.subspan(1 + out.transcript.size()));
    out.signature = tail.take<Signature>();
    out.tag = tail.rest();

    Reader in(out.transcript);
    const bool domain = same(in.lp(), view(kDomain2));
    const bool answers = same(in.raw(32), step1_hash);
    out.suite = in.u8();
    const bool responder = names(in, terms.peer);
    const bool initiator = names(in, terms.self);
    in.raw(32);  // n_B
    out.ephemeral = in.raw(32);
    out.kem_ct = in.lp();
    if (!in.done() || !domain || !answers || !responder || !initiator) {
        return drop("step 2: does not fit this attempt");
    }
    if (out.kem_ct.size() != (out.suite == kHybrid ? kKemCiphertextSize : 0)) {
        return drop("step 2: wrong length");
    }
    return out;
}

}  // namespace

Step1Hash Step1::hash() const {
    return hash_of_step(transcript, signature);
}

Expected<Step1> step1_parse(ByteView m1, const Party& self, const Party& peer) {
    if (m1.size() < 1 + kSignature || m1[0] != 0x01) {
        return drop("step 1: malformed");
    }
    Step1 out;
    const ByteView transcript = m1.subspan(1, m1.size() - 1 - kSignature);
    out.transcript = to_bytes(transcript);
    out.signature = Reader(m1.last(kSignature)).take<Signature>();

    Reader in(transcript);
    const bool domain = same(in.lp(), view(kDomain1));
    out.consent = in.take<ConsentHash>();
    const ByteView suites = in.lp();
    const bool initiator = names(in, peer);
    const bool responder = names(in, self);
    in.raw(32);  // n_A
    out.ephemeral = in.take<EphemeralKey>();
    const ByteView kem_ek = in.lp();
    if (!in.done() || !domain) {
        return drop("step 1: malformed");
    }
    if (!initiator || !responder) {
        return drop("step 1: made for somebody else");
    }
    if (!is_suite_list(suites) ||
        kem_ek.size() != (contains(suites, kHybrid) ? kKemPublicKeySize : 0)) {
        return drop("step 1: suites or lengths");
    }
    out.suites = to_bytes(suites);
    out.kem_ek = to_bytes(kem_ek);
    return out;
}

bool step1_verify(const Step1& step1, const PublicKey& peer) {
    return verify_whole(peer, step1.transcript, step1.signature);
}

Initiator Initiator::step1_begin(const Identity& self, HandshakeTerms terms,
                                 const SuitePolicy& policy, Random& random) {
    const Bytes suites = policy.offer();
    std::optional<KemKey> kem;
    if (contains(suites, kHybrid)) {
        kem.emplace(random);
    }
    std::array<std::uint8_t, 32> nonce{};
    random.fill(nonce);
    Initiator out(std::move(terms), policy, Ephemeral(random), std::move(kem));
    out.transcript1_ = Writer()
                           .lp(kDomain1)
                           .raw(out.terms_.consent)
                           .lp(suites)
                           .lp(out.terms_.self.name)
                           .raw(out.terms_.self.key)
                           .lp(out.terms_.peer.name)
                           .raw(out.terms_.peer.key)
                           .raw(nonce)
                           .raw(out.ephemeral_.public_key)
                           .lp(out.kem_ ? ByteView(out.kem_->public_key()) : ByteView())
                           .bytes();
    out.signature1_ = self.sign_whole(out.transcript1_);
    out.message1_ = Writer().u8(0x01).raw(out.transcript1_).raw(out.signature1_).bytes();
    out.step1_hash_ = hash_of_step(out.transcript1_, out.signature1_);
    return out;
}

Expected<Initiator::Finished> Initiator::step2_verify_step3_make(const Identity& self,
                                                                 ByteView m2) {
    const auto step2 = step2_parse(m2, step1_hash_, terms_);
    if (!step2) {
        return tl::unexpected(step2.error());
    }
    if (!policy_.allows(step2->suite)) {
        return drop("step 2: a suite that was not offered");
    }
    if (!verify_whole(terms_.peer.key, step2->transcript, step2->signature)) {
        return drop("step 2: bad signature");
    }
    SharedSecret shared;
    if (step2->suite == kHybrid && !kem_->decapsulate(step2->kem_ct, shared.kem())) {
        return drop("step 2: bad key encapsulation");
    }
    if (!shared.agree(ephemeral_.secret, step2->ephemeral)) {
        return drop("step 2: bad ephemeral key");
    }
    const TranscriptHash th =
        hash_of_both(transcript1_, signature1_, step2->transcript, step2->signature);
    KeySchedule keys = derive_keys(th, shared.bytes(), static_cast<Suite>(step2->suite));
    if (!aead_open(keys.confirm_b.bytes(), Nonce{}, confirm_ad(kConfirmB, th), step2->tag)) {
        return drop("step 2: the responder does not hold the keys");
    }
    const Signature s3 = self.sign(kDomain3, th);
    Bytes message3{0x03};
    append(message3, aead_seal(keys.confirm_a.bytes(), Nonce{}, confirm_ad(kConfirmA, th), s3));
    return Finished{std::move(message3),
                    Session(std::move(keys.session), Ends{terms_.self, terms_.peer, true})};
}

Expected<Responder> Responder::step2_make(const Identity& self, HandshakeTerms terms,
                                          const SuitePolicy& policy, const Step1& step1,
                                          Random& random) {
    const auto chosen = std::find_if(step1.suites.begin(), step1.suites.end(),
                                     [&](std::uint8_t suite) { return policy.allows(suite); });
    if (chosen == step1.suites.end()) {
        return drop("no suite that both sides allow");
    }
    SharedSecret shared;
    Bytes kem_ct;
    if (*chosen == kHybrid) {
        auto made = kem_encapsulate(step1.kem_ek, shared.kem());
        if (!made) {
            return drop("step 1: not an ML-KEM key");
        }
        kem_ct = std::move(*made);
    }
    const Ephemeral ephemeral(random);
    if (!shared.agree(ephemeral.secret, step1.ephemeral)) {
        return drop("step 1: bad ephemeral key");
    }
    std::array<std::uint8_t, 32> nonce{};
    random.fill(nonce);
    Responder out(std::move(terms), step1.hash());
    const Bytes transcript2 = Writer()
                                  .lp(kDomain2)
                                  .raw(out.step1_hash_)
                                  .u8(*chosen)
                                  .lp(out.terms_.self.name)
                                  .raw(out.terms_.self.key)
                                  .lp(out.terms_.peer.name)
                                  .raw(out.terms_.peer.key)
                                  .raw(nonce)
                                  .raw(ephemeral.public_key)
                                  .lp(kem_ct)
                                  .bytes();
    const Signature s2 = self.sign_whole(transcript2);
    out.transcript_hash_ = hash_of_both(step1.transcript, step1.signature, transcript2, s2);
    KeySchedule keys =
        derive_keys(out.transcript_hash_, shared.bytes(), static_cast<Suite>(*chosen));
    const Bytes tag =
        aead_seal(keys.confirm_b.bytes(), Nonce{}, confirm_ad(kConfirmB, out.transcript_hash_), {});
    out.message2_ = Writer().u8(0x02).raw(transcript2).raw(s2).raw(tag).bytes();
    out.confirm_a_ = std::move(keys.confirm_a);
    out.keys_ = std::move(keys.session);
    return out;
}

Expected<Session> Responder::step3_verify(ByteView m3) {
    if (m3.size() != 1 + kSignature + kTagSize || m3[0] != 0x03) {
        return drop("step 3: malformed");
    }
    const auto opened = aead_open(confirm_a_.bytes(), Nonce{},
                                  confirm_ad(kConfirmA, transcript_hash_), m3.subspan(1));
    if (!opened) {
        return drop("step 3: does not open");
    }
    const auto s3 = Reader(*opened).take<Signature>();
    if (!verify(terms_.peer.key, kDomain3, transcript_hash_, s3)) {
        return drop("step 3: bad signature");
    }
    return Session(std::move(*keys_), Ends{terms_.self, terms_.peer, false});
}

}  // namespace sotto::crypto
