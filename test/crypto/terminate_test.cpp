// Section 4: the terminate that stands in a session, payload 0x01.
#include "crypto/handshake.h"
#include "test/crypto/two_parties.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto::crypto;
using namespace sotto::test;
using namespace std::chrono_literals;

struct World : TwoParties {
    World() { establish(); }
    /// R of Alice's terminate.
    [[nodiscard]] Bytes goodbye(Reason reason = Reason::closing) {
        const auto payload = alice.terminate(reason);
        BOOST_REQUIRE(payload.has_value());
        BOOST_REQUIRE_EQUAL(payload->front(), 0x01);
        return {payload->begin() + 1, payload->end()};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(terminates, World)

BOOST_AUTO_TEST_CASE(a_terminate_ends_session_and_consent_of_both_sides) {
    BOOST_TEST(talk());
    const auto told = bob.on_terminate_record(goodbye(Reason::declined_or_blocked), now);
    const auto ended = all<channel::PeerTerminated>(told);
    BOOST_REQUIRE(ended.size() == 1U);
    BOOST_TEST((ended.front().reason == Reason::declined_or_blocked));
    BOOST_TEST(!ended.front().lost);
    for (const SecureChannel* side : {&alice, &bob}) {
        BOOST_TEST(!side->holds_consent());
        BOOST_TEST(!side->established());
        BOOST_TEST(!side->attempt_pending());
    }
}

BOOST_AUTO_TEST_CASE(a_terminate_with_any_bit_of_its_sealed_part_flipped_is_dropped) {
    const Bytes record = goodbye();
    for (std::size_t bit = 12 * 8; bit < record.size() * 8; ++bit) {
        BOOST_TEST(only_dropped(bob.on_terminate_record(flipped(record, bit), now)));
    }
    BOOST_TEST(bob.established());
    BOOST_TEST(has<channel::PeerTerminated>(bob.on_terminate_record(record, now)));
}

BOOST_AUTO_TEST_CASE(a_terminate_after_lost_records_closes_without_the_peers_word) {
    (void)seal(alice, "lost");
    const auto told = bob.on_terminate_record(goodbye(), now);
    BOOST_TEST(has<channel::Broken>(told));
    BOOST_TEST(!has<channel::PeerTerminated>(told));
    BOOST_TEST(bob.holds_consent());
}

BOOST_AUTO_TEST_CASE(a_terminate_does_not_pass_for_a_record_nor_a_record_for_a_terminate) {
    BOOST_TEST(only_dropped(bob.on_terminate_record(seal(alice, "hi"), now)));
    alice.on_disconnected();
    bob.on_disconnected();
    establish();
    BOOST_TEST(only_dropped(bob.on_record(goodbye(), now)));
    BOOST_TEST(bob.holds_consent());
}

BOOST_AUTO_TEST_CASE(what_a_terminate_should_not_hold_is_dropped_but_counts_towards_the_rekey) {
    // Bob by hand: his own channel would not do so.
    const Party a{"alice", alice_id.public_key()};
    const Party b{"bob", bob_id.public_key()};
    alice.on_disconnected();
    const auto parsed = step1_parse(step1(alice), b, a);
    auto bobs = Responder::step2_make(bob_id, {b, a, consent}, {}, parsed.value(), random);
    Session session = bobs->step3_verify(answer(alice, bobs->message2())).value();
    const Bytes typing = encode(Typing{true}).value();
    for (int i = 0; i < 99; ++i) {
        const auto opened = alice.on_record(session.seal(typing).value(), now);
        BOOST_TEST(has<channel::Opened>(opened));
        BOOST_TEST(!has<channel::SendRecord>(opened));
    }
    const Bytes hundredth = session.seal(typing, Session::Outer::chat_terminate).value();
    const auto outputs = alice.on_terminate_record(hundredth, now);
    BOOST_TEST(has<channel::Dropped>(outputs));
    BOOST_TEST(has<channel::SendRecord>(outputs));
    BOOST_TEST(!alice.may_send());
}

BOOST_AUTO_TEST_CASE(without_a_session_in_which_it_may_send_there_is_no_such_payload) {
    now += 5min;
    (void)alice.on_tick(now);  // a rekey is in flight: all else is held back
    BOOST_TEST(!alice.terminate(Reason::person).has_value());
    BOOST_TEST(!alice.holds_consent());
    bob.on_disconnected();
    BOOST_TEST(!bob.terminate(Reason::person).has_value());
    BOOST_TEST(!bob.holds_consent());
}

BOOST_AUTO_TEST_SUITE_END()
