// What becomes of what somebody has typed or pasted: nothing of it is lost without a word.
#include "test/tui/desk.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto;
using test::Desk;
namespace command = client::command;
namespace event = client::event;

const event::Refused kNoChat{client::CommandKind::send_text, client::RefusalCode::no_chat,
                             client::SafeText::own("there is no chat with bob; /chat bob asks")};

event::MessageAdded own_message(const std::string& user, const std::string& id) {
    event::MessageAdded message;
    message.chat = client::ChatKey::with(user);
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
    desk.answer(client::CommandKind::send_text, kNoChat);
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
    desk.answer(client::CommandKind::send_text, kNoChat);
    BOOST_TEST(desk.state().input.text() == "next");
    desk.press("C-c");
    desk.type_line("for bob");
    desk.press("M-1");
    desk.answer(client::CommandKind::send_text, kNoChat);
    BOOST_TEST(desk.state().input.text().empty());
    desk.press("M-2");
    BOOST_TEST(desk.state().input.text() == "for bob");
}

BOOST_AUTO_TEST_CASE(what_was_taken_once_does_not_come_back_with_a_later_refusal) {
    Desk desk;
    desk.open_chat("bob");
    desk.type_line("taken");
    desk.answer(client::CommandKind::send_text, own_message("bob", "m1"));
    desk.tell(kNoChat);
    BOOST_TEST(desk.state().input.text().empty());
}

BOOST_AUTO_TEST_CASE(of_two_texts_the_one_that_is_refused_goes_back) {
    Desk desk;
    desk.open_chat("bob");
    desk.type_line("first");
    const client::CommandId first = desk.commands().back().id;
    desk.type_line("second");
    desk.answer(client::CommandKind::send_text, own_message("bob", "m2"));
    desk.tell(client::Event(kNoChat, first));
    BOOST_TEST(desk.state().input.text() == "first");
}

BOOST_AUTO_TEST_CASE(a_text_is_sent_to_another_chat_from_the_one_that_is_shown) {
    Desk desk;
    desk.open_chat("anna");
    desk.open_chat("bob");
    desk.type_line("/msg anna  see you at  nine");
    const auto sent = desk.commands_of<command::SendText>();
    BOOST_REQUIRE(sent.size() == 1U);
    BOOST_TEST(sent[0].chat.name() == "anna");
    BOOST_TEST(sent[0].text == "see you at  nine");
    desk.answer(client::CommandKind::send_text, own_message("anna", "m1"));
    BOOST_TEST(desk.state().chat().user == "bob");
    BOOST_TEST(desk.state().hint == "sent to the chat with anna");
}

BOOST_AUTO_TEST_CASE(a_text_to_another_chat_that_is_refused_goes_back_where_it_was_typed) {
    Desk desk;
    desk.type_line("/msg anna see you");
    desk.answer(client::CommandKind::send_text, kNoChat);
    BOOST_TEST(desk.state().input.text() == "/msg anna see you");
    desk.press("C-c");
    desk.open_chat("anna");
    desk.open_chat("bob");
    desk.type_line("/msg anna see you");
    desk.press("M-1");
    desk.answer(client::CommandKind::send_text, kNoChat);
    BOOST_TEST(desk.state().input.text().empty());
    desk.press("M-2");
    BOOST_TEST(desk.state().input.text() == "/msg anna see you");
}

BOOST_AUTO_TEST_CASE(a_refused_command_is_named_and_a_refused_text_is_not) {
    Desk desk;
    desk.tell(event::Refused{client::CommandKind::request_chat, client::RefusalCode::bad_name,
                             client::SafeText::own("that is you")});
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
    desk.tell(
        event::DeliveryChanged{client::ChatKey::with("alice"), "m1", client::Delivery::delivered});
    desk.type_line("/quit");
    BOOST_TEST(desk.commands_of<command::Quit>().size() == 1U);
    BOOST_TEST(desk.model.exit_status() == 0);
}

BOOST_AUTO_TEST_CASE(a_command_typed_over_a_page_closes_it_and_is_run) {
    Desk desk;
    desk.open_chat("alice");
    desk.press("F2");
    desk.type("?");
    BOOST_REQUIRE(std::holds_alternative<tui::Page>(desk.state().overlay));
    desk.type_line("/quit");
    BOOST_TEST(std::holds_alternative<std::monostate>(desk.state().overlay));
    BOOST_TEST(desk.commands_of<command::Quit>().size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_text_in_the_line_does_not_become_a_part_of_a_command_typed_over_a_page) {
    Desk desk;
    desk.open_chat("alice");
    desk.type("good mor");
    desk.press("F1");
    desk.type("/");
    BOOST_TEST(std::holds_alternative<tui::Page>(desk.state().overlay));
    BOOST_TEST(desk.shows("something is being typed"), desk.screen());
    BOOST_TEST(desk.state().input.text() == "good mor");
}

BOOST_AUTO_TEST_CASE(a_page_that_comes_over_a_filter_leaves_it_to_who_types_it) {
    Desk desk;
    desk.press("F2");
    desk.type("/bo");
    desk.tell(event::BlockedUsers{});
    BOOST_REQUIRE(std::holds_alternative<tui::Page>(desk.state().overlay));
    desk.type("/");
    BOOST_TEST(std::holds_alternative<tui::Page>(desk.state().overlay));
    desk.press("Esc");
    BOOST_REQUIRE(desk.state().prompt);
    BOOST_TEST(desk.state().prompt->line.text() == "bo");
    BOOST_TEST(desk.state().input.text().empty());
}

BOOST_AUTO_TEST_CASE(a_paste_longer_than_a_message_is_refused_at_once_with_its_size) {
    Desk desk({24, 120});
    desk.open_chat("bob");
    desk.paste(std::string(17'000, 'x') + "\nand more");
    BOOST_TEST(std::holds_alternative<std::monostate>(desk.state().overlay));
    BOOST_TEST(desk.shows("that paste is too long and was left out: 17,009 bytes"), desk.screen());
    BOOST_TEST(desk.shows("16,384"));
    BOOST_TEST(desk.state().input.text().empty());
    desk.model.on_input(tui::Paste{std::string(65'536, 'x'), true}, desk.wall_ms);
    BOOST_TEST(desk.shows("more than 65,536 bytes"), desk.screen());
}

BOOST_AUTO_TEST_CASE(what_is_in_the_line_counts_against_a_paste) {
    Desk desk({24, 120});
    desk.open_chat("bob");
    desk.paste(std::string(10'000, 'x'));
    desk.paste(std::string(10'000, 'y') + "\nz");
    BOOST_TEST(std::holds_alternative<std::monostate>(desk.state().overlay));
    BOOST_TEST(desk.state().input.text() == std::string(10'000, 'x'));
}

BOOST_AUTO_TEST_CASE(a_paste_of_16_kib_is_one_message) {
    Desk desk;
    desk.open_chat("bob");
    desk.paste(std::string(16'384, 'x'));
    desk.press("Enter");
    BOOST_TEST(desk.commands_of<command::SendText>().at(0).text.size() == 16'384U);
}

BOOST_AUTO_TEST_CASE(the_question_about_a_paste_is_seen_whatever_its_lines_hold) {
    Desk desk;
    desk.open_chat("bob");
    std::string text;
    for (int i = 0; i < 40; ++i) {
        text += std::string(300, 'a') + "\n";
    }
    desk.paste(text);
    BOOST_TEST(desk.shows("in 40 lines, as one message"));
    BOOST_TEST(desk.shows("Put it into the line?"), desk.screen());
}

BOOST_AUTO_TEST_CASE(a_full_line_says_so_without_filling_the_log) {
    Desk desk;
    desk.open_chat("bob");
    desk.paste(std::string(16'384, 'x'));
    const auto before = desk.state().chat().log.end();
    desk.type("yyy");
    BOOST_TEST(desk.shows("a message holds at most 16,384 bytes"));
    BOOST_TEST(desk.state().chat().log.end() == before);
    desk.press("Backspace");
    BOOST_TEST(!desk.shows("a message holds at most"));
}

BOOST_AUTO_TEST_CASE(control_c_says_how_to_leave_without_filling_the_log) {
    Desk desk;
    desk.open_chat("bob");
    const auto before = desk.state().chat().log.end();
    desk.press("C-c C-c C-c");
    BOOST_TEST(desk.shows("/quit leaves"));
    BOOST_TEST(desk.state().chat().log.end() == before);
}

BOOST_AUTO_TEST_CASE(enter_on_an_empty_line_says_that_all_was_read) {
    Desk desk;
    desk.open_chat("bob", client::Trust::unverified, false);
    desk.hear("bob", "one");
    desk.press("C-n");
    desk.hear("bob", "two");
    BOOST_TEST(desk.shows("[1:bob(2)]"));
    desk.press("Enter");
    BOOST_TEST(desk.shows("[1:bob]"));
    BOOST_TEST(desk.commands().empty());
}

BOOST_AUTO_TEST_CASE(tab_offers_everybody_but_oneself) {
    Desk desk;
    desk.tell(event::Registered{"bo", "1111"});
    desk.online({"bo", "bob"});
    desk.type("/chat b");
    desk.press("Tab");
    BOOST_TEST(desk.state().input.text() == "/chat bob ");
}

BOOST_AUTO_TEST_CASE(the_first_tab_shows_what_there_is_to_choose_from) {
    Desk desk;
    desk.online({"bob", "bobby"});
    desk.type("/chat b");
    desk.press("Tab");
    BOOST_TEST(desk.shows("bob bobby"));
    desk.press("Tab Tab");
    BOOST_TEST(desk.state().input.text() == "/chat bobby");
    desk.press("S-Tab");
    BOOST_TEST(desk.state().input.text() == "/chat bob");
    desk.press("S-Tab");
    BOOST_TEST(desk.state().input.text() == "/chat bobby");
    desk.type("!");
    BOOST_TEST(!desk.shows("bob bobby"));
}

BOOST_AUTO_TEST_CASE(tab_knows_other_names_of_commands_and_completes_them_after_help) {
    Desk desk;
    desk.type("/recon");
    desk.press("Tab");
    BOOST_TEST(desk.state().input.text() == "/reconnect ");
    desk.press("C-c");
    desk.type("/help unbl");
    desk.press("Tab");
    BOOST_TEST(desk.state().input.text() == "/help unblock ");
}

BOOST_AUTO_TEST_CASE(a_chat_with_messages_under_way_is_put_away_only_with_them) {
    Desk desk;
    desk.open_chat("alice");
    desk.tell(own_message("alice", "m1"));
    desk.tell(event::ChatChanged{
        client::ChatKey::with("alice"), client::ChatState::ended, {}, 0, 0, {}, 0});
    desk.type_line("/close");
    BOOST_TEST(desk.shows("1 message to alice is not delivered."));
    desk.press("n");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.state().chat().user == "alice");
    desk.type_line("/close");
    desk.press("y");
    BOOST_TEST(desk.commands_of<command::DiscardUnsent>().at(0).chat.name() == "alice");
    BOOST_TEST(desk.state().chats.find("alice") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_chat_that_comes_back_while_closing_is_asked_about_loses_nothing) {
    Desk desk;
    desk.open_chat("alice");
    desk.tell(own_message("alice", "m1"));
    desk.tell(event::ChatChanged{
        client::ChatKey::with("alice"), client::ChatState::ended, {}, 0, 0, {}, 0});
    desk.type_line("/close");
    desk.open_chat("alice", client::Trust::unverified, false);
    desk.press("y");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.state().chat().user == "alice");
}

BOOST_AUTO_TEST_CASE(clearing_leaves_what_is_not_delivered) {
    Desk desk;
    desk.open_chat("alice");
    desk.tell(own_message("alice", "m1"));
    desk.hear("alice", "their words");
    desk.type_line("/clear");
    BOOST_TEST(!desk.shows("their words"));
    BOOST_TEST(desk.shows("my words"));
    desk.tell(
        event::DeliveryChanged{client::ChatKey::with("alice"), "m1", client::Delivery::delivered});
    desk.type_line("/clear");
    BOOST_TEST(!desk.shows("my words"));
}

BOOST_AUTO_TEST_SUITE_END()
