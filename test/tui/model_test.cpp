#include "test/tui/desk.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto;
using client::Trust;
using test::Desk;
namespace command = client::command;
namespace event = client::event;

event::KeyChanged key_change(const std::string& user) {
    return {user, "aaaa bbbb cccc dddd", "eeee ffff 0000 1111", true};
}

event::SafetyNumber safety_number(const std::string& user) {
    return {
        user, "000001111122222333334444455555666667777788888999990000011111", false, {2, 4, 6, 8}};
}

event::MessageAdded own_message(const std::string& user, const std::string& id) {
    event::MessageAdded message;
    message.chat = client::ChatKey::with(user);
    message.id = id;
    message.own = true;
    message.time_ms = 1'795'529'100'000;
    message.text = client::SafeText::own("my words");
    return message;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(full_screen_model)

BOOST_AUTO_TEST_CASE(a_line_goes_to_the_chat_that_is_shown) {
    Desk desk;
    desk.open_chat("carol");
    desk.open_chat("bob");
    desk.type_line("hello");
    const auto sent = desk.commands_of<command::SendText>();
    BOOST_REQUIRE_EQUAL(sent.size(), 1U);
    BOOST_TEST(sent[0].chat.name() == "bob");
    BOOST_TEST(sent[0].text == "hello");
}

BOOST_AUTO_TEST_CASE(a_line_without_a_chat_is_not_sent_and_not_lost) {
    Desk desk;
    desk.type_line("hello");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.state().input.text() == "hello");
    BOOST_TEST(desk.shows("no chat is open"));
}

BOOST_AUTO_TEST_CASE(a_slash_that_is_no_command_is_never_sent_and_says_what_was_meant) {
    Desk desk({24, 120});
    desk.open_chat("carol");
    desk.type_line("/verfy");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.shows("did you mean /verify"));
    BOOST_TEST(desk.state().input.text() == "/verfy");
}

BOOST_AUTO_TEST_CASE(two_slashes_send_one) {
    Desk desk;
    desk.open_chat("carol");
    desk.type_line("//etc/passwd is a file");
    BOOST_TEST(desk.commands_of<command::SendText>().at(0).text == "/etc/passwd is a file");
}

BOOST_AUTO_TEST_CASE(a_request_that_arrives_takes_neither_focus_nor_selection) {
    Desk desk;
    desk.online({"anna", "bob", "zoe"});
    desk.press("F2 j");
    BOOST_TEST(desk.state().users_selection.in(desk.state().user_rows()) == "bob");
    desk.ask("aaron");
    desk.online({"aaron"});
    BOOST_TEST((desk.state().focus == tui::Focus::users));
    BOOST_TEST(desk.state().users_selection.in(desk.state().user_rows()) == "bob");
    desk.press("v");
    BOOST_TEST(desk.commands_of<command::ShowSafetyNumber>().at(0).user == "bob");
}

BOOST_AUTO_TEST_CASE(accepting_acts_on_the_request_selected_even_if_another_came_above_it) {
    Desk desk;
    desk.ask("bob");
    desk.press("F3");
    desk.ask("eve");
    desk.press("a");
    const auto accepted = desk.commands_of<command::AcceptRequest>();
    BOOST_REQUIRE_EQUAL(accepted.size(), 1U);
    BOOST_TEST(accepted[0].chat.name() == "bob");
}

BOOST_AUTO_TEST_CASE(a_key_on_a_request_that_has_gone_accepts_nobody) {
    Desk desk;
    desk.ask("bob");
    desk.ask("eve");
    desk.press("F3");
    desk.tell(
        event::RequestGone{client::ChatKey::with("bob"), client::SafeText::own("taken back")});
    desk.press("a");
    BOOST_TEST(desk.commands().empty());
}

BOOST_AUTO_TEST_CASE(enter_on_a_request_shows_details_and_answers_nothing) {
    Desk desk;
    desk.ask("bob");
    desk.press("F3 Enter");
    BOOST_TEST(desk.shows("1111 2222 3333 4444"));
    BOOST_TEST(desk.commands().empty());
}

BOOST_AUTO_TEST_CASE(accept_without_a_name_means_the_only_request) {
    Desk desk;
    desk.ask("bob");
    desk.type_line("/accept");
    BOOST_TEST(desk.commands_of<command::AcceptRequest>().at(0).chat.name() == "bob");
}

BOOST_AUTO_TEST_CASE(accept_without_a_name_among_several_requests_accepts_nobody) {
    Desk desk;
    desk.ask("bob");
    desk.ask("eve");
    desk.type_line("/accept");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.shows("usage: /accept"));
}

BOOST_AUTO_TEST_CASE(blocking_asks_first) {
    Desk desk;
    desk.online({"eve"});
    desk.press("F2 j b");
    BOOST_TEST(desk.commands().empty());
    desk.press("n");
    BOOST_TEST(desk.commands().empty());
    desk.press("b y");
    BOOST_TEST(desk.commands_of<command::Block>().at(0).user == "eve");
}

BOOST_AUTO_TEST_CASE(a_paste_of_a_command_runs_nothing) {
    Desk desk;
    desk.open_chat("carol");
    desk.paste("/quit\n");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.state().input.text() == "/quit");
}

BOOST_AUTO_TEST_CASE(a_paste_of_several_lines_asks_and_stays_one_message) {
    Desk desk;
    desk.open_chat("carol");
    desk.paste("one\r\ntwo\rthree");
    BOOST_TEST(desk.state().input.text().empty());
    BOOST_TEST(desk.shows("in 3 lines"));
    desk.press("y");
    BOOST_TEST(desk.commands().empty());
    desk.press("Enter");
    BOOST_TEST(desk.commands_of<command::SendText>().at(0).text == "one\ntwo\nthree");
}

BOOST_AUTO_TEST_CASE(a_paste_answers_no_question) {
    Desk desk;
    desk.tell(event::RelayTrustNeeded{"relay.example:7443", std::string(64, 'a')});
    desk.paste("y");
    desk.paste("y\n");
    desk.paste("yes\n");
    BOOST_TEST(desk.commands().empty());
    desk.type_line("yes");
    BOOST_TEST(desk.commands_of<command::TrustRelay>().at(0).agree);
}

BOOST_AUTO_TEST_CASE(a_pasted_command_with_lines_after_it_is_not_run_by_enter) {
    Desk desk;
    desk.open_chat("carol");
    desk.paste("/close\nx");
    desk.press("y Enter");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.shows("a command is one line"));
}

BOOST_AUTO_TEST_CASE(a_new_relay_is_shown_with_its_whole_pin_and_no_is_told_too) {
    Desk desk;
    desk.tell(event::RelayTrustNeeded{
        "relay.example:7443", "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd99"});
    BOOST_TEST(desk.shows("01234567 89abcdef 01234567 89abcdef"));
    BOOST_TEST(desk.shows("01234567 89abcdef 01234567 89abcd99"));
    desk.type_line("no");
    BOOST_TEST(!desk.commands_of<command::TrustRelay>().at(0).agree);
}

BOOST_AUTO_TEST_CASE(a_changed_key_stays_in_sight_until_it_is_settled) {
    Desk desk;
    desk.open_chat("carol", Trust::verified);
    desk.tell(key_change("carol"));
    for (int i = 0; i < 100; ++i) {
        desk.hear("carol", "distraction " + std::to_string(i));
    }
    BOOST_TEST(desk.shows("THE KEY OF carol HAS CHANGED"));
    desk.type_line("/trust");
    BOOST_TEST(desk.shows("eeee ffff 0000 1111"));
    BOOST_TEST(desk.commands().empty());
    desk.press("y");
    const auto accepted = desk.commands_of<command::AcceptKeyChange>();
    BOOST_REQUIRE_EQUAL(accepted.size(), 1U);
    BOOST_TEST(accepted[0].fingerprint == "eeee ffff 0000 1111");
}

BOOST_AUTO_TEST_CASE(the_next_activity_is_a_key_change_then_a_request_then_a_message) {
    Desk desk;
    desk.open_chat("anna", Trust::unverified, false);
    desk.open_chat("bob", Trust::unverified, false);
    desk.hear("anna", "hello");
    desk.ask("eve");
    desk.tell(key_change("bob"));
    desk.press("M-a");
    BOOST_TEST(desk.state().chat().user == "bob");
    desk.tell(event::ChatChanged{
        client::ChatKey::with("bob"), client::ChatState::none, Trust::unverified, 0, 0, {}, 0});
    desk.press("M-a");
    BOOST_TEST(desk.state().chat().user == "eve");
    desk.press("M-0");
    desk.tell(event::ChatChanged{
        client::ChatKey::with("eve"), client::ChatState::ended, Trust::unverified, 0, 0, {}, 0});
    desk.press("M-a");
    BOOST_TEST(desk.state().chat().user == "anna");
}

BOOST_AUTO_TEST_CASE(browsing_does_not_clear_unread_and_writing_does) {
    Desk desk;
    desk.open_chat("anna", Trust::unverified, false);
    desk.hear("anna", "one");
    desk.hear("anna", "two");
    BOOST_TEST(desk.shows("1:anna(2)"));
    desk.press("C-n C-p C-n");
    BOOST_TEST(desk.shows("1:anna(2)"));
    BOOST_TEST(desk.shows("--- new ---"));
    desk.type("x");
    BOOST_TEST(!desk.shows("1:anna(2)"));
}

BOOST_AUTO_TEST_CASE(what_comes_while_the_window_is_away_counts_as_unread) {
    Desk desk;
    desk.open_chat("anna");
    desk.hear("anna", "seen");
    BOOST_TEST(desk.state().chat().log.unread() == 0);
    desk.model.on_input(tui::WindowFocus{false}, desk.wall_ms);
    desk.hear("anna", "unseen");
    BOOST_TEST(desk.state().chat().log.unread() == 1);
}

BOOST_AUTO_TEST_CASE(a_message_elsewhere_rings_and_one_in_sight_does_not) {
    Desk desk;
    desk.open_chat("anna");
    static_cast<void>(desk.model.take_effects());
    desk.hear("anna", "in sight");
    BOOST_TEST(desk.model.take_effects().empty());
    desk.hear("bob", "elsewhere");
    BOOST_TEST(desk.model.take_effects().size() == 1U);
}

BOOST_AUTO_TEST_CASE(each_chat_keeps_its_draft) {
    Desk desk;
    desk.open_chat("anna");
    desk.open_chat("bob");
    desk.type("for bob");
    desk.press("M-1");
    BOOST_TEST(desk.state().input.text().empty());
    desk.type("for anna");
    desk.press("M-/");
    BOOST_TEST(desk.state().input.text() == "for bob");
    desk.press("M-1");
    BOOST_TEST(desk.state().input.text() == "for anna");
}

BOOST_AUTO_TEST_CASE(scrolling_back_stays_where_it_is_when_messages_come) {
    Desk desk;
    desk.open_chat("anna");
    for (int i = 0; i < 60; ++i) {
        desk.hear("anna", "line " + std::to_string(i));
    }
    desk.press("PgUp PgUp");
    const std::string before = desk.row(5);
    desk.hear("anna", "news");
    BOOST_TEST(desk.row(5) == before);
    BOOST_TEST(desk.shows("more below, 1 new"));
    desk.press("M-End");
    BOOST_TEST(desk.shows("news"));
}

BOOST_AUTO_TEST_CASE(the_top_of_the_log_is_where_scrolling_up_ends) {
    Desk desk;
    desk.open_chat("anna");
    for (int i = 0; i < 60; ++i) {
        desk.hear("anna", "line " + std::to_string(i));
    }
    desk.press("M-Home");
    const std::string top = desk.screen();
    desk.press("PgUp M-PgUp");
    BOOST_TEST(desk.screen() == top);
    BOOST_TEST(desk.shows("line 0"));
}

BOOST_AUTO_TEST_CASE(a_search_goes_from_hit_to_hit_and_back) {
    Desk desk;
    desk.open_chat("anna");
    for (int i = 0; i < 60; ++i) {
        desk.hear("anna", i % 20 == 0 ? "Needle " + std::to_string(i) : "hay");
    }
    desk.press("C-s");
    desk.type_line("needle");
    BOOST_TEST(desk.shows("Needle 40"));
    desk.press("n");
    BOOST_TEST(desk.shows("Needle 20"));
    desk.press("n");
    BOOST_TEST(desk.shows("Needle 0"));
    desk.press("N");
    BOOST_TEST(desk.shows("Needle 20"));
}

BOOST_AUTO_TEST_CASE(the_filter_of_a_list_narrows_it_and_escape_clears_it) {
    Desk desk;
    desk.online({"anna", "bob", "hanna"});
    desk.press("F2 /");
    desk.type("nna");
    BOOST_TEST(desk.state().user_rows().size() == 2U);
    desk.press("Enter G");
    BOOST_TEST(desk.state().users_selection.in(desk.state().user_rows()) == "hanna");
    desk.press("/ Esc");
    BOOST_TEST(desk.state().user_rows().size() == 3U);
}

BOOST_AUTO_TEST_CASE(what_a_filter_leaves_is_selected_once_it_is_kept) {
    Desk desk;
    desk.online({"anna", "bob"});
    desk.ask("erin");
    desk.press("F2 / b o Enter");
    BOOST_TEST(desk.state().users_selection.in(desk.state().user_rows()) == "bob");
    desk.press("Enter");
    BOOST_TEST(desk.commands_of<command::RequestChat>().at(0).chat.name() == "bob");
    desk.press("F3 / x Enter");
    BOOST_TEST(desk.shows("Requests (0 of 1)"));
    BOOST_TEST(desk.shows("Users (1 of 2)"));
}

BOOST_AUTO_TEST_CASE(tab_completes_commands_and_names_and_goes_round) {
    Desk desk;
    desk.online({"bob", "bobby"});
    desk.type("/unbl");
    desk.press("Tab");
    BOOST_TEST(desk.state().input.text() == "/unblock ");
    desk.type("b");
    desk.press("Tab");
    BOOST_TEST(desk.state().input.text() == "/unblock bob");
    desk.press("Tab");
    BOOST_TEST(desk.state().input.text() == "/unblock bob");
    desk.press("Tab");
    BOOST_TEST(desk.state().input.text() == "/unblock bobby");
}

BOOST_AUTO_TEST_CASE(verification_hides_what_the_person_is_to_type) {
    Desk desk;
    desk.open_chat("carol");
    desk.press("M-v");
    BOOST_TEST(desk.commands_of<command::ShowSafetyNumber>().at(0).user == "carol");
    desk.tell(safety_number("carol"));
    BOOST_TEST(desk.shows("00000  [ 2 ]  22222  [ 4 ]"));
    BOOST_TEST(!desk.shows("11111  22222"));
    desk.type("11111 33333x55555 77777");
    desk.press("Enter");
    const auto confirmed = desk.commands_of<command::ConfirmSafetyNumber>();
    BOOST_REQUIRE_EQUAL(confirmed.size(), 1U);
    BOOST_TEST(confirmed[0].digits == "11111333335555577777");
}

BOOST_AUTO_TEST_CASE(a_wrong_safety_number_is_told_where_it_was_typed) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(safety_number("carol"));
    desk.type_line("11111333335555577770");
    desk.tell(event::Refused{client::CommandKind::confirm_safety_number,
                             client::RefusalCode::wrong_digits,
                             client::SafeText::own("they differ")});
    BOOST_TEST(desk.shows("they differ"));
    BOOST_TEST(std::get<tui::Verification>(desk.state().overlay).typed.empty());
}

BOOST_AUTO_TEST_CASE(verification_closes_by_itself_when_it_is_done) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(safety_number("carol"));
    desk.open_chat("carol", Trust::verified, false);
    BOOST_TEST(std::holds_alternative<std::monostate>(desk.state().overlay));
    BOOST_TEST(desk.shows("VERIFIED"));
}

BOOST_AUTO_TEST_CASE(control_c_clears_the_line_and_never_quits) {
    Desk desk;
    desk.type("half a thought");
    desk.press("C-c C-c C-c");
    BOOST_TEST(desk.state().input.text().empty());
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.shows("/quit leaves"));
}

BOOST_AUTO_TEST_CASE(how_to_leave_is_said_for_some_seconds_and_then_the_chats_are_there_again) {
    Desk desk;
    desk.open_chat("bob");
    desk.press("C-c");
    BOOST_TEST(desk.shows("/quit leaves"));
    BOOST_TEST(!desk.shows("[1:bob]"));
    const auto next = tui::next_change(desk.state(), {desk.wall_ms, desk.monotonic});
    BOOST_TEST((next - desk.monotonic).count() <= 5'000);
    desk.wall_ms += static_cast<std::uint64_t>((next - desk.monotonic).count());
    BOOST_TEST(!desk.shows("/quit leaves"));
    BOOST_TEST(desk.shows("[1:bob]"));
}

BOOST_AUTO_TEST_CASE(delivery_is_said_in_words_until_it_is_done) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(own_message("carol", "m1"));
    BOOST_TEST(desk.shows("sending"));
    desk.tell(event::DeliveryChanged{client::ChatKey::with("carol"), "m1", client::Delivery::sent});
    BOOST_TEST(desk.shows("sent"));
    desk.tell(
        event::DeliveryChanged{client::ChatKey::with("carol"), "m1", client::Delivery::delivered});
    BOOST_TEST(desk.shows("[++]"));
}

BOOST_AUTO_TEST_CASE(closing_an_ended_chat_puts_its_page_away) {
    Desk desk;
    desk.open_chat("anna");
    desk.open_chat("bob");
    desk.type_line("/close");
    BOOST_TEST(desk.commands_of<command::EndChat>().at(0).chat.name() == "bob");
    desk.tell(event::ChatChanged{
        client::ChatKey::with("bob"), client::ChatState::ended, Trust::unverified, 0, 0, {}, 0});
    desk.type_line("/close");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.state().chats.size() == 2U);
    BOOST_TEST(desk.state().chat().user == "anna");
}

BOOST_AUTO_TEST_CASE(the_chord_goes_round_the_panes) {
    Desk desk;
    desk.press("C-x o");
    BOOST_TEST((desk.state().focus == tui::Focus::users));
    desk.press("F8");
    BOOST_TEST((desk.state().focus == tui::Focus::requests));
    desk.press("F7 F7");
    BOOST_TEST((desk.state().focus == tui::Focus::input));
    desk.press("C-x z");
    BOOST_TEST(desk.state().input.text().empty());
}

BOOST_AUTO_TEST_CASE(tries_to_come_back_do_not_fill_the_log) {
    Desk desk;
    desk.open_chat("anna");
    const auto before = desk.state().chat().log.end();
    for (int i = 0; i < 10; ++i) {
        for (const auto state : {client::ChatState::broken, client::ChatState::securing}) {
            desk.tell(event::ChatChanged{client::ChatKey::with("anna"), state, Trust::unverified, 0,
                                         0, client::SafeText::own("try " + std::to_string(i)), 0});
        }
    }
    BOOST_TEST(desk.state().chat().log.end() == before + 1);
    desk.open_chat("anna", Trust::unverified, false);
    BOOST_TEST(desk.state().chat().log.end() == before + 2);
}

BOOST_AUTO_TEST_CASE(an_answer_that_never_asked_for_a_page_does_not_open_a_chat) {
    Desk desk;
    desk.open_chat("anna");
    desk.tell(event::ChatChanged{
        client::ChatKey::with("eve"), client::ChatState::none, Trust::unknown, 0, 0, {}, 0});
    BOOST_TEST(desk.state().chats.size() == 2U);
}

BOOST_AUTO_TEST_CASE(an_esc_makes_the_next_key_one_with_meta_where_it_had_nothing_else_to_do) {
    Desk desk;
    desk.type("one two");
    desk.press("Esc b");
    desk.type("<");
    BOOST_TEST(desk.state().input.text() == "one <two");
    desk.press("F2 Esc b");  // this Esc came back to the line
    BOOST_TEST(desk.state().input.text() == "one <btwo");
    desk.press("Esc");
    desk.wall_ms += 2'000;
    desk.press("b");
    BOOST_TEST(desk.state().input.text() == "one <bbtwo");
    desk.press("Esc x");  // means nothing with Meta
    BOOST_TEST(desk.state().input.text() == "one <bbxtwo");
    desk.press("C-c Esc /");
    BOOST_TEST(desk.state().input.text() == "/");
}

BOOST_AUTO_TEST_SUITE_END()
