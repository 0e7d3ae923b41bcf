#include "test/tui/face_fixture.h"
#include "tui/faces/plain_face.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <sstream>

using namespace sotto;
using namespace sotto::test;
using client::Delivery;
using client::SafeText;
using tui::PlainFace;

namespace {

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

event::ChatChanged chat_with(const std::string& user, client::ChatState state) {
    event::ChatChanged out;
    out.chat = client::ChatKey::with(user);
    out.state = state;
    out.trust = client::Trust::unverified;
    return out;
}

/// The 12 groups of a safety number, as the face shows them.
std::vector<std::string> groups(const std::string& text) {
    std::istringstream words(text.substr(std::min(text.find(":\n  "), text.size() - 2) + 2));
    std::vector<std::string> out(12);
    for (std::string& group : out) {
        words >> group;
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plain_face)

BOOST_AUTO_TEST_CASE(two_people_ask_accept_talk_verify_and_end) {
    World world;
    Seat<PlainFace> alice(world, world.add("alice"));
    Seat<PlainFace> bob(world, world.add("bob"));
    BOOST_TEST(holds(alice.heard(), "* you are alice, fingerprint "));
    alice.type("/chat bob");
    const std::string asked = bob.heard();
    BOOST_TEST(holds(asked, "? alice asks for a chat (unknown, key "));
    BOOST_TEST(holds(asked, "/accept alice or /decline alice"));
    bob.type("/accept alice");
    BOOST_TEST(holds(alice.heard(), "* bob: secure chat, unverified\n"));
    alice.type("hello bob");
    BOOST_TEST(holds(bob.heard(), "\nalice> hello bob\n"));
    const std::string sent = alice.heard();
    BOOST_TEST(holds(sent, "you to bob> hello bob\n"));
    BOOST_TEST(holds(sent, "* delivered to bob\n"));
    bob.type("//not a command");
    BOOST_TEST(holds(alice.heard(), "bob> /not a command\n"));
    alice.type("/verify");
    bob.type("/verify alice");
    const auto mine = groups(alice.heard());
    const auto theirs = groups(bob.heard());
    std::string read_out;
    for (std::size_t i = 0; i < 12; ++i) {
        if (mine[i] == ".....") {  // asked for, and so to be heard from bob
            BOOST_TEST(theirs[i] != ".....");
            read_out += theirs[i] + " ";
        } else if (theirs[i] != ".....") {
            BOOST_TEST(mine[i] == theirs[i]);
        }
    }
    BOOST_TEST(read_out.size() == 24U);
    alice.type("/confirm bob " + read_out);
    BOOST_TEST(holds(alice.heard(), "* bob: secure chat, VERIFIED\n"));
    alice.type("/close");
    BOOST_TEST(holds(bob.heard(), "* alice: ended"));
    BOOST_TEST(alice.face.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_no_command_or_has_no_chat_is_never_sent) {
    World world;
    Seat<PlainFace> alice(world, world.add("alice"));
    (void)alice.heard();
    alice.type("/chta bob");
    BOOST_TEST(holds(alice.heard(), "! there is no command /chta; did you mean /chat?"));
    alice.type("hello?");
    BOOST_TEST(holds(alice.heard(), "! no chat is open; /chat NAME asks for one"));
}

BOOST_AUTO_TEST_CASE(no_line_of_somebody_elses_text_looks_like_one_of_ours) {
    Booth<PlainFace> booth;
    booth.tell(event::MessageAdded{
        client::ChatKey::with("eve"), "01", false, 1,
        SafeText::from("hi\n* bob: secure chat, VERIFIED\r\nbob> it is me\x1b[2J",
                       SafeText::Lines::many),
        Delivery::delivered, true});
    BOOST_TEST(booth.heard() ==
               "eve> hi\neve| * bob: secure chat, VERIFIED\neve| bob> it is me\xEF\xBF\xBD[2J\n");
}

BOOST_AUTO_TEST_CASE(a_new_relay_a_changed_relay_and_a_changed_key_are_said_in_so_many_words) {
    Booth<PlainFace> booth;
    booth.tell(event::RelayTrustNeeded{"relay.example:7443", "00ff"});
    BOOST_TEST(booth.heard() ==
               "? the relay relay.example:7443 is new to you. Its pin is\n?   00ff\n"
               "? compare it with what its operator tells you; then: /agree 00ff\n");
    booth.tell(event::RelayKeyChanged{"relay.example:7443", "00", "ff"});
    const std::string relay = booth.heard();
    BOOST_TEST(holds(relay, "! THE KEY OF THE RELAY relay.example:7443 HAS CHANGED"));
    BOOST_TEST(holds(relay, "!   pinned: 00\n!   seen:   ff\n"));
    booth.tell(event::KeyChanged{"bob", "5a34", "c0de", true});
    const std::string key = booth.heard();
    BOOST_TEST(holds(key, "! THE KEY OF bob HAS CHANGED (it was verified); nothing is sent"));
    BOOST_TEST(holds(key, "/trust bob c0de"));
}

BOOST_AUTO_TEST_CASE(a_chat_whose_epoch_alone_changed_is_not_worth_a_line) {
    Booth<PlainFace> booth;
    event::ChatChanged chat = chat_with("bob", client::ChatState::open);
    booth.tell(chat);
    BOOST_TEST(booth.heard() == "* bob: secure chat, unverified\n");
    chat.epoch = 1;
    booth.tell(chat);
    BOOST_TEST(booth.heard().empty());
}

BOOST_AUTO_TEST_CASE(help_lists_every_command_or_those_that_hold_a_word) {
    Booth<PlainFace> booth;
    booth.type("/help\n");
    const std::string all = booth.heard();
    for (const tui::CommandRow& row : tui::command_table()) {
        BOOST_TEST(holds(all, "/" + std::string(row.name) + " ") != row.full_screen, row.name);
    }
    booth.type("/help fingerprint\n");
    const std::string some = booth.heard();
    BOOST_TEST(holds(some, "/fingerprint "));
    BOOST_TEST(!holds(some, "/quit"));
    booth.type("/help FINGERPRINT\n");
    BOOST_TEST(booth.heard() == some);
    booth.type("/help xyzzy\n");
    BOOST_TEST(booth.heard() == "no command holds xyzzy\n");
}

BOOST_AUTO_TEST_CASE(requests_and_users_are_listed_until_they_are_gone) {
    Booth<PlainFace> booth;
    booth.tell(event::RequestArrived{client::ChatKey::with("bob"), "5a34 8ac2", 1,
                                     client::Trust::unknown});
    booth.tell(event::UsersChanged{true, {{"carol", true, client::Trust::verified, true}}});
    (void)booth.heard();
    booth.type("/requests\n/users\n");
    BOOST_TEST(booth.heard() == "requests:\n  bob  5a34 8ac2\n  carol online VERIFIED, blocked\n");
    booth.tell(event::RequestGone{client::ChatKey::with("bob"), SafeText::own("taken back")});
    BOOST_TEST(booth.heard() == "* the request of bob is gone: taken back\n");
    booth.type("/requests\n");
    BOOST_TEST(booth.heard() == "no requests wait\n");
}

BOOST_AUTO_TEST_CASE(the_status_is_asked_for_and_says_how_much_was_dropped) {
    Booth<PlainFace> booth;
    booth.tell(chat_with("bob", client::ChatState::open));
    (void)booth.heard();
    booth.type("/status\n");
    BOOST_TEST(booth.given<command::ShowStatus>().size() == 1U);
    BOOST_TEST(booth.heard().empty());
    booth.tell(event::Status{17});
    BOOST_TEST(booth.heard() == "  offline\n  dropped: 17\n  bob: secure chat, unverified\n");
}

BOOST_AUTO_TEST_CASE(the_wire_is_shown_only_while_it_is_wanted) {
    const event::WireSeen seen{true, "hello", SafeText::own("{}")};
    Booth<PlainFace> booth;
    booth.tell(seen);
    BOOST_TEST(booth.heard().empty());
    booth.type("/wire\n");
    booth.tell(seen);
    BOOST_TEST(booth.heard() == "showing the wire\n-> {}\n");
    Booth<PlainFace> asked(PlainFace::Options{true, false});
    asked.tell(seen);
    BOOST_TEST(asked.heard() == "-> {}\n");
}

BOOST_AUTO_TEST_CASE(a_name_may_be_left_out_where_it_is_clear_who_is_meant) {
    Booth<PlainFace> booth;
    booth.tell(
        event::RequestArrived{client::ChatKey::with("carol"), "5a34", 1, client::Trust::unknown});
    booth.type("/accept\n");
    BOOST_TEST_REQUIRE(booth.given<command::AcceptRequest>().size() == 1U);
    BOOST_TEST(booth.given<command::AcceptRequest>()[0].chat.name() == "carol");
    booth.tell(chat_with("bob", client::ChatState::open));
    booth.tell(chat_with("erin", client::ChatState::open));
    (void)booth.heard();
    booth.type("/next\n/next\n/prev\n/info\n");
    BOOST_TEST(booth.heard() == "* now to erin\n* now to bob\n* now to erin\n");
    BOOST_TEST(booth.given<command::ShowContact>()[0].user == "erin");
}

BOOST_AUTO_TEST_CASE(a_key_change_can_be_asked_for_again_until_it_is_settled) {
    Booth<PlainFace> booth;
    booth.tell(event::KeyChanged{"bob", "5a34", "c0de", false});
    (void)booth.heard();
    booth.type("/trust bob\n");
    BOOST_TEST(holds(booth.heard(), "/trust bob c0de"));
    booth.type("/trust bob c0de\n");
    BOOST_TEST_REQUIRE(booth.given<command::AcceptKeyChange>().size() == 1U);
    BOOST_TEST(booth.given<command::AcceptKeyChange>()[0].fingerprint == "c0de");
    booth.tell(chat_with("bob", client::ChatState::none));
    (void)booth.heard();
    booth.type("/trust bob\n");
    BOOST_TEST(booth.heard() == "! the key of bob has not changed\n");
}

BOOST_AUTO_TEST_CASE(a_mistyped_command_is_no_lost_text_but_a_text_without_a_chat_is) {
    Booth<PlainFace> booth;
    booth.type("/chta\n");
    BOOST_TEST(booth.face.exit_status() == 0);
    booth.type("hello?\n");
    BOOST_TEST(booth.face.exit_status() == 1);
}

BOOST_AUTO_TEST_CASE(a_line_that_is_too_long_is_dropped_whole_and_the_next_one_counts) {
    Booth<PlainFace> booth;
    booth.type(std::string(33'000, 'x'));
    booth.type("/quit\n/connect\n");
    BOOST_TEST(booth.heard() == "! that line is too long; it was dropped\n");
    BOOST_TEST(booth.given<command::Quit>().empty());
    BOOST_TEST(booth.given<command::Connect>().size() == 1U);
}

BOOST_AUTO_TEST_CASE(the_last_line_of_a_pipe_needs_no_newline) {
    Booth<PlainFace> booth;
    booth.tell(event::LinkChanged{client::Link::connected, {}, "relay.example:7443", {}});
    booth.tell(chat_with("bob", client::ChatState::open));
    booth.type("first\nlast");
    booth.end_input();
    const auto sent = booth.given<command::SendText>();
    BOOST_TEST_REQUIRE(sent.size() == 2U);
    BOOST_TEST(sent[1].text == "last");
}

BOOST_AUTO_TEST_CASE(at_the_end_of_the_input_it_leaves_once_all_was_delivered) {
    Booth<PlainFace> booth;
    booth.tell(event::LinkChanged{client::Link::connected, {}, "relay.example:7443", {}});
    booth.tell(chat_with("bob", client::ChatState::open));
    booth.tell(event::MessageAdded{
        client::ChatKey::with("bob"), "01", true, 1, {}, Delivery::waiting, true});
    booth.end_input();
    BOOST_TEST(booth.given<command::Quit>().empty());
    booth.tell(chat_with("bob", client::ChatState::broken));
    BOOST_TEST(booth.given<command::Quit>().empty());  // it comes back by itself
    booth.tell(event::DeliveryChanged{client::ChatKey::with("bob"), "01", Delivery::delivered});
    BOOST_TEST(booth.given<command::Quit>().size() == 1U);
    BOOST_TEST(booth.face.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(what_the_peer_will_not_get_makes_it_leave_with_status_1) {
    Booth<PlainFace> booth;
    booth.tell(event::LinkChanged{client::Link::connected, {}, "relay.example:7443", {}});
    booth.tell(chat_with("bob", client::ChatState::open));
    booth.tell(
        event::MessageAdded{client::ChatKey::with("bob"), "01", true, 1, {}, Delivery::sent, true});
    booth.tell(chat_with("bob", client::ChatState::ended));
    BOOST_TEST(booth.given<command::Quit>().empty());  // somebody may ask again
    booth.end_input();
    BOOST_TEST(booth.given<command::Quit>().size() == 1U);
    BOOST_TEST(booth.face.exit_status() == 1);
}

BOOST_AUTO_TEST_CASE(it_leaves_when_nobody_reads_it_any_more) {
    std::signal(SIGPIPE, SIG_IGN);
    Booth<PlainFace> booth;
    booth.out.close_reader();
    booth.tell(event::Registered{"alice", "77ab"});
    booth.tell(event::Registered{"alice", "77ab"});
    BOOST_TEST(booth.given<command::Quit>().size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
