// Section 5: what is not exactly the peer's own step is dropped and harms nothing.
#include "crypto/handshake.h"

#include "crypto/transcript.h"
#include "test/crypto/two_parties.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace {

using namespace sotto::crypto;
using namespace sotto::test;
using namespace std::chrono_literals;

struct World : TwoParties {
    Party a{"alice", alice_id.public_key()};
    Party b{"bob", bob_id.public_key()};

    [[nodiscard]] Initiator begin() {
        return Initiator::step1_begin(alice_id, {a, b, consent}, {}, random);
    }
    [[nodiscard]] Responder respond(const Bytes& m1) {
        const auto step1 = step1_parse(m1, b, a);
        BOOST_REQUIRE(step1.has_value());
        BOOST_REQUIRE(step1_verify(*step1, a.key));
        auto responder = Responder::step2_make(bob_id, {b, a, consent}, {}, *step1, random);
        BOOST_REQUIRE(responder.has_value());
        return std::move(*responder);
    }
    /// M1 by hand, as an insider of Alice's key could make it.
    [[nodiscard]] Bytes hand_made(const Bytes& suites, const Bytes& kem_ek,
                                  const Bytes& ephemeral) const {
        const Bytes t1 = Writer()
                             .lp("sotto/1 handshake 1")
                             .raw(consent)
                             .lp(suites)
                             .lp(a.name)
                             .raw(a.key)
                             .lp(b.name)
                             .raw(b.key)
                             .raw(Bytes(32, 5))
                             .raw(ephemeral)
                             .lp(kem_ek)
                             .bytes();
        return Writer().u8(1).raw(t1).raw(alice_id.sign_whole(t1)).bytes();
    }
    [[nodiscard]] Bytes some_ephemeral() {
        const Ephemeral made(random);
        return {made.public_key.begin(), made.public_key.end()};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(handshake, World)

BOOST_AUTO_TEST_CASE(three_steps_and_a_first_record_make_a_session_for_both) {
    const Bytes m2 = answer(bob, step1(alice));
    const Bytes m3 = answer(alice, m2);
    BOOST_TEST(!alice.established());
    BOOST_TEST(!alice.may_send());
    const auto stands = bob.on_handshake(m3, now);
    BOOST_TEST(has<channel::Established>(stands));
    BOOST_TEST(bob.may_send());
    BOOST_TEST(!alice.established());
    const auto confirmed = alice.on_record(record_in(stands), now);
    BOOST_REQUIRE(has<channel::Established>(confirmed));
    BOOST_TEST(all<channel::Established>(confirmed).front().initiator);
    BOOST_TEST(alice.may_send());
    BOOST_TEST((alice.suite() == bob.suite()));
    BOOST_TEST((alice.suite() == best_suite()));
    BOOST_TEST(talk());
    BOOST_TEST(alice.dropped() + bob.dropped() == 0U);
}

BOOST_AUTO_TEST_CASE(step_1_is_laid_out_as_the_protocol_says) {
    const Bytes m1 = step1(alice);
    Reader in(m1);
    BOOST_TEST(in.u8() == 1);
    BOOST_TEST(same(in.lp(), view("sotto/1 handshake 1")));
    BOOST_TEST(same(in.raw(32), consent));
    BOOST_TEST(same(in.lp(), SuitePolicy{}.offer()));
    BOOST_TEST(same(in.lp(), view("alice")));
    BOOST_TEST(same(in.raw(32), a.key));
    BOOST_TEST(same(in.lp(), view("bob")));
    BOOST_TEST(same(in.raw(32), b.key));
    in.raw(64);
    BOOST_TEST(in.lp().size() == (KemKey::available() ? kKemPublicKeySize : 0));
    const ByteView t1 = ByteView(m1).subspan(1, m1.size() - 65);
    BOOST_TEST(verify_whole(a.key, t1, in.take<Signature>()));
    BOOST_TEST(in.done());
}

BOOST_AUTO_TEST_CASE(step_1_with_any_bit_flipped_is_dropped_and_the_honest_one_still_works) {
    const Bytes m1 = step1(alice);
    for (std::size_t bit = 0; bit < m1.size() * 8; ++bit) {
        BOOST_TEST(only_dropped(bob.on_handshake(flipped(m1, bit), now)));
    }
    for (std::size_t size = 0; size < m1.size(); ++size) {
        BOOST_TEST(only_dropped(bob.on_handshake(ByteView(m1).first(size), now)));
    }
    BOOST_TEST(!bob.attempt_pending());
    const auto stands = bob.on_handshake(answer(alice, answer(bob, m1)), now);
    BOOST_TEST(has<channel::Established>(stands));
}

BOOST_AUTO_TEST_CASE(step_2_with_any_bit_flipped_is_dropped_and_the_honest_one_still_works) {
    Initiator initiator = begin();
    Responder responder = respond(initiator.message1());
    const Bytes m2 = responder.message2();
    const auto refused = [&](ByteView bad) {
        const auto finished = initiator.step2_verify_step3_make(alice_id, bad);
        return !finished && finished.error().verdict == Verdict::drop;
    };
    for (std::size_t bit = 0; bit < m2.size() * 8; ++bit) {
        BOOST_TEST(refused(flipped(m2, bit)));
    }
    for (std::size_t size = 0; size < m2.size(); ++size) {
        BOOST_TEST(refused(ByteView(m2).first(size)));
    }
    const auto finished = initiator.step2_verify_step3_make(alice_id, m2);
    BOOST_REQUIRE(finished.has_value());
    BOOST_TEST(responder.step3_verify(finished->message3).has_value());
}

BOOST_AUTO_TEST_CASE(step_3_with_any_bit_flipped_is_dropped_and_the_honest_one_still_works) {
    Initiator initiator = begin();
    Responder responder = respond(initiator.message1());
    auto finished = initiator.step2_verify_step3_make(alice_id, responder.message2());
    BOOST_REQUIRE(finished.has_value());
    const Bytes& m3 = finished->message3;
    const auto refused = [&](ByteView bad) {
        const auto session = responder.step3_verify(bad);
        return !session && session.error().verdict == Verdict::drop;
    };
    for (std::size_t bit = 0; bit < m3.size() * 8; ++bit) {
        BOOST_TEST(refused(flipped(m3, bit)));
    }
    for (std::size_t size = 0; size < m3.size(); ++size) {
        BOOST_TEST(refused(ByteView(m3).first(size)));
    }
    auto session = responder.step3_verify(m3);
    BOOST_REQUIRE(session.has_value());
    BOOST_TEST((session->sid() == finished->session.sid()));
    const auto record = finished->session.seal(Bytes(256, 1));
    BOOST_REQUIRE(record.has_value());
    BOOST_TEST(session->open(*record).has_value());
}

BOOST_AUTO_TEST_CASE(flipped_steps_do_no_harm_to_an_attempt_of_a_channel) {
    const Bytes m2 = answer(bob, step1(alice));
    for (std::size_t i = 0; i < 16; ++i) {
        BOOST_TEST(only_dropped(alice.on_handshake(flipped(m2, 100 + 97 * i), now)));
    }
    const Bytes m3 = answer(alice, m2);
    for (std::size_t i = 0; i < 16; ++i) {
        BOOST_TEST(only_dropped(bob.on_handshake(flipped(m3, 8 + 40 * i), now)));
    }
    const auto stands = bob.on_handshake(m3, now);
    BOOST_TEST(has<channel::Established>(alice.on_record(record_in(stands), now)));
    BOOST_TEST(talk());
}

BOOST_AUTO_TEST_CASE(what_comes_without_an_attempt_or_is_no_step_is_dropped) {
    BOOST_TEST(only_dropped(bob.on_handshake(Bytes{}, now)));
    for (unsigned first = 0; first < 256; ++first) {
        const Bytes message(400, static_cast<std::uint8_t>(first));
        BOOST_TEST(only_dropped(bob.on_handshake(message, now)));
    }
    BOOST_TEST(bob.dropped() == 257U);
    establish();
}

BOOST_AUTO_TEST_CASE(steps_of_another_handshake_do_not_fit) {
    // Two runs between the same two people, under the same consent.
    Initiator first = begin();
    Initiator second = begin();
    Responder to_first = respond(first.message1());
    Responder to_second = respond(second.message1());
    BOOST_TEST(!first.step2_verify_step3_make(alice_id, to_second.message2()).has_value());
    BOOST_TEST(!second.step2_verify_step3_make(alice_id, to_first.message2()).has_value());
    const auto one = first.step2_verify_step3_make(alice_id, to_first.message2());
    const auto two = second.step2_verify_step3_make(alice_id, to_second.message2());
    BOOST_REQUIRE((one && two));
    BOOST_TEST((one->session.sid() != two->session.sid()));
    BOOST_TEST(!to_first.step3_verify(two->message3).has_value());
    BOOST_TEST(!to_second.step3_verify(one->message3).has_value());
    BOOST_TEST(to_first.step3_verify(one->message3).has_value());
    BOOST_TEST(to_second.step3_verify(two->message3).has_value());
}

BOOST_AUTO_TEST_CASE(a_second_answer_to_the_same_step_1_makes_another_session) {
    Initiator initiator = begin();
    Responder one = respond(initiator.message1());
    Responder two = respond(initiator.message1());
    const auto finished = initiator.step2_verify_step3_make(alice_id, one.message2());
    BOOST_REQUIRE(finished.has_value());
    BOOST_TEST(!two.step3_verify(finished->message3).has_value());
    BOOST_TEST(one.step3_verify(finished->message3).has_value());
}

BOOST_AUTO_TEST_CASE(ones_own_steps_sent_back_are_dropped) {
    const Bytes m1 = step1(alice);
    BOOST_TEST(only_dropped(alice.on_handshake(m1, now)));
    const Bytes m2 = answer(bob, m1);
    BOOST_TEST(only_dropped(bob.on_handshake(m2, now)));
    const Bytes m3 = answer(alice, m2);
    BOOST_TEST(only_dropped(alice.on_handshake(m3, now)));
    const auto stands = bob.on_handshake(m3, now);
    BOOST_TEST(has<channel::Established>(stands));
}

BOOST_AUTO_TEST_CASE(a_step_1_signed_by_another_or_for_another_is_dropped) {
    const Identity mallory = Identity::generate(random);
    const Party m{"alice", mallory.public_key()};
    // Under Mallory's own key, and under Alice's with Mallory's signature.
    const Initiator own = Initiator::step1_begin(mallory, {m, b, consent}, {}, random);
    const Initiator claimed = Initiator::step1_begin(mallory, {a, b, consent}, {}, random);
    const Initiator for_mallory =
        Initiator::step1_begin(alice_id, {a, {"bob", m.key}, consent}, {}, random);
    const Initiator for_bobby =
        Initiator::step1_begin(alice_id, {a, {"bobby", b.key}, consent}, {}, random);
    for (const Initiator* one : {&own, &claimed, &for_mallory, &for_bobby}) {
        BOOST_TEST(only_dropped(bob.on_handshake(one->message1(), now)));
    }
    establish();
}

BOOST_AUTO_TEST_CASE(whoever_holds_the_ephemerals_but_not_the_identity_key_cannot_finish) {
    // The third signature: Mallory has all of Alice's secrets of the attempt but her key.
    const Identity mallory = Identity::generate(random);
    Initiator initiator = begin();
    Responder responder = respond(initiator.message1());
    const auto forged = initiator.step2_verify_step3_make(mallory, responder.message2());
    BOOST_REQUIRE(forged.has_value());
    const auto session = responder.step3_verify(forged->message3);
    BOOST_REQUIRE(!session.has_value());
    BOOST_TEST(session.error().what == "step 3: bad signature");
}

BOOST_AUTO_TEST_CASE(a_signed_step_1_with_a_wrong_suite_list_is_dropped) {
    const Bytes key = some_ephemeral();
    for (const Bytes& suites :
         {Bytes{}, Bytes{1, 1}, Bytes{1, 9}, Bytes{9, 8, 7, 6, 5, 4, 3, 1, 0}, Bytes{1, 2}}) {
        BOOST_TEST(only_dropped(bob.on_handshake(hand_made(suites, {}, key), now)));
    }
    BOOST_TEST(only_dropped(bob.on_handshake(hand_made({1}, Bytes(kKemPublicKeySize), key), now)));
    BOOST_TEST(only_dropped(bob.on_handshake(hand_made({2, 1}, {}, key), now)));
    BOOST_TEST(
        only_dropped(bob.on_handshake(hand_made({2, 1}, Bytes(kKemPublicKeySize - 1), key), now)));
    establish();
}

BOOST_AUTO_TEST_CASE(unknown_suites_are_passed_over) {
    const auto answered = bob.on_handshake(hand_made({200, 9, 1, 0}, {}, some_ephemeral()), now);
    const Bytes m2 = handshake_in(answered);
    Reader in(ByteView(m2).subspan(1));
    in.lp();
    in.raw(32);
    BOOST_TEST(in.u8() == 1);
}

BOOST_AUTO_TEST_CASE(a_signed_step_1_whose_key_exchange_fails_is_neither_answered_nor_remembered) {
    const Bytes m1 = hand_made({1}, {}, Bytes(32, 0));
    BOOST_TEST(only_dropped(bob.on_handshake(m1, now)));
    BOOST_TEST(only_dropped(bob.on_handshake(m1, now)));
    BOOST_TEST(!bob.attempt_pending());
    establish();
}

BOOST_AUTO_TEST_CASE(without_a_common_suite_nothing_is_sent_and_it_is_said) {
    bob.set_policy({Suite::x25519_mlkem768, Suite::x25519_mlkem768});
    const auto refused = bob.on_handshake(hand_made({1}, {}, some_ephemeral()), now);
    BOOST_TEST(refused.size() == 1U);
    BOOST_TEST(has<channel::NoCommonSuite>(refused));
    BOOST_TEST(!bob.attempt_pending());
}

BOOST_AUTO_TEST_CASE(a_step_1_without_a_common_suite_leaves_an_own_attempt_alone) {
    const Bytes m1 = step1(bob);
    bob.set_policy({Suite::x25519_mlkem768, Suite::x25519_mlkem768});
    const auto refused = bob.on_handshake(hand_made({1}, {}, some_ephemeral()), now);
    BOOST_TEST(has<channel::NoCommonSuite>(refused));
    BOOST_TEST(bob.attempt_pending());
}

BOOST_AUTO_TEST_CASE(a_floor_above_what_this_program_has_can_not_begin) {
    alice.set_policy({Suite::x25519_mlkem768, Suite::x25519});
    const auto begun = alice.initiate(now);
    BOOST_REQUIRE(!begun.has_value());
    BOOST_TEST(begun.error().what == "no common suite");
    BOOST_TEST(!alice.attempt_pending());
    alice.set_policy({Suite::x25519, Suite::x25519});
    establish();  // nor did it cost the pause between attempts
}

BOOST_AUTO_TEST_CASE(the_initiator_refuses_a_suite_that_it_did_not_offer) {
    // Bob's own signature over a choice that Alice never made possible.
    Initiator initiator = begin();
    for (const std::uint8_t suite : Bytes{0, 3, 200}) {
        const Bytes t2 = Writer()
                             .lp("sotto/1 handshake 2")
                             .raw(initiator.step1_hash())
                             .u8(suite)
                             .lp(b.name)
                             .raw(b.key)
                             .lp(a.name)
                             .raw(a.key)
                             .raw(Bytes(32, 5))
                             .raw(some_ephemeral())
                             .lp(Bytes())
                             .bytes();
        const Bytes m2 =
            Writer().u8(2).raw(t2).raw(bob_id.sign_whole(t2)).raw(Bytes(kTagSize)).bytes();
        const auto finished = initiator.step2_verify_step3_make(alice_id, m2);
        BOOST_REQUIRE(!finished.has_value());
        BOOST_TEST(finished.error().what == "step 2: a suite that was not offered");
    }
}

BOOST_AUTO_TEST_SUITE_END()
