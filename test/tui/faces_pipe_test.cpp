// Line by line from a pipe, which can't look before it goes on, and from a terminal.
#include "test/tui/face_fixture.h"
#include "tui/faces/plain_face.h"

#include <boost/test/unit_test.hpp>

using namespace sotto;
using namespace sotto::test;
using client::ChatState;
using client::Delivery;
using client::Link;
using client::SafeText;
using tui::PlainFace;

namespace {

constexpr PlainFace::Options kPipe{false, true};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

event::ChatChanged chat(const std::string& user, ChatState state, const std::string& why = "") {
    event::ChatChanged out;
    out.chat = client::ChatKey::with(user);
    out.state = state;
    out.why = SafeText::own(why);
    return out;
}

void registered(Booth<PlainFace>& booth) {
    booth.tell(event::LinkChanged{Link::connected, {}, "relay.example:7443", {}});
    booth.tell(event::Registered{"alice", "77ab"});
}

/// Reads what there is to read, as the driver does.
void drain(Booth<PlainFace>& booth) {
    for (int i = 0; i < 64 && booth.face.input_descriptor() >= 0; ++i) {
        booth.face.on_input(booth.now);
    }
}

std::vector<std::string> texts(const Booth<PlainFace>& booth) {
    std::vector<std::string> out;
    for (const auto& one : booth.given<command::SendText>()) {
        out.push_back(one.chat.name() + ": " + one.text);
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plain_face_at_a_pipe)

BOOST_AUTO_TEST_CASE(what_is_in_the_pipe_before_the_relay_has_answered_is_not_lost) {
    Booth<PlainFace> booth(kPipe);
    booth.type("/chat bob\nhello\n");
    booth.end_input();
    booth.tell(event::LinkChanged{Link::connecting, {}, "relay.example:7443", {}});
    drain(booth);
    BOOST_TEST(booth.commands.empty());
    registered(booth);
    drain(booth);
    BOOST_TEST(booth.given<command::RequestChat>().size() == 1U);
    BOOST_TEST(texts(booth).empty());
    booth.answer(chat("bob", ChatState::requested));
    booth.tell(chat("bob", ChatState::securing));
    BOOST_TEST((texts(booth) == std::vector<std::string>{"bob: hello"}));
    booth.tell(event::MessageAdded{
        client::ChatKey::with("bob"), "01", true, 1, {}, Delivery::waiting, true});
    drain(booth);
    BOOST_TEST(booth.given<command::Quit>().empty());
    booth.tell(event::DeliveryChanged{client::ChatKey::with("bob"), "01", Delivery::delivered});
    BOOST_TEST(booth.given<command::Quit>().size() == 1U);
    BOOST_TEST(booth.face.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(an_empty_pipe_ends_it_after_the_relay_has_answered_and_not_before) {
    Booth<PlainFace> booth(kPipe);
    booth.end_input();
    BOOST_TEST(booth.given<command::Quit>().empty());
    registered(booth);
    drain(booth);
    BOOST_TEST(booth.given<command::Quit>().size() == 1U);
    BOOST_TEST(booth.face.exit_status() == 0);

    Booth<PlainFace> refused(kPipe);
    refused.end_input();
    refused.tell(event::LinkChanged{Link::refused, SafeText::own("taken"), "relay", {}});
    drain(refused);
    BOOST_TEST(refused.given<command::Quit>().size() == 1U);
    BOOST_TEST(refused.face.exit_status() == 1);
}

BOOST_AUTO_TEST_CASE(after_a_pin_was_agreed_to_the_rest_waits_for_the_relay_again) {
    Booth<PlainFace> booth(kPipe);
    booth.tell(event::LinkChanged{Link::refused, {}, "relay.example:7443", {}});
    booth.tell(event::RelayTrustNeeded{"relay.example:7443", "00ff"});
    booth.type("/agree 00ff\n/chat bob\n");
    BOOST_TEST(booth.given<command::TrustRelay>().size() == 1U);
    BOOST_TEST(booth.given<command::RequestChat>().empty());
    registered(booth);
    BOOST_TEST(booth.given<command::RequestChat>().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_command_need_not_wait_for_the_answer_to_a_request) {
    Booth<PlainFace> booth(kPipe);
    registered(booth);
    booth.type("/chat bob\n");
    booth.answer(chat("bob", ChatState::requested));
    booth.type("/cancel bob\n");
    BOOST_TEST(booth.given<command::CancelRequest>().size() == 1U);
}

BOOST_AUTO_TEST_CASE(text_from_a_pipe_for_somebody_who_is_not_there_reaches_nobody_else) {
    Booth<PlainFace> booth(kPipe);
    registered(booth);
    booth.tell(chat("bob", ChatState::open));
    booth.type("/chat carol\nfor carol alone\n");
    booth.answer(chat("carol", ChatState::requested));
    booth.tell(chat("carol", ChatState::none, "nobody is registered as carol"));
    drain(booth);
    BOOST_TEST(texts(booth).empty());
    BOOST_TEST(holds(booth.heard(), "! no chat is open"));
    BOOST_TEST(booth.face.exit_status() == 1);
    booth.type("/chat bob\nfor bob\n");
    BOOST_TEST((texts(booth) == std::vector<std::string>{"bob: for bob"}));
}

BOOST_AUTO_TEST_CASE(a_mistyped_name_at_a_terminal_leaves_one_where_one_was) {
    Booth<PlainFace> booth;
    registered(booth);
    booth.tell(chat("bob", ChatState::open));
    booth.type("/chat bbo\n");
    booth.answer(chat("bbo", ChatState::requested));
    (void)booth.heard();
    booth.tell(chat("bbo", ChatState::none, "nobody is registered as bbo"));
    booth.tell(event::Notice{event::Notice::Level::warning, client::ChatKey::with("bbo"),
                             SafeText::own("nobody is registered as bbo")});
    BOOST_TEST(booth.heard() ==
               "* bbo: no chat, unknown (nobody is registered as bbo)\n* still to bob\n");
    booth.type("hello\n/chat Bo!\n");
    booth.answer(event::Refused{client::CommandKind::request_chat, client::RefusalCode::bad_name,
                                SafeText::own("that is not a user name")});
    BOOST_TEST(holds(booth.heard(), "* still to bob\n"));
    booth.type("and again\n");
    BOOST_TEST((texts(booth) == std::vector<std::string>{"bob: hello", "bob: and again"}));
}

BOOST_AUTO_TEST_CASE(a_request_that_fails_late_moves_nobody_who_may_be_writing) {
    Booth<PlainFace> booth;
    registered(booth);
    booth.tell(chat("bob", ChatState::open));
    booth.type("/chat carol\n");
    booth.answer(chat("carol", ChatState::requested));
    booth.now += std::chrono::minutes(1);
    booth.tell(chat("carol", ChatState::none, "the connection ended; ask again"));
    booth.type("for carol alone\n");
    BOOST_TEST((texts(booth) == std::vector<std::string>{"carol: for carol alone"}));
}

BOOST_AUTO_TEST_CASE(control_c_at_a_terminal_says_how_to_leave_before_it_does) {
    Booth<PlainFace> booth;
    BOOST_TEST(booth.face.on_interrupt(booth.now));
    BOOST_TEST(holds(booth.heard(), "/quit leaves"));
    booth.type("/status\n");
    BOOST_TEST(booth.face.on_interrupt(booth.now));
    BOOST_TEST(!booth.face.on_interrupt(booth.now));
    Booth<PlainFace> pipe(kPipe);
    BOOST_TEST(!pipe.face.on_interrupt(pipe.now));
}

BOOST_AUTO_TEST_CASE(tries_to_connect_are_told_once) {
    Booth<PlainFace> booth;
    for (int i = 0; i < 3; ++i) {
        booth.tell(event::LinkChanged{Link::connecting, {}, "relay", {}});
        booth.tell(event::LinkChanged{Link::waiting, SafeText::own("refused"), "relay", {}});
    }
    BOOST_TEST(booth.heard() == "* connecting to relay\n* waiting for relay: refused\n");
}

BOOST_AUTO_TEST_CASE(one_is_not_unknown_to_oneself) {
    Booth<PlainFace> booth;
    registered(booth);
    booth.tell(event::UsersChanged{true, {{"alice", true, client::Trust::unknown, false}}});
    (void)booth.heard();
    booth.type("/users\n");
    BOOST_TEST(booth.heard() == "  alice (you)\n");
}

BOOST_AUTO_TEST_CASE(a_refused_text_is_blamed_on_no_command) {
    Booth<PlainFace> booth;
    booth.tell(event::Refused{client::CommandKind::send_text, client::RefusalCode::no_chat,
                              SafeText::own("there is no chat with bob")});
    BOOST_TEST(booth.heard() == "! there is no chat with bob\n");
}

BOOST_AUTO_TEST_SUITE_END()
