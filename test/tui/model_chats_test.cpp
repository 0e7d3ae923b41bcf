// Chats, requests and users as they come and go.
#include "test/tui/desk.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto;
using client::ChatState;
using client::Link;
using client::SafeText;
using client::Trust;
using test::Desk;
namespace command = client::command;
namespace event = client::event;

event::LinkChanged link(Link state, const std::string& why = "") {
    return {state, SafeText::own(why), "relay.example:7443", {}};
}

event::ChatChanged chat(const std::string& user, ChatState state, const std::string& why = "") {
    return {client::ChatKey::with(user), state, Trust::unverified, 0, 0, SafeText::own(why), 0};
}

void answered(Desk& desk, const std::string& user, const std::string& how) {
    desk.tell(event::RequestGone{client::ChatKey::with(user), SafeText::own(how)});
    desk.tell(chat(user, ChatState::none));
}

std::string selected_request(const Desk& desk) {
    return desk.state().requests_selection.in(desk.state().request_rows());
}

/// How often the log of the chat that is shown says it.
int times_said(const Desk& desk, const std::string& text) {
    int out = 0;
    const tui::ChatLog& log = desk.state().chat().log;
    for (auto at = log.begin(); at < log.end(); ++at) {
        out += log.at(at).text.str().find(text) != std::string::npos ? 1 : 0;
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chats_of_the_full_screen)

BOOST_AUTO_TEST_CASE(a_second_request_after_a_decline_is_told_like_the_first) {
    Desk desk;
    desk.ask("erin");
    desk.press("M-1");
    answered(desk, "erin", "declined");
    desk.ask("erin");
    BOOST_TEST(times_said(desk, "asks for a chat") == 2);
}

BOOST_AUTO_TEST_CASE(nobody_is_online_while_the_relay_is_away) {
    Desk desk;
    desk.online({"bob"});
    BOOST_TEST(desk.row(1).find("o bob") == 0U);
    desk.tell(link(Link::waiting, "lost"));
    BOOST_TEST(desk.row(1).find("  bob") == 0U);
    desk.tell(link(Link::connected));
    BOOST_TEST(desk.row(1).find("o bob") == 0U);
}

BOOST_AUTO_TEST_CASE(every_further_try_to_connect_is_not_news) {
    Desk desk;
    desk.tell(link(Link::connected));
    for (int i = 0; i < 10; ++i) {
        desk.tell(link(Link::waiting, "Connection refused"));
        desk.tell(link(Link::connecting));
    }
    BOOST_TEST(times_said(desk, "Connection refused") == 1);
    desk.tell(link(Link::waiting, "no such host"));
    BOOST_TEST(times_said(desk, "no such host") == 1);
    desk.tell(link(Link::connected));
    desk.tell(link(Link::waiting, "Connection refused"));
    BOOST_TEST(times_said(desk, "connected relay") == 2);
    BOOST_TEST(times_said(desk, "Connection refused") == 2);
}

BOOST_AUTO_TEST_CASE(chats_past_the_edge_of_the_status_line_leave_a_mark) {
    Desk desk;
    desk.tell(link(Link::connected));
    for (const char* name :
         {"annabelle", "bartholomew", "christopher", "dominique", "evangeline"}) {
        desk.open_chat(name, Trust::unverified, false);
    }
    desk.ask("friedrich");
    BOOST_TEST(desk.row(22).find("+2?") != std::string::npos, desk.row(22));
    BOOST_TEST(desk.row(22).find("connected") != std::string::npos);
    desk.press("M-6");
    BOOST_TEST(desk.row(22).find("[6:friedrich?]") != std::string::npos, desk.row(22));
    BOOST_TEST(desk.row(22).find("+") != std::string::npos, desk.row(22));
    BOOST_TEST(desk.row(22).find("?]") < desk.row(22).find('+'));
}

BOOST_AUTO_TEST_CASE(the_relay_is_shortened_before_the_chats_are) {
    Desk desk;
    desk.tell(event::LinkChanged{Link::connected, {}, "a-long-name-of-a-relay.example:7443", {}});
    for (const char* name : {"anna", "bob", "carol", "dave"}) {
        desk.open_chat(name, Trust::unverified, false);
    }
    BOOST_TEST(desk.row(22).find(" 1:anna 2:bob 3:carol 4:dave") == 0U);
    BOOST_TEST(desk.row(22).find("connected a-long-name") != std::string::npos, desk.row(22));
    BOOST_TEST(desk.row(22).find("14:05") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_stranger_who_was_declined_leaves_no_page_behind) {
    Desk desk;
    desk.ask("erin");
    BOOST_TEST(desk.shows("1:erin?"));
    desk.press("F3 d");
    answered(desk, "erin", "declined");
    BOOST_TEST(desk.state().chats.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_shown_or_holds_messages_stays_after_a_request) {
    Desk desk;
    desk.ask("erin");
    desk.press("M-1");
    answered(desk, "erin", "taken back");
    BOOST_TEST(desk.state().chat().user == "erin");
    desk.press("M-0");
    desk.hear("dave", "an old word");
    desk.ask("dave");
    answered(desk, "dave", "taken back");
    BOOST_TEST(desk.state().chats.size() == 3U);
}

BOOST_AUTO_TEST_CASE(an_accepted_stranger_keeps_the_page) {
    Desk desk;
    desk.ask("erin");
    desk.press("F3 a");
    constexpr auto accept = client::CommandKind::accept_request;
    desk.answer(accept,
                event::RequestGone{client::ChatKey::with("erin"), SafeText::own("accepted")});
    desk.answer(accept, chat("erin", ChatState::securing));
    BOOST_TEST(desk.state().chat().user == "erin");
    BOOST_TEST(times_said(desk, "request: accepted") == 1);
}

BOOST_AUTO_TEST_CASE(a_chat_with_a_changed_key_can_be_put_away) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(event::KeyChanged{"carol", "aaaa", "bbbb", true});
    desk.tell(chat("carol", ChatState::key_changed));
    desk.type_line("/close");
    BOOST_TEST(desk.state().chats.size() == 1U);
    desk.tell(event::KeyChanged{"carol", "aaaa", "bbbb", true});  // as with each connection
    BOOST_TEST(desk.state().chats.size() == 2U);
}

BOOST_AUTO_TEST_CASE(a_key_change_that_was_put_away_is_still_asked_about_by_trust) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(event::KeyChanged{"carol", "aaaa", "bbbb", true});
    event::ChatChanged away = chat("carol", ChatState::none);
    away.trust = Trust::key_changed;
    desk.tell(away);
    desk.type_line("/trust carol");
    BOOST_TEST(desk.shows("bbbb"), desk.screen());
    away.trust = Trust::unverified;
    desk.tell(away);
    BOOST_TEST(!(desk.state().key_change(desk.state().chat()) != nullptr));
}

BOOST_AUTO_TEST_CASE(answering_a_request_selects_the_next_one) {
    Desk desk;
    for (const char* name : {"bob", "dave", "erin"}) {
        desk.ask(name);
    }
    desk.press("F3 j");
    BOOST_TEST(selected_request(desk) == "dave");
    const auto decline = [&](const std::string& name) {
        desk.press("d");
        desk.answer(client::CommandKind::decline_request,
                    event::RequestGone{client::ChatKey::with(name), SafeText::own("declined")});
    };
    decline("dave");
    BOOST_TEST(selected_request(desk) == "erin");
    decline("erin");
    BOOST_TEST(selected_request(desk) == "bob");
}

BOOST_AUTO_TEST_CASE(the_keys_of_a_list_are_shown_from_its_own_on) {
    Desk desk;
    desk.press("F2 ?");
    BOOST_TEST(desk.row(1).find("Lists") != std::string::npos, desk.screen());
    BOOST_TEST(desk.shows("Users (F2)"));
    desk.press("Esc F1");
    BOOST_TEST(!desk.shows("Users (F2)"));
}

BOOST_AUTO_TEST_CASE(a_page_without_a_chat_says_how_to_ask_for_one) {
    Desk desk;
    desk.open_chat("bob");
    desk.tell(chat("bob", ChatState::none));
    BOOST_TEST(desk.shows("No chat with bob. /chat bob asks for one."));
}

BOOST_AUTO_TEST_CASE(a_command_without_a_chat_says_what_is_missing) {
    Desk desk;
    desk.type_line("/close");
    BOOST_TEST(desk.shows("no chat is shown; /close NAME"));
    desk.press("C-c");
    desk.type_line("/VERIFY");
    BOOST_TEST(desk.shows("no chat is shown; /verify NAME"));
}

BOOST_AUTO_TEST_CASE(the_pane_with_the_focus_is_marked_without_colours) {
    Desk desk;
    BOOST_TEST(desk.row(0).find(">") == std::string::npos);
    desk.press("F2");
    BOOST_TEST(desk.row(0).find(">Users") == 0U);
    desk.press("F4");
    BOOST_TEST(desk.row(0).find(">sotto") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_was_settled_about_a_key_is_said_once) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(event::KeyChanged{"carol", "aaaa", "bbbb", true});
    desk.tell(chat("carol", ChatState::none, "you accepted the new key"));
    desk.tell(chat("carol", ChatState::none, "you accepted the new key"));
    BOOST_TEST(times_said(desk, "you accepted") == 1);
}

BOOST_AUTO_TEST_CASE(why_a_request_failed_is_said_once) {
    Desk desk;
    desk.tell(chat("bbo", ChatState::requested));
    desk.press("M-1");
    desk.tell(chat("bbo", ChatState::none, "nobody is registered as bbo"));
    desk.tell(event::Notice{event::Notice::Level::warning, client::ChatKey::with("bbo"),
                            SafeText::own("nobody is registered as bbo")});
    BOOST_TEST(times_said(desk, "nobody is registered") == 1);
    desk.tell(event::Notice{event::Notice::Level::warning, client::ChatKey::with("bbo"),
                            SafeText::own("other news")});
    BOOST_TEST(times_said(desk, "other news") == 1);
}

BOOST_AUTO_TEST_CASE(both_keys_stand_in_a_line_of_their_own_above_the_chat) {
    const std::string old_key = "0000 1111 2222 3333 4444 5555 6666 7777";
    const std::string new_key = "8888 9999 aaaa bbbb cccc dddd eeee ffff";
    Desk desk;
    desk.open_chat("carol", Trust::verified);
    desk.tell(event::KeyChanged{"carol", old_key, new_key, true});
    BOOST_TEST(desk.shows("old " + old_key + "\n"), desk.screen());
    BOOST_TEST(desk.shows("new " + new_key + "\n"), desk.screen());
    BOOST_TEST(desk.shows("it was VERIFIED"));
}

BOOST_AUTO_TEST_CASE(the_wire_is_followed_until_one_scrolls_back) {
    Desk desk;
    desk.model.show_wire();
    const auto pass = [&](int number) {
        desk.tell(
            event::WireSeen{true, "relay", SafeText::own("number " + std::to_string(number))});
    };
    for (int i = 0; i < 50; ++i) {
        pass(i);
    }
    BOOST_TEST(desk.shows("number 49"));
    desk.press("k");
    pass(50);
    BOOST_TEST(!desk.shows("number 50"));
    desk.press("G");
    pass(51);
    BOOST_TEST(desk.shows("number 51"));
}

BOOST_AUTO_TEST_CASE(a_request_that_waits_says_how_far_its_sender_is_trusted_now) {
    Desk desk;
    desk.ask("erin");
    desk.press("M-1");
    BOOST_TEST(desk.shows("erin asks for a chat (unverified"));
    event::ChatChanged verified = chat("erin", ChatState::asked);
    verified.trust = Trust::verified;
    desk.tell(verified);
    BOOST_TEST(desk.shows("erin asks for a chat (VERIFIED"));
    desk.press("F3 Enter");
    BOOST_TEST(desk.shows("trust   VERIFIED"));
    desk.tell(chat("erin", ChatState::asked));
    BOOST_TEST(desk.shows("trust   unverified"));
}

BOOST_AUTO_TEST_CASE(who_stood_in_the_list_for_a_block_alone_leaves_it_with_that) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(event::UsersChanged{false, {{"nemo", false, Trust::unknown, true}}});
    BOOST_TEST(desk.state().client.users.count("nemo") == 1U);
    desk.type_line("/unblock nemo");
    desk.tell(event::UsersChanged{false, {{"nemo", false, Trust::unknown, false}}});
    desk.answer(client::CommandKind::unblock,
                event::Notice{event::Notice::Level::info, client::ChatKey::with("nemo"),
                              SafeText::own("nemo is not blocked any more")});
    BOOST_TEST(desk.state().client.users.count("nemo") == 0U);
    BOOST_TEST(desk.shows("nemo is not blocked any more"));  // where it was typed
}

BOOST_AUTO_TEST_SUITE_END()
