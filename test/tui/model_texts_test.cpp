// What becomes of what somebody has typed or pasted: nothing of it is lost without a word.
#include "test/tui/desk.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto;
using test::Desk;
namespace command = client::command;
namespace event = client::event;

const event::Refused kNoChat{"send",
                             client::SafeText::own("there is no chat with bob; /chat bob asks")};

event::MessageAdded own_message(const std::string& user, const std::string& id) {
    event::MessageAdded message;
    message.user = user;
    message.id = id;
    message.own = true;
    message.text = client::SafeText::own("my words");
    return message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(texts_of_the_full_screen)

BOOST_AUTO_TEST_CASE(a_message_that_is_refused_goes_back_into_the_line) {
    Desk desk;
    desk.open_chat("bob");
    desk.type_line("//a long thought");
    BOOST_TEST(desk.state().input.text().empty());
    desk.tell(kNoChat);
    BOOST_TEST(desk.state().input.text() == "//a long thought");
    BOOST_TEST(desk.shows("there is no chat with bob"));
    BOOST_TEST(!desk.shows("/send"));
    BOOST_TEST(desk.model.exit_status() == 0);  // it stands there: nothing is lost
}

BOOST_AUTO_TEST_CASE(a_message_that_is_refused_overwrites_nothing_that_is_being_typed) {
    Desk desk;
    desk.open_chat("anna");
    desk.open_chat("bob");
    desk.type_line("for bob");
    desk.type("next");
    desk.tell(kNoChat);
    BOOST_TEST(desk.state().input.text() == "next");
    desk.press("C-c");
    desk.type_line("for bob");
    desk.press("M-1");
    desk.tell(kNoChat);
    BOOST_TEST(desk.state().input.text().empty());
    desk.press("M-2");
    BOOST_TEST(desk.state().input.text() == "for bob");
}

BOOST_AUTO_TEST_CASE(what_was_taken_once_does_not_come_back_with_a_later_refusal) {
    Desk desk;
    desk.open_chat("bob");
    desk.type_line("taken");
    desk.tell(own_message("bob", "m1"));
    desk.tell(kNoChat);
    BOOST_TEST(desk.state().input.text().empty());
}

BOOST_AUTO_TEST_CASE(a_refused_command_is_named_and_a_refused_text_is_not) {
    Desk desk;
    desk.tell(event::Refused{"chat", client::SafeText::own("that is you")});
    BOOST_TEST(desk.shows("/chat: that is you"));
}

BOOST_AUTO_TEST_CASE(quitting_with_messages_under_way_says_so_and_asks) {
    Desk desk;
    desk.open_chat("alice");
    desk.tell(own_message("alice", "m1"));
    desk.type_line("/quit");
    BOOST_TEST(desk.shows("1 message to alice is not delivered."));
    BOOST_TEST(desk.shows("Leave all the same? (y/n)"));
    BOOST_TEST(desk.commands().empty());
    desk.press("n");
    BOOST_TEST(desk.commands().empty());
    desk.tell(own_message("alice", "m2"));
    desk.type_line("/quit");
    BOOST_TEST(desk.shows("2 messages to alice are not delivered."));
    desk.press("y");
    BOOST_TEST(desk.commands_of<command::Quit>().size() == 1U);
    BOOST_TEST(desk.model.exit_status() == 1);
}

BOOST_AUTO_TEST_CASE(quitting_with_everything_delivered_asks_nothing) {
    Desk desk;
    desk.open_chat("alice");
    desk.tell(own_message("alice", "m1"));
    desk.tell(event::DeliveryChanged{"alice", "m1", client::Delivery::delivered});
    desk.type_line("/quit");
    BOOST_TEST(desk.commands_of<command::Quit>().size() == 1U);
    BOOST_TEST(desk.model.exit_status() == 0);
}

BOOST_AUTO_TEST_SUITE_END()
