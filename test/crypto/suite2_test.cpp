// Suite 2, X25519 with ML-KEM-768: skipped, and said so, where this OpenSSL has no ML-KEM.
#include "crypto/handshake.h"
#include "crypto/key_schedule.h"
#include "crypto/live_session.h"
#include "crypto/transcript.h"
#include "test/crypto/two_parties.h"
#include "test/support/hex.h"

#include <boost/test/unit_test.hpp>
#include <openssl/evp.h>

#include <algorithm>
#include <iostream>
#include <memory>

namespace {

using namespace sotto::crypto;
using namespace sotto::test;
using namespace std::chrono_literals;

constexpr SuitePolicy kOnlyHybrid{Suite::x25519_mlkem768, Suite::x25519_mlkem768};
constexpr SuitePolicy kOnlyClassic{Suite::x25519, Suite::x25519};

boost::test_tools::assertion_result has_ml_kem(boost::unit_test::test_unit_id /*id*/) {
    static const bool there = [] {
        if (!KemKey::available()) {
            std::cout << "suite 2 is not tested: this OpenSSL has no ML-KEM (3.5 has)\n";
        }
        return KemKey::available();
    }();
    return there;
}
const auto kNeedsMlKem = boost::unit_test::precondition(has_ml_kem);

/// Not the toy that test_suites has where OpenSSL has none.
boost::test_tools::assertion_result has_real_ml_kem(boost::unit_test::test_unit_id id) {
    EVP_KEM* const kem = EVP_KEM_fetch(nullptr, "ML-KEM-768", "provider!=toy");
    EVP_KEM_free(kem);
    return kem != nullptr && has_ml_kem(id);
}
const auto kNeedsRealMlKem = boost::unit_test::precondition(has_real_ml_kem);

/// The vectors below use OpenSSL's own parts where our wrapper offers no fixed choice.
struct FreeDigest {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
class Shake128 {
  public:
    Shake128() { EVP_DigestInit_ex(context_.get(), EVP_shake128(), nullptr); }
    void absorb(ByteView bytes) { EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()); }
    [[nodiscard]] Bytes squeeze(std::size_t size) {
        Bytes out(size);
        BOOST_REQUIRE(EVP_DigestFinalXOF(context_.get(), out.data(), size) == 1);
        return out;
    }

  private:
    std::unique_ptr<EVP_MD_CTX, FreeDigest> context_{EVP_MD_CTX_new()};
};

/// Hands out the given bytes one after the other.
class Given final : public Random {
  public:
    explicit Given(ByteView bytes) : rest_(bytes) {}
    void fill(gsl::span<std::uint8_t> out) override {
        std::copy_n(rest_.data(), out.size(), out.begin());
        rest_ = rest_.subspan(out.size());
    }

  private:
    ByteView rest_;
};

struct Encapsulated {
    Bytes ciphertext = Bytes(kKemCiphertextSize);
    Bytes secret = Bytes(kKemSecretSize);
};
/// ML-KEM.Encaps_internal (FIPS 203, algorithm 17): with the message given.
Encapsulated encapsulate_with(ByteView public_key, Bytes message) {
    Encapsulated out;
    EVP_PKEY* key = EVP_PKEY_new_raw_public_key_ex(nullptr, "ML-KEM-768", nullptr,
                                                   public_key.data(), public_key.size());
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr);
    const OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_octet_string("ikme", message.data(), message.size()),
        OSSL_PARAM_construct_end()};
    std::size_t ciphertext_size = out.ciphertext.size();
    std::size_t secret_size = out.secret.size();
    BOOST_REQUIRE(EVP_PKEY_encapsulate_init(context, parameters) == 1);
    BOOST_REQUIRE(EVP_PKEY_encapsulate(context, out.ciphertext.data(), &ciphertext_size,
                                       out.secret.data(), &secret_size) == 1);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(key);
    return out;
}

Bytes decapsulated(const KemKey& key, ByteView ciphertext) {
    Bytes secret(kKemSecretSize);
    BOOST_REQUIRE(key.decapsulate(ciphertext, secret));
    return secret;
}

struct Seeded {
    Seeded() { init(); }
    SeededRandom random{3};
};

/// Alice and Bob down to the single steps.
struct World : TwoParties {
    Party a{"alice", alice_id.public_key()};
    Party b{"bob", bob_id.public_key()};

    void set_policies(SuitePolicy alices, SuitePolicy bobs) {
        alice.set_policy(alices);
        bob.set_policy(bobs);
    }
    [[nodiscard]] Initiator begin(SuitePolicy policy = {}) {
        return Initiator::step1_begin(alice_id, {a, b, consent}, policy, random);
    }
    [[nodiscard]] Bytes t1(const Bytes& suites, ByteView kem_ek) {
        return Writer()
            .lp("sotto/1 handshake 1")
            .raw(consent)
            .lp(suites)
            .lp(a.name)
            .raw(a.key)
            .lp(b.name)
            .raw(b.key)
            .raw(Bytes(32, 5))
            .raw(Ephemeral(random).public_key)
            .lp(kem_ek)
            .bytes();
    }
    [[nodiscard]] Bytes m1(const Bytes& transcript) const {
        return Writer().u8(1).raw(transcript).raw(alice_id.sign_whole(transcript)).bytes();
    }
    [[nodiscard]] Bytes t2_of(const Initiator& to, std::uint8_t suite, ByteView kem_ct,
                              const Ephemeral& ephemeral) const {
        return Writer()
            .lp("sotto/1 handshake 2")
            .raw(to.step1_hash())
            .u8(suite)
            .lp(b.name)
            .raw(b.key)
            .lp(a.name)
            .raw(a.key)
            .raw(Bytes(32, 5))
            .raw(ephemeral.public_key)
            .lp(kem_ct)
            .bytes();
    }
    /// M2 in Bob's name over what Bob himself would never choose.
    [[nodiscard]] Bytes m2(const Initiator& to, std::uint8_t suite, ByteView kem_ct) {
        const Bytes t2 = t2_of(to, suite, kem_ct, Ephemeral(random));
        return Writer().u8(2).raw(t2).raw(bob_id.sign_whole(t2)).raw(Bytes(kTagSize)).bytes();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(ml_kem_768, *kNeedsRealMlKem)

BOOST_FIXTURE_TEST_CASE(gives_the_accumulated_answers_of_100_known_inputs, Seeded) {
    // Key generation, encapsulation, decapsulation and implicit rejection of FIPS 203, as
    // published with Go's crypto/mlkem: inputs from one SHAKE128, answers into another.
    constexpr std::size_t kRounds = 100;
    constexpr std::size_t kRound = 64 + 32 + kKemCiphertextSize;
    Shake128 source;
    source.absorb({});
    const Bytes inputs = source.squeeze(kRounds * kRound);
    Shake128 answers;
    for (std::size_t round = 0; round < kRounds; ++round) {
        const ByteView input = ByteView(inputs).subspan(round * kRound, kRound);
        Given seed(input.first(64));
        const KemKey key(seed);
        answers.absorb(key.public_key());
        const Encapsulated made =
            encapsulate_with(key.public_key(), to_bytes(input.subspan(64, 32)));
        answers.absorb(made.ciphertext);
        answers.absorb(made.secret);
        BOOST_TEST((decapsulated(key, made.ciphertext) == made.secret));
        answers.absorb(decapsulated(key, input.last(kKemCiphertextSize)));
    }
    BOOST_TEST((answers.squeeze(32) ==
                from_hex("1114b1b6699ed191734fa339376afa7e285c9e6acf6ff0177d346696ce564415")));
}

BOOST_FIXTURE_TEST_CASE(encapsulates_what_only_its_own_key_decapsulates, Seeded) {
    const KemKey key(random);
    const KemKey other(random);
    Bytes secret(kKemSecretSize);
    Bytes ciphertext = kem_encapsulate(key.public_key(), secret).value();
    BOOST_TEST((decapsulated(key, ciphertext) == secret));
    BOOST_TEST((decapsulated(other, ciphertext) != secret));
    for (const std::size_t bit : {0UL, 4'000UL, kKemCiphertextSize * 8 - 1}) {
        BOOST_TEST((decapsulated(key, flipped(ciphertext, bit)) != secret));
    }
    Bytes again(kKemSecretSize);
    BOOST_TEST((kem_encapsulate(key.public_key(), again).value() != ciphertext));
    BOOST_TEST((again != secret));
}

BOOST_FIXTURE_TEST_CASE(refuses_wrong_lengths_and_a_key_that_is_none, Seeded) {
    const KemKey key(random);
    Bytes secret(kKemSecretSize);
    for (const std::size_t size : {0UL, 1UL, kKemCiphertextSize - 1, kKemCiphertextSize + 1}) {
        BOOST_TEST(!key.decapsulate(Bytes(size), secret));
    }
    for (const std::size_t size : {0UL, 1UL, kKemPublicKeySize - 1, kKemPublicKeySize + 1}) {
        BOOST_TEST(!kem_encapsulate(Bytes(size), secret).has_value());
    }
    Bytes unreduced = key.public_key();
    unreduced[0] = 0xff;  // a coefficient of 4,095 where the modulus is 3,329
    unreduced[1] |= 0x0f;
    BOOST_TEST(!kem_encapsulate(unreduced, secret).has_value());
}

BOOST_FIXTURE_TEST_CASE(makes_the_same_key_of_the_same_randomness, Seeded) {
    SeededRandom again(3);
    BOOST_TEST((KemKey(random).public_key() == KemKey(again).public_key()));
    BOOST_TEST((KemKey(random).public_key() != KemKey(random).public_key()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(suite_2, World, *kNeedsMlKem)

BOOST_AUTO_TEST_CASE(is_offered_first_and_taken_if_both_have_it) {
    const Bytes step = step1(alice);
    Reader in(ByteView(step).subspan(1));
    in.lp();
    in.raw(32);
    BOOST_TEST(same(in.lp(), Bytes{2, 1}));
    in.lp();
    in.raw(32);
    in.lp();
    in.raw(32 + 32 + 32);
    BOOST_TEST(in.lp().size() == kKemPublicKeySize);
    const Bytes answered = answer(bob, step);
    Reader out(ByteView(answered).subspan(1));
    out.lp();
    out.raw(32);
    BOOST_TEST(out.u8() == 2);
    out.lp();
    out.raw(32);
    out.lp();
    out.raw(32 + 32 + 32);
    BOOST_TEST(out.lp().size() == kKemCiphertextSize);
    const auto stands = bob.on_handshake(answer(alice, answered), now);
    (void)alice.on_record(record_in(stands), now);
    BOOST_TEST((alice.suite() == Suite::x25519_mlkem768));
    BOOST_TEST((bob.suite() == Suite::x25519_mlkem768));
    BOOST_TEST(talk());
}

BOOST_AUTO_TEST_CASE(gives_way_to_suite_1_if_one_side_has_only_that) {
    set_policies({}, kOnlyClassic);
    establish();
    BOOST_TEST((alice.suite() == Suite::x25519));
    BOOST_TEST(talk());
    now += 2s;
    alice.on_disconnected();
    bob.on_disconnected();
    establish(bob, alice);
    BOOST_TEST((bob.suite() == Suite::x25519));
    BOOST_TEST(talk());
}

BOOST_AUTO_TEST_CASE(can_not_be_cut_out_of_the_offer_on_the_way) {
    const Bytes honest = step1(alice);
    // The relay takes suite 2 and its key away; the signature is all it can't make.
    Reader in(ByteView(honest).first(honest.size() - 64).subspan(1));
    Writer cut;
    cut.u8(1).lp(in.lp()).raw(in.raw(32));
    BOOST_TEST(same(in.lp(), Bytes{2, 1}));
    cut.lp(Bytes{1}).lp(in.lp()).raw(in.raw(32)).lp(in.lp()).raw(in.raw(32 + 32 + 32)).lp(Bytes());
    cut.raw(ByteView(honest).last(64));
    const auto dropped = bob.on_handshake(cut.bytes(), now);
    BOOST_TEST(only_dropped(dropped));
    BOOST_TEST(all<channel::Dropped>(dropped).front().why == "step 1: bad signature");
    BOOST_TEST(
        has<channel::Established>(bob.on_handshake(answer(alice, answer(bob, honest)), now)));
    BOOST_TEST((bob.suite() == Suite::x25519_mlkem768));
}

BOOST_AUTO_TEST_CASE(once_it_is_the_floor_nothing_less_is_offered_allowed_or_taken) {
    set_policies(kOnlyHybrid, kOnlyClassic);
    const Bytes offer = step1(alice);
    Reader in(ByteView(offer).subspan(1));
    in.lp();
    in.raw(32);
    BOOST_TEST(same(in.lp(), Bytes{2}));
    const auto unanswered = bob.on_handshake(offer, now);
    BOOST_TEST(unanswered.size() == 1U);
    BOOST_TEST(has<channel::NoCommonSuite>(unanswered));

    alice.on_disconnected();
    const auto refused = alice.on_handshake(step1(bob), now);
    BOOST_TEST(refused.size() == 1U);
    BOOST_TEST(has<channel::NoCommonSuite>(refused));

    Initiator initiator = begin(kOnlyHybrid);
    const auto taken = initiator.step2_verify_step3_make(alice_id, m2(initiator, 1, {}));
    BOOST_REQUIRE(!taken.has_value());
    BOOST_TEST(taken.error().what == "step 2: a suite that was not offered");

    set_policies({}, kOnlyClassic);  // the person lowers it
    bob.on_disconnected();
    establish();
    BOOST_TEST((alice.suite() == Suite::x25519));
}

BOOST_AUTO_TEST_CASE(takes_no_fields_of_another_length_even_if_they_are_signed) {
    const KemKey key(random);
    const Bytes whole = key.public_key();
    for (const Bytes& suites : {Bytes{1}, Bytes{3, 1}}) {
        BOOST_TEST(only_dropped(bob.on_handshake(m1(t1(suites, whole)), now)));
    }
    for (const std::size_t size : {0UL, 1UL, kKemPublicKeySize - 1}) {
        BOOST_TEST(
            only_dropped(bob.on_handshake(m1(t1({2, 1}, ByteView(whole).first(size))), now)));
    }
    Initiator initiator = begin();
    for (const std::size_t size : {0UL, kKemCiphertextSize - 1, kKemCiphertextSize + 1}) {
        const auto taken =
            initiator.step2_verify_step3_make(alice_id, m2(initiator, 2, Bytes(size)));
        BOOST_TEST((!taken && taken.error().what == "step 2: wrong length"));
    }
    const auto taken =
        initiator.step2_verify_step3_make(alice_id, m2(initiator, 1, Bytes(kKemCiphertextSize)));
    BOOST_TEST((!taken && taken.error().what == "step 2: wrong length"));
}

BOOST_AUTO_TEST_CASE(with_an_ml_kem_key_that_is_none_is_neither_answered_nor_remembered) {
    const Bytes bad = m1(t1({2, 1}, Bytes(kKemPublicKeySize, 0xff)));
    BOOST_TEST(only_dropped(bob.on_handshake(bad, now)));
    BOOST_TEST(only_dropped(bob.on_handshake(bad, now)));
    BOOST_TEST(!bob.attempt_pending());
    establish();
}

BOOST_AUTO_TEST_CASE(needs_the_secret_of_the_kem_and_not_only_the_curves) {
    // Bob's identity and his curve in the hands of somebody who makes a key schedule with
    // whatever he likes for the KEM's part.
    Initiator initiator = begin();
    const auto step1 = step1_parse(initiator.message1(), b, a);
    Bytes right(kKemSecretSize);
    const Bytes kem_ct = kem_encapsulate(step1->kem_ek, right).value();
    const auto with = [&](ByteView kem_secret) {
        const Ephemeral ephemeral(random);
        Bytes shared = to_bytes(kem_secret);
        shared.resize(kem_secret.size() + 32);
        BOOST_REQUIRE(x25519(ephemeral.secret, step1->ephemeral,
                             gsl::span<std::uint8_t>(shared).subspan(kem_secret.size())));
        const Bytes t2 = t2_of(initiator, 2, kem_ct, ephemeral);
        const Signature s2 = bob_id.sign_whole(t2);
        const TranscriptHash th = sha256_of<TranscriptHash>(
            Writer().lp(step1->transcript).lp(step1->signature).lp(t2).lp(s2).bytes());
        const KeySchedule keys = derive_keys(th, shared, Suite::x25519_mlkem768);
        const Bytes tag = aead_seal(keys.confirm_b.bytes(), Nonce{},
                                    Writer().lp("sotto/1 confirm B").raw(th).bytes(), {});
        return initiator.step2_verify_step3_make(alice_id,
                                                 Writer().u8(2).raw(t2).raw(s2).raw(tag).bytes());
    };
    for (const Bytes& wrong : {Bytes(), Bytes(kKemSecretSize), flipped(right, 255)}) {
        const auto taken = with(wrong);
        BOOST_REQUIRE(!taken.has_value());
        BOOST_TEST(taken.error().what == "step 2: the responder does not hold the keys");
        BOOST_TEST((taken.error().verdict == Verdict::drop));
    }
    BOOST_TEST(with(right).has_value());
}

BOOST_AUTO_TEST_CASE(rekeys_with_a_fresh_kem_every_time) {
    establish();
    Bytes last;
    for (std::uint32_t epoch = 1; epoch <= 3; ++epoch) {
        now += 5min;
        const Bytes asked = record_in(alice.on_tick(now));
        BOOST_TEST(asked.size() > kKemPublicKeySize);
        const auto answered = bob.on_record(asked, now);
        BOOST_TEST(record_in(answered).size() > kKemCiphertextSize);
        const auto taken = alice.on_record(record_in(answered), now);
        BOOST_REQUIRE(has<channel::NewEpoch>(taken));
        BOOST_REQUIRE(has<channel::Opened>(bob.on_record(record_in(taken), now)));
        BOOST_TEST(alice.epoch() == epoch);
        BOOST_TEST(talk());
    }
}

BOOST_AUTO_TEST_CASE(closes_on_a_rekey_without_its_kem_and_suite_1_on_one_with_it) {
    const KemKey key(random);
    for (const SuitePolicy policy : {kOnlyHybrid, kOnlyClassic}) {
        const bool hybrid = policy.best == Suite::x25519_mlkem768;
        Initiator initiator = begin(policy);
        const auto step1 = step1_parse(initiator.message1(), b, a);
        auto responder = Responder::step2_make(bob_id, {b, a, consent}, policy, *step1, random);
        auto finished = initiator.step2_verify_step3_make(alice_id, responder->message2());
        Session alices = std::move(finished->session);
        LiveSession bobs(responder->step3_verify(finished->message3).value(), 1, a, now);

        Rekey rekey;
        rekey.ephemeral = Ephemeral(random).public_key;
        rekey.kem_ek = hybrid ? Bytes() : key.public_key();
        rekey.signature = alice_id.sign(
            "sotto/1 rekey",
            Writer().raw(alices.sid()).u32(1).raw(rekey.ephemeral).lp(rekey.kem_ek).bytes());
        const auto sealed = alices.seal(encode(rekey).value());
        const auto opened = bobs.open(sealed.value(), Session::Outer::relay);
        BOOST_REQUIRE(opened.has_value());
        const auto answered = bobs.answer_rekey(bob_id, std::get<Rekey>(*opened), random, now);
        BOOST_REQUIRE(!answered.has_value());
        BOOST_TEST((answered.error().verdict == Verdict::close));
    }
}

BOOST_AUTO_TEST_SUITE_END()
