// The client core and a peer that follows sotto-protocol(7) with exactly one lie. What it says
// wrongly is self-consistent: signed, hashed and encrypted as if it were right, and its own side
// goes on as if nothing were. So the one check that is meant must notice, for no other will.
#include "net/wire/base64.h"
#include "test/client/meeting.h"
#include "tui/client/contact_book.h"
#include "tui/client/memory_store.h"

#include <algorithm>

using namespace sotto::test;
namespace wire = sotto::wire;
using sotto::stranger::b64;
using sotto::stranger::lp;
using sotto::stranger::Octets;
using sotto::stranger::u32;
using sotto::stranger::u64;
using sotto::stranger::u8;

namespace {

/// Where the fields of T1 and T2 stand while the names are bob and alice.
constexpr std::size_t kDomain = 4 + 19;
constexpr std::size_t kSuiteOfStep2 = kDomain + 32;

const Octets kAnotherKey = sotto::stranger::ed25519(77).pub;

Octets replaced(Octets in, const Octets& what, const Octets& with) {
    const auto at = in.find(what);
    BOOST_REQUIRE(at != Octets::npos);
    return in.replace(at, what.size(), with);
}

struct Liar : Meeting {
    /// Alice's key, for lies about it.
    [[nodiscard]] Octets alices_key() const { return bob.peer->key; }

    void change(const Octets& what, std::function<Octets(Octets)> how) {
        bob.lies.change = [what, how = std::move(how)](const Octets& told, Octets truth) {
            return told == what ? how(std::move(truth)) : truth;
        };
    }
    void stop_lying() { bob.lies = {}; }

    /// Bob asks and Alice accepts, or the other way round; whoever asked sends step 1.
    void agree_to_talk(bool alice_asks) {
        if (alice_asks) {
            tell(command::RequestChat{ChatKey::with("bob")});
            BOOST_REQUIRE(bob.theirs.has_value());
            bob.answer(true);
        } else {
            bob.ask("alice");
            settle();
            tell(command::AcceptRequest{ChatKey::with("bob")});
        }
        settle();
    }
    [[nodiscard]] bool ever_open() const {
        return std::any_of(events.begin(), events.end(), [](const sotto::client::Event& event) {
            const auto* chat = std::get_if<event::ChatChanged>(&event.what);
            return chat != nullptr && chat->state == ChatState::open;
        });
    }
    /// Nothing came of the handshake, and without the lie another one works.
    void check_handshake_refused() {
        BOOST_TEST(!ever_open());
        BOOST_TEST(texts.empty());
        stop_lying();
        bob.suites = u8(1);
        bob.session.reset();
        pass(seconds(2));
        BOOST_TEST(!ever_open());
        pass(seconds(60));  // whoever is to begin anew does
        BOOST_TEST((state() == ChatState::open));
    }
    void check_broken() { BOOST_TEST((state() == ChatState::broken)); }
    void check_still_open() {
        BOOST_TEST((state() == ChatState::open));
        stop_lying();
        check_talk("still here");
    }
    template <class T>
    [[nodiscard]] bool any() const {
        return std::any_of(events.begin(), events.end(), [](const sotto::client::Event& event) {
            return std::holds_alternative<T>(event.what);
        });
    }
};

/// One lie of step 1 or 2, each in a meeting of its own.
struct Lie {
    const char* is;
    std::function<Octets(Octets, const Liar&)> how;
};

Octets another_name(Octets transcript, const Octets& name, const Octets& another) {
    return replaced(std::move(transcript), lp(name), lp(another));
}

const std::vector<Lie> kLiesOfBothSteps{
    {"in another domain",
     [](Octets t, const Liar&) {
         t[kDomain - 1] = '9';
         return t;
     }},
    {"a byte too many", [](const Octets& t, const Liar&) { return t + "x"; }},
    {"another name for itself",
     [](Octets t, const Liar&) { return another_name(std::move(t), "bob", "rob"); }},
    {"another key for itself",
     [](Octets t, const Liar& liar) {
         return replaced(std::move(t), liar.bob.identity.pub, kAnotherKey);
     }},
    {"another name for Alice",
     [](Octets t, const Liar&) { return another_name(std::move(t), "alice", "elise"); }},
    {"another key for Alice",
     [](Octets t, const Liar& liar) {
         return replaced(std::move(t), liar.alices_key(), kAnotherKey);
     }},
    {"a KEM part that its suite has no use for",
     [](Octets t, const Liar&) {
         return t.substr(0, t.size() - 4) + lp(Octets(t[17] == '1' ? 1'184 : 1'088, 'k'));
     }},
};

const Octets kHandshake1 = "sotto/1 handshake 1";
const Octets kHandshake2 = "sotto/1 handshake 2";
const Octets kHandshake3 = "sotto/1 handshake 3";

}  // namespace

BOOST_AUTO_TEST_SUITE(a_peer_with_one_lie)

// --- section 4 --------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(that_signs_its_request_with_another_key_is_not_shown) {
    Liar meeting;
    meeting.bob.lies.forged = {"sotto/1 chat_request"};
    meeting.bob.ask("alice");
    meeting.settle();
    BOOST_TEST(!meeting.any<event::RequestArrived>());
}

BOOST_AUTO_TEST_CASE(that_signs_a_request_to_somebody_else_is_not_shown) {
    for (const bool name : {true, false}) {
        Liar meeting;
        meeting.change("T_req", [&](const Octets& terms) {
            return name ? another_name(terms, "alice", "elise")
                        : replaced(terms, meeting.alices_key(), kAnotherKey);
        });
        meeting.bob.ask("alice");
        meeting.settle();
        BOOST_TEST(!meeting.any<event::RequestArrived>());
    }
}

BOOST_AUTO_TEST_CASE(that_names_somebody_else_on_the_envelope_of_its_request_is_not_shown) {
    Liar meeting;
    meeting.change("T_req", [&](Octets terms) {
        meeting.hold_bobs = true;  // what he sends goes through our hands
        return terms;
    });
    meeting.bob.ask("alice");
    meeting.settle();
    BOOST_REQUIRE(meeting.bob.out.size() == 1U);
    const std::string request = meeting.bob.out.front();
    meeting.to_alice(replaced(request, R"("to":"alice")", R"("to":"carol")"));
    BOOST_TEST(!meeting.any<event::RequestArrived>());
    meeting.to_alice(request);
    BOOST_TEST(meeting.any<event::RequestArrived>());
}

BOOST_AUTO_TEST_CASE(that_signs_its_accept_with_another_key_has_not_accepted) {
    Liar meeting;
    meeting.bob.lies.forged = {"sotto/1 chat_response"};
    meeting.agree_to_talk(true);
    BOOST_TEST((meeting.state() == ChatState::requested));
    BOOST_TEST(!meeting.bob.session.has_value());
}

BOOST_AUTO_TEST_CASE(that_signs_its_decline_with_another_key_has_not_declined) {
    Liar meeting;
    meeting.tell(command::RequestChat{ChatKey::with("bob")});
    meeting.bob.lies.forged = {"sotto/1 chat_response"};
    meeting.bob.answer(false);
    meeting.settle();
    BOOST_TEST((meeting.state() == ChatState::requested));
}

BOOST_AUTO_TEST_CASE(that_answers_a_request_in_another_chat_has_not_answered) {
    Liar meeting;
    meeting.tell(command::RequestChat{ChatKey::with("bob")});
    // What it signs is right; only the envelope names another chat.
    const Octets right = b64(meeting.bob.theirs->chat);
    meeting.hold_bobs = true;
    meeting.bob.answer(true);
    meeting.bob.out.back() = replaced(meeting.bob.out.back(), right, b64(Octets(16, 'c')));
    meeting.hold_bobs = false;
    meeting.settle();
    BOOST_TEST((meeting.state() == ChatState::requested));
}

BOOST_AUTO_TEST_CASE(that_signs_an_end_with_another_key_ends_nothing) {
    Liar meeting;
    meeting.befriend(true);
    meeting.bob.lies.forged = {"sotto/1 chat_terminate"};
    const auto consent = *meeting.bob.consent;
    meeting.bob.terminate(consent.chat, u8(2) + meeting.bob.sign("sotto/1 chat_terminate",
                                                                 consent.chat + consent.request));
    meeting.settle();
    meeting.check_still_open();
}

BOOST_AUTO_TEST_CASE(that_signs_an_end_of_another_request_or_chat_ends_nothing) {
    Liar meeting;
    meeting.befriend(true);
    const auto consent = *meeting.bob.consent;
    const Octets another(16, 'c');
    for (const auto& [chat, terms] : {std::pair(consent.chat, consent.chat + Octets(32, 'r')),
                                      std::pair(consent.chat, another + consent.request),
                                      std::pair(another, another + consent.request)}) {
        meeting.bob.terminate(chat, u8(2) + meeting.bob.sign("sotto/1 chat_terminate", terms));
        meeting.settle();
        BOOST_TEST((meeting.state() == ChatState::open));
    }
    meeting.check_still_open();
}

BOOST_AUTO_TEST_CASE(that_seals_an_end_for_this_chat_into_another_ends_nothing) {
    Liar meeting;
    meeting.befriend(true);
    const auto counts = u64(meeting.bob.session->sent) + u64(meeting.bob.session->received);
    const Octets record = meeting.bob.seal(u8(0x1f) + counts + u8(0), "chat_terminate");
    meeting.bob.terminate(Octets(16, 'c'), u8(1) + record);
    meeting.settle();
    BOOST_TEST((meeting.state() == ChatState::open));
}

BOOST_AUTO_TEST_CASE(that_signs_with_another_key_that_it_knows_no_consent_is_not_believed) {
    Liar meeting;
    meeting.befriend(true);
    meeting.cut_bob();
    meeting.pass(seconds(6));
    meeting.bob.forget_consent();
    meeting.bob.lies.forged = {"sotto/1 no consent"};
    meeting.connect_bob();
    meeting.pass(seconds(20));  // Alice begins anew and is answered with the lie
    BOOST_TEST((meeting.state() != ChatState::ended));
}

BOOST_AUTO_TEST_CASE(that_says_of_no_step_or_of_another_that_it_knows_no_consent_is_not_believed) {
    Liar meeting;
    meeting.befriend(true);
    meeting.bob.terminate(meeting.bob.consent->chat,
                          u8(3) + meeting.bob.sign("sotto/1 no consent", Octets(32, 's')));
    meeting.settle();
    meeting.check_still_open();
}

// --- section 5 --------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(that_signs_step_1_with_another_key_gets_no_step_2) {
    Liar meeting;
    meeting.bob.lies.forged = {kHandshake1};
    meeting.agree_to_talk(false);
    meeting.check_handshake_refused();
}

BOOST_AUTO_TEST_CASE(that_signs_step_2_with_another_key_gets_no_step_3) {
    Liar meeting;
    meeting.bob.lies.forged = {kHandshake2};
    meeting.agree_to_talk(true);
    BOOST_TEST(!meeting.bob.session.has_value());
    meeting.check_handshake_refused();
}

BOOST_AUTO_TEST_CASE(that_signs_step_3_with_another_key_gets_no_session) {
    Liar meeting;
    meeting.bob.lies.forged = {kHandshake3};
    meeting.agree_to_talk(false);
    meeting.check_handshake_refused();
}

BOOST_AUTO_TEST_CASE(that_proves_in_step_2_other_keys_than_the_agreed_gets_no_step_3) {
    Liar meeting;
    meeting.change("tag_B", [](const Octets&) { return Octets(16, 't'); });
    meeting.agree_to_talk(true);
    BOOST_TEST(!meeting.bob.session.has_value());
    meeting.check_handshake_refused();
}

BOOST_AUTO_TEST_CASE(in_step_1_is_not_answered) {
    for (const Lie& lie : kLiesOfBothSteps) {
        BOOST_TEST_CONTEXT(lie.is) {
            Liar meeting;
            meeting.change("T1", [&](Octets t1) { return lie.how(std::move(t1), meeting); });
            meeting.agree_to_talk(false);
            BOOST_TEST(!meeting.bob.session.has_value());
            meeting.check_handshake_refused();
        }
    }
}

BOOST_AUTO_TEST_CASE(in_step_2_gets_no_step_3) {
    std::vector<Lie> lies = kLiesOfBothSteps;
    lies.push_back({"an answer to another step 1", [](Octets t, const Liar&) {
                        t[kDomain] = static_cast<char>(t[kDomain] ^ 1);
                        return t;
                    }});
    lies.push_back({"a suite that was not offered", [](Octets t, const Liar&) {
                        t[kSuiteOfStep2] = '\7';
                        return t;
                    }});
    for (const Lie& lie : lies) {
        BOOST_TEST_CONTEXT(lie.is) {
            Liar meeting;
            meeting.change("T2", [&](Octets t2) { return lie.how(std::move(t2), meeting); });
            meeting.agree_to_talk(true);
            BOOST_TEST(!meeting.bob.session.has_value());
            meeting.check_handshake_refused();
        }
    }
}

BOOST_AUTO_TEST_CASE(that_offers_suites_in_no_order_or_twice_or_too_many_is_not_answered) {
    Octets nine;
    for (std::uint8_t suite = 12; suite > 4; --suite) {
        nine += u8(suite);
    }
    for (const Octets& suites : {u8(1) + u8(9), u8(1) + u8(1), nine + u8(1)}) {
        BOOST_TEST_CONTEXT(suites.size()) {
            Liar meeting;
            meeting.bob.suites = suites;
            meeting.agree_to_talk(false);
            BOOST_TEST(!meeting.bob.session.has_value());
            meeting.check_handshake_refused();
        }
    }
}

BOOST_AUTO_TEST_CASE(that_sends_a_small_order_ephemeral_gets_no_session) {
    for (const bool alice_asks : {true, false}) {
        BOOST_TEST_CONTEXT(alice_asks) {
            Liar meeting;
            meeting.bob.lies.small_order = true;
            meeting.agree_to_talk(alice_asks);
            BOOST_TEST(!meeting.bob.session.has_value());
            meeting.check_handshake_refused();
        }
    }
}

BOOST_AUTO_TEST_CASE(that_seals_more_into_step_3_than_its_signature_gets_no_session) {
    Liar meeting;
    meeting.change("s3", [](const Octets& s3) { return s3 + "x"; });
    meeting.agree_to_talk(false);
    meeting.check_handshake_refused();
}

BOOST_AUTO_TEST_CASE(that_sends_step_1_in_another_chat_than_its_consents_is_not_answered) {
    Liar meeting;
    meeting.befriend(true);
    meeting.cut_bob();
    meeting.pass(seconds(6));
    meeting.connect_bob();
    const Octets right = meeting.bob.consent->chat;
    meeting.bob.consent->chat = Octets(16, 'c');
    meeting.bob.start_handshake();
    meeting.settle();
    BOOST_TEST(!meeting.bob.session.has_value());
    BOOST_TEST((meeting.state() != ChatState::open));
    meeting.bob.consent->chat = right;
}

// --- section 6 --------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(that_sends_a_text_in_another_chat_is_not_heard) {
    Liar meeting;
    meeting.befriend(true);
    const Octets right = meeting.bob.consent->chat;
    meeting.bob.consent->chat = Octets(16, 'c');
    (void)meeting.bob.say("in another chat");
    meeting.settle();
    meeting.bob.consent->chat = right;
    BOOST_TEST(meeting.texts.empty());
}

BOOST_AUTO_TEST_CASE(that_pads_a_text_more_than_it_must_is_not_shown) {
    Liar meeting;
    meeting.befriend(true);
    meeting.change("padded", [](const Octets& padded) { return padded + Octets(256, '\0'); });
    (void)meeting.bob.say("padded");
    meeting.settle();
    BOOST_TEST(meeting.texts.empty());
    meeting.check_still_open();
}

BOOST_AUTO_TEST_CASE(that_falls_silent_after_a_text_loses_the_session) {
    Liar meeting;
    meeting.befriend(true);
    meeting.hold_bobs = true;
    meeting.tell(command::SendText{ChatKey::with("bob"), "are you there?"});
    meeting.pass(seconds(29));
    BOOST_TEST((meeting.state() == ChatState::open));
    meeting.pass(seconds(2));
    BOOST_TEST((meeting.state() != ChatState::open));
}

BOOST_AUTO_TEST_CASE(that_seals_an_end_into_a_relay_message_ends_nothing) {
    Liar meeting;
    meeting.befriend(true);
    const auto counts = u64(meeting.bob.session->sent) + u64(meeting.bob.session->received);
    meeting.bob.send(u8(0x1f) + counts + u8(0));
    meeting.settle();
    meeting.check_still_open();
}

BOOST_AUTO_TEST_CASE(that_counts_more_in_its_end_than_has_come_is_said_to_have_lost_messages) {
    for (const unsigned more : {0U, 3U}) {
        Liar meeting;
        meeting.befriend(true);
        const auto counts =
            u64(meeting.bob.session->sent + more) + u64(meeting.bob.session->received);
        const Octets end = meeting.bob.seal(u8(0x1f) + counts + u8(0), "chat_terminate");
        meeting.bob.terminate(meeting.bob.consent->chat, u8(1) + end);
        meeting.settle();
        BOOST_TEST((meeting.state() == ChatState::ended));
        BOOST_TEST(contains(meeting.last<event::ChatChanged>().why.str(), "lost") == (more != 0));
    }
}

BOOST_AUTO_TEST_CASE(that_seals_a_text_into_an_end_says_and_ends_nothing) {
    Liar meeting;
    meeting.befriend(true);
    const Octets text = u8(1) + Octets(16, 'i') + u64(meeting.bob.now_ms) + "not here";
    meeting.bob.terminate(meeting.bob.consent->chat,
                          u8(1) + meeting.bob.seal(text, "chat_terminate"));
    meeting.settle();
    BOOST_TEST(meeting.texts.empty());
    meeting.check_still_open();
}

BOOST_AUTO_TEST_CASE(that_seals_an_end_as_a_relay_message_and_sends_it_as_an_end_ends_nothing) {
    Liar meeting;
    meeting.befriend(true);
    const auto counts = u64(meeting.bob.session->sent) + u64(meeting.bob.session->received);
    meeting.bob.terminate(meeting.bob.consent->chat,
                          u8(1) + meeting.bob.seal(u8(0x1f) + counts + u8(0), "relay"));
    meeting.settle();
    BOOST_TEST((meeting.state() == ChatState::open));
}

// --- section 7 --------------------------------------------------------------------------------

BOOST_AUTO_TEST_CASE(that_signs_a_rekey_with_another_key_loses_the_session) {
    Liar meeting;
    meeting.befriend(false);
    meeting.bob.lies.forged = {"sotto/1 rekey"};
    meeting.bob.rekey();
    meeting.settle();
    meeting.check_broken();
    BOOST_TEST(meeting.bob.session->epoch == 0U);
}

BOOST_AUTO_TEST_CASE(that_signs_a_rekeyed_with_another_key_loses_the_session) {
    Liar meeting;
    meeting.befriend(true);
    meeting.bob.lies.forged = {"sotto/1 rekeyed"};
    meeting.pass(std::chrono::minutes(5));
    meeting.check_broken();
}

BOOST_AUTO_TEST_CASE(that_rekeys_from_the_wrong_side_loses_the_session) {
    Liar meeting;
    meeting.befriend(true);
    meeting.bob.rekey();
    meeting.settle();
    meeting.check_broken();
    BOOST_TEST(meeting.bob.session->epoch == 0U);
}

BOOST_AUTO_TEST_CASE(that_answers_a_rekey_that_nobody_asked_for_loses_the_session) {
    for (const bool alice_asks : {true, false}) {
        Liar meeting;
        meeting.befriend(alice_asks);
        const Octets ephemeral = sotto::stranger::x25519().pub;
        const Octets terms =
            meeting.bob.session->sid + u32(1) + Octets(32, '\0') + ephemeral + lp("") + lp("");
        meeting.bob.send(u8(0x11) + ephemeral + lp("") +
                         meeting.bob.sign("sotto/1 rekeyed", terms));
        meeting.settle();
        meeting.check_broken();
    }
}

BOOST_AUTO_TEST_CASE(that_sends_a_small_order_ephemeral_in_a_rekey_loses_the_session) {
    for (const bool alice_asks : {true, false}) {
        Liar meeting;
        meeting.befriend(alice_asks);
        meeting.bob.lies.small_order = true;
        if (alice_asks) {
            meeting.pass(std::chrono::minutes(5));
        } else {
            meeting.bob.rekey();
            meeting.settle();
        }
        meeting.check_broken();
    }
}

BOOST_AUTO_TEST_CASE(that_sends_more_than_a_rekey_loses_the_session) {
    Liar meeting;
    meeting.befriend(false);
    const Octets ephemeral = sotto::stranger::x25519().pub;
    const Octets kem(1'184, 'k');  // signed, but of no use in suite 1
    const Octets terms = meeting.bob.session->sid + u32(1) + ephemeral + lp(kem);
    meeting.bob.send(u8(0x10) + ephemeral + lp(kem) + meeting.bob.sign("sotto/1 rekey", terms));
    meeting.settle();
    meeting.check_broken();
}

BOOST_AUTO_TEST_CASE(that_sends_more_than_a_rekeyed_loses_the_session) {
    Liar meeting;
    meeting.befriend(true);
    meeting.change("kem_ct", [](const Octets&) { return Octets(1'088, 'k'); });
    meeting.pass(std::chrono::minutes(5));
    meeting.check_broken();
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(a_relay_with_one_lie)

BOOST_AUTO_TEST_CASE(about_the_key_of_a_contact_gets_no_request_to_the_other_key) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.tell(alice, command::EndChat{ChatKey::with("bob")});
    world.settle();
    const auto asked = count(alice.sent, "chat_request");
    const Puppet other("bob", 77);
    world.evil = [&](const std::string& to, std::string& text) {
        if (to == "alice" && is(text, "get_pubkey")) {
            text = replaced(text, wire::base64(bob.identity->public_key()),
                            wire::base64(other.identity().public_key()));
        }
        return true;
    };
    world.tell(alice, command::RequestChat{ChatKey::with("bob")});
    world.settle();
    BOOST_TEST(count(alice.sent, "chat_request") == asked);
    BOOST_TEST(alice.all<event::KeyChanged>().size() == 1U);
    BOOST_TEST((alice.state("bob") == ChatState::key_changed));
}

BOOST_AUTO_TEST_CASE(does_not_move_a_pin_that_is_made) {
    sotto::client::MemoryStore store;
    sotto::client::ContactBook book(store);
    const Puppet first("bob", 1);
    const Puppet other("bob", 2);
    book.pin("bob", first.identity().public_key(), sotto::base::WallTime(1));
    book.pin("bob", other.identity().public_key(), sotto::base::WallTime(2));
    BOOST_TEST((*book.usable_key("bob") == first.identity().public_key()));
    BOOST_TEST(book.find("bob")->first_seen.ms() == 1U);
    BOOST_TEST(book.pinned_to_another("bob", other.identity().public_key()));
}

BOOST_AUTO_TEST_SUITE_END()
