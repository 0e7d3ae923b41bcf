// The client core and a client that was written from sotto-protocol(7) alone, through the
// relay core: what the house misreads the same way everywhere shows here, and so does what
// the page leaves open.
#include "test/client/meeting.h"

using namespace sotto::test;
using sotto::stranger::has_ml_kem;
using sotto::stranger::Octets;
using sotto::stranger::u8;

namespace {

boost::test_tools::assertion_result ml_kem_is_there(boost::unit_test::test_unit_id /*id*/) {
    return has_ml_kem();
}
const auto kNeedsMlKem = boost::unit_test::precondition(ml_kem_is_there);

/// Whom the glare and the crossing favour depends on the keys: one stranger of each kind.
std::uint8_t seed_with(bool larger_key) {
    const Octets alices = [] {
        Meeting meeting;
        meeting.bob.ask("alice");
        meeting.settle();
        return meeting.bob.peer->key;
    }();
    for (std::uint8_t seed = 1; seed < 100; ++seed) {
        if ((sotto::stranger::ed25519(seed).pub > alices) == larger_key) {
            return seed;
        }
    }
    throw std::logic_error("a hundred keys on one side");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_client_written_from_the_page)

BOOST_AUTO_TEST_CASE(talks_under_either_sides_request) {
    for (const bool alice_asks : {true, false}) {
        Meeting meeting;
        meeting.befriend(alice_asks);
        BOOST_TEST(meeting.bob.session->initiator == !alice_asks);
        BOOST_TEST(meeting.last<event::ChatChanged>().suite == 1);
        for (int i = 0; i < 5; ++i) {
            meeting.check_talk("gr\xc3\xbc\xc3\x9f dich, " + std::to_string(i));
        }
    }
}

BOOST_AUTO_TEST_CASE(pads_and_unpads_texts_of_every_size_alike) {
    Meeting meeting;
    meeting.befriend(true);
    // Around each step: kind, message_id and time take 25 bytes, 0x80 one.
    for (const std::size_t size :
         {1U, 230U, 231U, 486U, 487U, 4'070U, 4'071U, 8'166U, 8'167U, 16'383U, 16'384U}) {
        const std::string words(size, 'x');
        meeting.bob.say(words);
        meeting.settle();
        BOOST_TEST((!meeting.texts.empty() && meeting.texts.back() == words), size);
        meeting.tell(command::SendText{ChatKey::with("bob"), words});
        BOOST_TEST((!meeting.bob.texts.empty() && meeting.bob.texts.back() == words), size);
    }
}

BOOST_AUTO_TEST_CASE(types_and_declines_and_takes_back) {
    Meeting meeting;
    meeting.bob.ask("alice");
    meeting.settle();
    meeting.tell(command::DeclineRequest{ChatKey::with("bob"), false});
    BOOST_TEST(meeting.bob.events == std::vector<std::string>{"declined"});
    meeting.bob.ask("alice");
    meeting.settle();
    BOOST_TEST(meeting.last<event::RequestArrived>().chat.name() == "bob");
    meeting.bob.take_back();
    meeting.settle();
    BOOST_TEST(meeting.last<event::RequestGone>().why.str() == "taken back");
    meeting.tell(command::RequestChat{ChatKey::with("bob")});
    meeting.bob.answer(false);
    meeting.settle();
    BOOST_TEST((meeting.state() == ChatState::declined));
    meeting.tell(command::RequestChat{ChatKey::with("bob")});
    meeting.tell(command::CancelRequest{ChatKey::with("bob")});
    BOOST_TEST(meeting.bob.events.back() == "terminate 0x02");
    meeting.befriend(true);
    meeting.bob.send(u8(0x03) + u8(1));
    meeting.settle();
    BOOST_TEST(meeting.last<event::PeerTyping>().on);
    meeting.tell(command::SetTyping{ChatKey::with("bob"), true});
    BOOST_TEST(meeting.bob.events.back() == "typing 1");
}

BOOST_AUTO_TEST_CASE(rekeys_from_either_side_and_goes_on) {
    for (const bool alice_asks : {true, false}) {
        Meeting meeting;
        meeting.befriend(alice_asks);
        for (std::uint64_t epoch = 1; epoch <= 3; ++epoch) {
            if (alice_asks) {
                meeting.pass(std::chrono::minutes(5));
            } else {
                meeting.bob.rekey();
                meeting.settle();
            }
            BOOST_TEST(meeting.bob.session->epoch == epoch);
            BOOST_TEST(meeting.last<event::ChatChanged>().epoch == epoch);
            meeting.check_talk("epoch " + std::to_string(epoch));
        }
    }
}

BOOST_AUTO_TEST_CASE(is_rekeyed_after_100_records_of_both_together) {
    Meeting meeting;
    meeting.befriend(true);
    // Its empty `received` was the first; each round is a text and its acknowledgement, twice.
    for (int i = 0; i < 24; ++i) {
        meeting.check_talk("round");
    }
    BOOST_TEST(meeting.bob.session->epoch == 0U);
    BOOST_TEST(meeting.bob.session->sent + meeting.bob.session->received == 97U);
    meeting.check_talk("round");
    BOOST_TEST(meeting.bob.session->epoch == 1U);
}

BOOST_AUTO_TEST_CASE(ends_and_is_ended_inside_a_session) {
    Meeting meeting;
    meeting.befriend(true);
    meeting.check_talk("hello");
    meeting.tell(command::EndChat{ChatKey::with("bob")});
    BOOST_TEST(meeting.bob.events.back() == "terminate 0x01, reason 0");
    meeting.pass(seconds(2));
    meeting.befriend(false);
    meeting.check_talk("again");
    meeting.bob.end(1);
    meeting.settle();
    BOOST_TEST((meeting.state() == ChatState::ended));
    BOOST_TEST(meeting.last<event::ChatChanged>().why.str() == "bob closed the program");
    meeting.pass(seconds(2));
    meeting.befriend(true);
    meeting.tell(command::Block{"bob"});
    BOOST_TEST(meeting.bob.events.back() == "terminate 0x01, reason 2");
}

BOOST_AUTO_TEST_CASE(comes_back_under_the_same_consent_and_gets_what_waited) {
    Meeting meeting;
    meeting.befriend(true);
    meeting.cut_bob();
    meeting.pass(seconds(6));
    BOOST_TEST((meeting.state() == ChatState::broken));
    meeting.tell(command::SendText{ChatKey::with("bob"), "are you back?"});
    meeting.connect_bob();
    meeting.bob.start_handshake();  // "afterwards whoever finds that a new session is needed"
    meeting.settle();
    meeting.pass(seconds(2));
    BOOST_TEST((meeting.state() == ChatState::open));
    BOOST_TEST(meeting.bob.texts == std::vector<Octets>{"are you back?"});
    meeting.check_talk("yes");
}

BOOST_AUTO_TEST_CASE(without_the_consent_says_so_and_hears_so) {
    Meeting meeting;
    meeting.befriend(true);
    meeting.cut_bob();
    meeting.pass(seconds(6));
    meeting.bob.forget_consent();
    meeting.connect_bob();
    meeting.pass(seconds(40));  // Alice tries again, and gets 0x03
    BOOST_TEST((meeting.state() == ChatState::ended));
    BOOST_TEST(contains(meeting.last<event::ChatChanged>().why.str(), "ask again"));

    meeting.befriend(false);
    meeting.bob.session.reset();  // he can't open how Alice ends it
    meeting.tell(command::EndChat{ChatKey::with("bob")});
    BOOST_TEST(meeting.bob.events.back() == "dropped a record");
    meeting.bob.start_handshake();
    meeting.settle();
    BOOST_TEST(meeting.bob.events.back() == "terminate 0x02");
    BOOST_TEST(!meeting.bob.consent.has_value());
}

BOOST_AUTO_TEST_CASE(settles_glare_by_the_larger_key) {
    for (const bool larger : {true, false}) {
        Meeting meeting(u8(1), seed_with(larger));
        meeting.bob.ask("alice");  // on its way as Alice asks too
        meeting.tell(command::RequestChat{ChatKey::with("bob")});
        meeting.settle();
        BOOST_TEST((meeting.state() == ChatState::open));
        BOOST_TEST(meeting.bob.session.has_value());
        meeting.check_talk("at once");
    }
}

BOOST_AUTO_TEST_CASE(settles_crossing_handshakes_by_the_larger_key) {
    for (const bool larger : {true, false}) {
        Meeting meeting(u8(1), seed_with(larger));
        meeting.befriend(true);
        meeting.cut_bob();
        meeting.pass(seconds(6));
        meeting.connect_bob();
        meeting.hold_bobs = true;
        meeting.bob.start_handshake();  // on its way as Alice's own falls due
        meeting.pass(seconds(5));
        meeting.hold_bobs = false;
        meeting.settle();
        const auto& events = meeting.bob.events;
        BOOST_TEST(std::count(events.begin(), events.end(),
                              larger ? "crossing: answered" : "crossing: mine again") == 1);
        BOOST_TEST((meeting.state() == ChatState::open));
        meeting.check_talk("in the end");
    }
}

BOOST_AUTO_TEST_CASE(sees_the_same_safety_number) {
    Meeting meeting;
    meeting.befriend(true);
    meeting.tell(command::ShowSafetyNumber{"bob"});
    const auto shown = meeting.last<event::SafetyNumber>();
    BOOST_TEST(shown.digits == meeting.bob.safety_number());
}

BOOST_AUTO_TEST_CASE(with_ml_kem_uses_suite_2, *kNeedsMlKem) {
    for (const bool alice_asks : {true, false}) {
        Meeting meeting(u8(2) + u8(1));
        meeting.befriend(alice_asks);
        BOOST_TEST(meeting.last<event::ChatChanged>().suite == 2);
        meeting.check_talk("hybrid");
        if (alice_asks) {
            meeting.pass(std::chrono::minutes(5));
        } else {
            meeting.bob.rekey();
            meeting.settle();
        }
        BOOST_TEST(meeting.bob.session->epoch == 1U);
        meeting.check_talk("rekeyed");
    }
}

BOOST_AUTO_TEST_CASE(that_offers_nothing_known_is_said_to_and_not_to_have_had_more_before) {
    Meeting meeting(u8(9) + u8(7));
    meeting.bob.ask("alice");
    meeting.settle();
    meeting.tell(command::AcceptRequest{ChatKey::with("bob")});
    const std::string why = meeting.last<event::ChatChanged>().why.str();
    BOOST_TEST(contains(why, "no suite that this program knows"), why);
    BOOST_TEST(!contains(why, "before"), why);
}

BOOST_AUTO_TEST_CASE(that_has_less_than_before_is_refused_until_the_person_says_otherwise,
                     *kNeedsMlKem) {
    Meeting meeting(u8(2) + u8(1));
    meeting.befriend(true);
    meeting.cut_bob();
    meeting.bob.suites = u8(1);  // another program, the same identity
    meeting.pass(seconds(6));
    meeting.connect_bob();
    meeting.pass(seconds(60));
    BOOST_TEST(meeting.bob.events.back() == "no common suite");  // to Alice's own tries
    BOOST_TEST(contains(meeting.last<event::ChatChanged>().why.str(), "/lower bob"));
    BOOST_TEST(contains(meeting.last<event::ChatChanged>().why.str(), "older program"));

    meeting.bob.start_handshake();
    meeting.settle();
    const auto refused = meeting.last<event::ChatChanged>();
    BOOST_TEST(contains(refused.why.str(), "bob offers less than suite 2"));
    BOOST_TEST(refused.needs_suite == 2);
    BOOST_TEST((refused.state == ChatState::broken));
    BOOST_TEST(contains(meeting.last<event::Notice>().text.str(), "/lower bob"));
    BOOST_TEST(!meeting.bob.session.has_value());

    meeting.tell(command::LowerSuite{"bob"});
    meeting.pass(seconds(40));
    BOOST_TEST((meeting.state() == ChatState::open));
    BOOST_TEST(meeting.last<event::ChatChanged>().suite == 1);
    BOOST_TEST(meeting.last<event::ChatChanged>().needs_suite == 0);
    meeting.check_talk("lowered");
}

BOOST_AUTO_TEST_SUITE_END()
