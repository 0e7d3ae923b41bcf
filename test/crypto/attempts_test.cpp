// Section 5: attempts beside the session, their memory, crossings and deadlines.
#include "crypto/session_table.h"
#include "test/crypto/two_parties.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto::crypto;
using namespace sotto::test;
using namespace std::chrono_literals;

struct World : TwoParties {
    /// Alice has sent step 3 and waits for Bob's first record, which is returned.
    [[nodiscard]] Bytes until_first_record() {
        const Bytes m3 = answer(alice, answer(bob, step1(alice)));
        return record_in(bob.on_handshake(m3, now));
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(attempts, World)

BOOST_AUTO_TEST_CASE(a_repeat_of_the_pending_step_1_gets_the_same_step_2) {
    const Bytes m1 = step1(alice);
    const Bytes m2 = answer(bob, m1);
    now += 5s;
    BOOST_TEST((answer(bob, m1) == m2));
    BOOST_TEST(has<channel::Established>(bob.on_handshake(answer(alice, m2), now)));
}

BOOST_AUTO_TEST_CASE(a_repeat_of_an_answered_step_1_is_dropped_from_then_on) {
    const Bytes first = step1(alice);
    (void)answer(bob, first);
    alice.on_disconnected();
    establish();
    const auto refused = [&] { return only_dropped(bob.on_handshake(first, now)); };
    BOOST_TEST(refused());
    bob.on_disconnected();  // the memory is the consent's, not the connection's
    BOOST_TEST(refused());
    now += 1h;
    BOOST_TEST(refused());
    BOOST_TEST(!bob.attempt_pending());
}

BOOST_AUTO_TEST_CASE(a_different_valid_step_1_replaces_the_pending_answer) {
    const Bytes old_m2 = answer(bob, step1(alice));
    alice.on_disconnected();
    const Bytes m2 = answer(bob, step1(alice));
    BOOST_TEST(only_dropped(alice.on_handshake(old_m2, now)));
    BOOST_TEST(has<channel::Established>(bob.on_handshake(answer(alice, m2), now)));
}

BOOST_AUTO_TEST_CASE(a_repeat_of_a_step_1_that_another_has_replaced_is_dropped) {
    const Bytes replaced = step1(alice);
    (void)answer(bob, replaced);
    alice.on_disconnected();
    const Bytes pending = step1(alice);
    const Bytes m2 = answer(bob, pending);
    BOOST_TEST(only_dropped(bob.on_handshake(replaced, now)));
    BOOST_TEST((answer(bob, pending) == m2));
}

BOOST_AUTO_TEST_CASE(none_begins_while_a_session_waits_for_its_first_record) {
    const Bytes first = until_first_record();
    now += 2s;
    const auto begun = alice.initiate(now);
    BOOST_REQUIRE(!begun.has_value());
    BOOST_TEST(begun.error().what == "a session waits for its first record");
    BOOST_TEST(has<channel::Established>(alice.on_record(first, now)));
    BOOST_TEST(alice.initiate(now).has_value());  // under way beside the session
}

BOOST_AUTO_TEST_CASE(go_on_when_the_session_beside_them_is_closed) {
    establish();
    now += 2s;
    const Bytes m2 = answer(bob, step1(alice));
    alice.close_session();
    bob.close_session();
    BOOST_TEST(!bob.established());
    BOOST_TEST(bob.attempt_pending());
    const auto stands = bob.on_handshake(answer(alice, m2), now);
    BOOST_REQUIRE(has<channel::Established>(stands));
    BOOST_TEST(has<channel::Established>(alice.on_record(record_in(stands), now)));
    BOOST_TEST(talk());
    bob.close_session();  // the connection stands, and so does the pause between attempts
    BOOST_TEST(!bob.initiate(now).has_value());
    now += 1s;
    BOOST_TEST(bob.initiate(now).has_value());
}

BOOST_AUTO_TEST_CASE(the_same_consent_held_again_changes_nothing) {
    establish();
    now += 2s;
    const Bytes answered = step1(alice);
    (void)answer(bob, answered);
    for (SecureChannel* one : {&alice, &bob}) {
        one->hold_consent(chat, consent);
        BOOST_TEST(one->established());
        BOOST_TEST(one->attempt_pending());
    }
    BOOST_TEST(talk());
    now += 10s;
    (void)bob.on_tick(now);
    BOOST_TEST(only_dropped(bob.on_handshake(answered, now)));  // nor is the memory emptied
    bob.hold_consent(ChatId{4}, consent);
    BOOST_TEST(!bob.established());
}

BOOST_AUTO_TEST_CASE(an_attempt_under_way_leaves_the_session_alone) {
    establish();
    now += 2s;
    const Bytes m2 = answer(bob, step1(alice));
    BOOST_TEST(talk());
    now += 10s;
    BOOST_TEST(has<channel::AttemptEnded>(alice.on_tick(now)));
    BOOST_TEST(has<channel::AttemptEnded>(bob.on_tick(now)));
    BOOST_TEST(only_dropped(alice.on_handshake(m2, now)));
    BOOST_TEST(talk());
}

BOOST_AUTO_TEST_CASE(when_two_steps_1_cross_that_of_the_smaller_key_is_answered) {
    const Bytes of_alice = step1(alice);
    const Bytes of_bob = step1(bob);
    // Alice, with the smaller key, drops Bob's and sends her own again, the same bytes.
    BOOST_TEST((answer(alice, of_bob) == of_alice));
    const Bytes m2 = answer(bob, of_alice);
    BOOST_TEST(m2[0] == 0x02);
    BOOST_TEST((answer(bob, of_alice) == m2));  // the one sent again
    const auto stands = bob.on_handshake(answer(alice, m2), now);
    BOOST_TEST(has<channel::Established>(alice.on_record(record_in(stands), now)));
    BOOST_TEST(talk());
}

BOOST_AUTO_TEST_CASE(a_repeat_in_a_crossing_need_not_wait_a_second) {
    const Bytes of_alice = step1(alice);
    const Bytes of_bob = step1(bob);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST((answer(alice, of_bob) == of_alice));
    }
}

BOOST_AUTO_TEST_CASE(nobody_starts_while_an_attempt_is_pending_in_either_role) {
    const Bytes m1 = step1(alice);
    (void)answer(bob, m1);
    now += 2s;
    BOOST_TEST(!alice.initiate(now).has_value());
    BOOST_TEST(!bob.initiate(now).has_value());
}

BOOST_AUTO_TEST_CASE(the_17th_bad_step_ends_the_attempt_of_the_initiator) {
    const Bytes m2 = answer(bob, step1(alice));
    const Bytes bad = flipped(m2, 8 * 40);
    for (int i = 0; i < 16; ++i) {
        BOOST_TEST(only_dropped(alice.on_handshake(bad, now)));
        BOOST_TEST(alice.attempt_pending());
    }
    BOOST_TEST(has<channel::AttemptEnded>(alice.on_handshake(bad, now)));
    BOOST_TEST(!alice.attempt_pending());
    BOOST_TEST(only_dropped(alice.on_handshake(m2, now)));
}

BOOST_AUTO_TEST_CASE(the_17th_bad_step_ends_the_attempt_of_the_responder) {
    const Bytes m3 = answer(alice, answer(bob, step1(alice)));
    const Bytes bad = flipped(m3, 8 * 40);
    for (int i = 0; i < 16; ++i) {
        BOOST_TEST(only_dropped(bob.on_handshake(bad, now)));
    }
    BOOST_TEST(has<channel::AttemptEnded>(bob.on_handshake(bad, now)));
    BOOST_TEST(!bob.attempt_pending());
    BOOST_TEST(only_dropped(bob.on_handshake(m3, now)));
}

BOOST_AUTO_TEST_CASE(bad_steps_are_counted_anew_in_the_next_attempt) {
    for (int round = 0; round < 3; ++round) {
        const Bytes m2 = answer(bob, step1(alice));
        for (int i = 0; i < 16; ++i) {
            BOOST_TEST(only_dropped(alice.on_handshake(flipped(m2, 8 * 40), now)));
        }
        BOOST_TEST(alice.attempt_pending());
        now += 10s;
        BOOST_TEST(has<channel::AttemptEnded>(alice.on_tick(now)));
    }
}

BOOST_AUTO_TEST_CASE(an_attempt_ends_after_10_seconds_and_says_when) {
    const Bytes m1 = step1(alice);
    const Bytes m2 = answer(bob, m1);
    BOOST_TEST((alice.next_deadline() == now + 10s));
    BOOST_TEST((bob.next_deadline() == now + 10s));
    BOOST_TEST(alice.on_tick(now + 9'999ms).empty());
    BOOST_TEST(bob.on_tick(now + 9'999ms).empty());
    BOOST_TEST(has<channel::AttemptEnded>(alice.on_tick(now + 10s)));
    BOOST_TEST(has<channel::AttemptEnded>(bob.on_tick(now + 10s)));
    BOOST_TEST((alice.next_deadline() == std::nullopt));
    BOOST_TEST(only_dropped(alice.on_handshake(m2, now + 10s)));
    BOOST_TEST(only_dropped(bob.on_handshake(m1, now + 10s)));
}

BOOST_AUTO_TEST_CASE(a_step_after_10_seconds_is_too_late_even_if_no_tick_came_in_between) {
    const Bytes m2 = answer(bob, step1(alice));
    const auto late = alice.on_handshake(m2, now + 10s);
    BOOST_TEST(!has<channel::SendHandshake>(late));
    BOOST_TEST(!alice.attempt_pending());

    now += 20s;
    const Bytes m3 = answer(alice, answer(bob, step1(alice)));
    const auto later = bob.on_handshake(m3, now + 10s);
    BOOST_TEST(!has<channel::Established>(later));
    BOOST_TEST(!bob.attempt_pending());
}

BOOST_AUTO_TEST_CASE(new_attempts_start_a_second_after_the_last_step_1) {
    const Bytes m1 = step1(alice);
    const auto refused = alice.on_refused({Ticket::Part::step1, 1}, now);
    BOOST_TEST(has<channel::AttemptEnded>(refused));
    BOOST_TEST(!alice.initiate(now + 999ms).has_value());
    BOOST_TEST(alice.initiate(now + 1s).has_value());
}

BOOST_AUTO_TEST_CASE(the_first_attempt_of_a_connection_need_not_wait) {
    (void)step1(alice);
    alice.on_disconnected();
    BOOST_TEST(!alice.attempt_pending());
    BOOST_TEST(alice.initiate(now).has_value());
}

BOOST_AUTO_TEST_CASE(under_another_key_of_the_same_name_nothing_of_the_old_one_is_left) {
    SessionTable table(alice_id, "alice", random);
    const Party peer{"bob", bob_id.public_key()};
    table.open(peer, {}).hold_consent(chat, consent);
    BOOST_TEST(table.open(peer, {}).initiate(now).has_value());
    BOOST_TEST(table.open(peer, {}).attempt_pending());
    const Identity another = Identity::generate(random);
    SecureChannel& fresh = table.open({"bob", another.public_key()}, {});
    BOOST_TEST(!fresh.holds_consent());
    BOOST_TEST(!fresh.attempt_pending());
}

BOOST_AUTO_TEST_CASE(without_a_consent_nothing_is_started) {
    alice.drop_consent();
    BOOST_TEST(!alice.holds_consent());
    BOOST_TEST(!alice.initiate(now).has_value());
}

BOOST_AUTO_TEST_CASE(a_step_1_under_another_consent_is_told_and_makes_no_attempt) {
    bob.hold_consent(chat, ConsentHash{9});
    const Bytes m1 = step1(alice);
    for (int i = 0; i < 2; ++i) {
        const auto told = bob.on_handshake(m1, now);
        BOOST_REQUIRE(told.size() == 1U);
        BOOST_REQUIRE(has<channel::UnknownConsent>(told));
        BOOST_TEST((all<channel::UnknownConsent>(told).front().consent == consent));
    }
    bob.drop_consent();
    BOOST_TEST(has<channel::UnknownConsent>(bob.on_handshake(m1, now)));
    // What carries no signature of the peer is not even told.
    BOOST_TEST(only_dropped(bob.on_handshake(flipped(m1, m1.size() * 8 - 9), now)));
    BOOST_TEST(!bob.attempt_pending());
}

BOOST_AUTO_TEST_CASE(a_no_consent_answer_to_the_pending_step_1_ends_the_consent) {
    bob.drop_consent();
    const auto told = all<channel::UnknownConsent>(bob.on_handshake(step1(alice), now));
    BOOST_REQUIRE(told.size() == 1U);
    const Bytes no = make_no_consent(bob_id, told.front().step1_hash);
    for (std::size_t bit = 0; bit < no.size() * 8; ++bit) {
        BOOST_TEST(!alice.on_no_consent(flipped(no, bit)));
    }
    BOOST_TEST(!alice.on_no_consent(make_no_consent(alice_id, told.front().step1_hash)));
    BOOST_TEST(!alice.on_no_consent(make_no_consent(bob_id, Step1Hash{1})));
    BOOST_TEST(alice.holds_consent());
    BOOST_TEST(alice.attempt_pending());
    BOOST_TEST(alice.on_no_consent(no));
    BOOST_TEST(!alice.holds_consent());
    BOOST_TEST(!alice.attempt_pending());
}

BOOST_AUTO_TEST_CASE(a_no_consent_answer_counts_only_while_its_step_1_is_pending) {
    bob.drop_consent();
    const auto told = all<channel::UnknownConsent>(bob.on_handshake(step1(alice), now));
    const Bytes no = make_no_consent(bob_id, told.front().step1_hash);
    now += 10s;
    (void)alice.on_tick(now);
    BOOST_TEST(!alice.on_no_consent(no));
    (void)step1(alice);  // another one is pending now
    BOOST_TEST(!alice.on_no_consent(no));
    BOOST_TEST(alice.holds_consent());
}

BOOST_AUTO_TEST_CASE(until_the_first_record_the_initiator_drops_what_does_not_open) {
    establish();
    const Bytes old = seal(bob, "of the old session");
    now += 2s;
    const Bytes first = until_first_record();
    BOOST_TEST(only_dropped(alice.on_record(old, now)));
    BOOST_TEST(only_dropped(alice.on_record(seal(bob, "counter 1"), now)));
    BOOST_TEST(only_dropped(alice.on_terminate_record(old, now)));
    BOOST_TEST(only_dropped(alice.on_record(flipped(first, 200), now)));
    BOOST_TEST(!alice.established());
    BOOST_TEST(!alice.may_send());
    BOOST_TEST(!alice.send(text("too early"), now).has_value());
    BOOST_TEST(has<channel::Established>(alice.on_record(first, now)));
}

BOOST_AUTO_TEST_CASE(a_session_without_a_first_record_is_closed_visibly_after_10_seconds) {
    const Bytes first = until_first_record();
    BOOST_TEST((alice.next_deadline() == now + 10s));
    BOOST_TEST(alice.on_tick(now + 9'999ms).empty());
    BOOST_TEST(has<channel::Broken>(alice.on_tick(now + 10s)));
    BOOST_TEST(only_dropped(alice.on_record(first, now + 10s)));
}

BOOST_AUTO_TEST_CASE(a_first_record_after_10_seconds_is_too_late_even_if_no_tick_came_in_between) {
    const Bytes first = until_first_record();
    const auto late = alice.on_record(first, now + 10s);
    BOOST_TEST(has<channel::Broken>(late));
    BOOST_TEST(!has<channel::Established>(late));
    BOOST_TEST(!alice.established());
}

BOOST_AUTO_TEST_CASE(a_refusal_counts_only_for_the_attempt_it_was_sent_in) {
    const auto begun = alice.initiate(now);
    BOOST_REQUIRE(begun.has_value());
    const Ticket old = all<channel::SendHandshake>(*begun).front().ticket;
    alice.on_disconnected();
    const Bytes m1 = step1(alice);
    BOOST_TEST(alice.on_refused(old, now).empty());
    BOOST_TEST(alice.attempt_pending());
    BOOST_TEST(has<channel::Established>(bob.on_handshake(answer(alice, answer(bob, m1)), now)));
}

BOOST_AUTO_TEST_CASE(a_refused_step_3_ends_the_session_only_while_it_is_not_confirmed) {
    for (const bool confirmed : {false, true}) {
        now += 2s;
        const auto sent = alice.on_handshake(answer(bob, step1(alice)), now);
        const Ticket ticket = all<channel::SendHandshake>(sent).front().ticket;
        const auto stands = bob.on_handshake(handshake_in(sent), now);
        if (confirmed) {
            (void)alice.on_record(record_in(stands), now);
        }
        BOOST_TEST(has<channel::Broken>(alice.on_refused(ticket, now)) == !confirmed);
        BOOST_TEST(alice.established() == confirmed);
    }
}

BOOST_AUTO_TEST_CASE(a_refused_record_breaks_its_own_session_only) {
    establish();
    const auto sent = alice.send(text("hi"), now);
    BOOST_REQUIRE(sent.has_value());
    const Ticket old = all<channel::SendRecord>(*sent).front().ticket;
    now += 2s;
    establish();
    BOOST_TEST(alice.on_refused(old, now).empty());
    BOOST_TEST(talk());
    const auto again = alice.send(text("hi"), now);
    const Ticket present = all<channel::SendRecord>(*again).front().ticket;
    BOOST_TEST(has<channel::Broken>(alice.on_refused(present, now)));
    BOOST_TEST(!alice.established());
    BOOST_TEST(alice.holds_consent());
}

BOOST_AUTO_TEST_SUITE_END()
