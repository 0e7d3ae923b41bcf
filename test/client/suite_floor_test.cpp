// Section 5, suites: what was used with a contact once is the least that is used later. And the
// lies that need suite 2 to be told. This program also runs the tests of the house that need it,
// which are skipped elsewhere without OpenSSL 3.5.
#include "test/client/meeting.h"
#include "test/client/toy_kem.h"

using namespace sotto::test;
using sotto::stranger::lp;
using sotto::stranger::Octets;
using sotto::stranger::u8;

namespace {

struct SuiteTwo {
    SuiteTwo() { sotto::stranger::provide_ml_kem(); }
};
BOOST_TEST_GLOBAL_FIXTURE(SuiteTwo);

constexpr std::size_t kSuiteOfStep2 = 4 + 19 + 32;

struct Hybrid : Meeting {
    Hybrid() : Meeting(u8(2) + u8(1)) {}

    /// A new session under the same consent, as after a break of Bob's.
    void bob_comes_back() {
        cut_bob();
        pass(seconds(6));
        connect_bob();
    }
    void change(const Octets& what, std::function<Octets(Octets)> how) {
        bob.lies.change = [what, how = std::move(how)](const Octets& told, Octets truth) {
            return told == what ? how(std::move(truth)) : truth;
        };
    }
    [[nodiscard]] int best_suite() {
        tell(command::ShowContact{"bob"});
        return last<event::Contact>().best_suite;
    }
};

/// With another last field, the KEM part.
Octets with_kem(const Octets& transcript, std::size_t size, const Octets& kem) {
    return transcript.substr(0, transcript.size() - 4 - size) + lp(kem);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(the_best_suite_used)

BOOST_AUTO_TEST_CASE(with_a_contact_is_remembered_by_either_side_of_the_handshake) {
    for (const bool alice_asks : {true, false}) {
        BOOST_TEST_CONTEXT(alice_asks) {
            Hybrid meeting;
            meeting.befriend(alice_asks);
            BOOST_TEST(meeting.best_suite() == 2);
        }
    }
}

BOOST_AUTO_TEST_CASE(is_not_remembered_before_the_initiator_has_opened_the_first_record) {
    Hybrid meeting;
    meeting.tell(command::RequestChat{ChatKey::with("bob")});
    meeting.bob.answer(true);
    // Bob's record with which the session stands stays on its way.
    meeting.change("padded", [&](Octets padded) {
        meeting.hold_bobs = true;
        return padded;
    });
    meeting.settle();
    BOOST_TEST(meeting.bob.session.has_value());
    BOOST_TEST(meeting.best_suite() == 1);
    meeting.hold_bobs = false;
    meeting.settle();
    BOOST_TEST(meeting.best_suite() == 2);
}

BOOST_AUTO_TEST_CASE(is_all_that_is_offered_and_answered_later) {
    for (const bool alice_begins : {true, false}) {
        BOOST_TEST_CONTEXT(alice_begins) {
            Hybrid meeting;
            meeting.befriend(true);
            meeting.bob_comes_back();
            meeting.bob.suites = u8(1);
            if (alice_begins) {
                meeting.pass(seconds(10));
            } else {
                meeting.bob.start_handshake();
                meeting.settle();
            }
            BOOST_TEST(!meeting.bob.session.has_value());
            BOOST_TEST((meeting.state() != ChatState::open));
            BOOST_TEST(meeting.best_suite() == 2);
        }
    }
}

BOOST_AUTO_TEST_CASE(can_not_be_undercut_by_a_step_2_that_chooses_what_was_not_offered) {
    Hybrid meeting;
    meeting.befriend(true);
    meeting.bob_comes_back();
    meeting.change("T2", [](Octets t2) {
        t2[kSuiteOfStep2] = '\1';
        return with_kem(t2, 1'088, "");
    });
    meeting.pass(seconds(10));  // Alice begins, with suite 2 alone
    BOOST_TEST(!meeting.bob.session.has_value());
    BOOST_TEST((meeting.state() != ChatState::open));
}

BOOST_AUTO_TEST_CASE(is_refused_with_a_kem_key_or_ciphertext_of_another_length) {
    for (const std::size_t size : {0U, 1'087U, 1'183U, 1'185U}) {
        BOOST_TEST_CONTEXT(size) {
            Hybrid meeting;
            meeting.change(
                "T1", [&](const Octets& t1) { return with_kem(t1, 1'184, Octets(size, 'k')); });
            meeting.bob.ask("alice");
            meeting.settle();
            meeting.tell(command::AcceptRequest{ChatKey::with("bob")});
            BOOST_TEST(!meeting.bob.session.has_value());

            Hybrid other;
            other.change("T2",
                         [&](const Octets& t2) { return with_kem(t2, 1'088, Octets(size, 'k')); });
            other.tell(command::RequestChat{ChatKey::with("bob")});
            other.bob.answer(true);
            other.settle();
            BOOST_TEST(!other.bob.session.has_value());
        }
    }
}

BOOST_AUTO_TEST_CASE(is_bound_to_the_ciphertext_that_was_sent) {
    Hybrid meeting;
    meeting.change("T2", [](Octets t2) {
        t2.back() = static_cast<char>(t2.back() ^ 1);
        return t2;
    });
    meeting.tell(command::RequestChat{ChatKey::with("bob")});
    meeting.bob.answer(true);
    meeting.settle();
    BOOST_TEST(!meeting.bob.session.has_value());
}

BOOST_AUTO_TEST_CASE(loses_the_session_in_a_rekey_without_its_kem_key) {
    Hybrid meeting;
    meeting.befriend(false);
    const Octets ephemeral = sotto::stranger::x25519().pub;
    const Octets terms = meeting.bob.session->sid + sotto::stranger::u32(1) + ephemeral + lp("");
    meeting.bob.send(u8(0x10) + ephemeral + lp("") + meeting.bob.sign("sotto/1 rekey", terms));
    meeting.settle();
    BOOST_TEST((meeting.state() == ChatState::broken));
}

BOOST_AUTO_TEST_SUITE_END()
