// What is asked and what is compared: no answer that somebody has not meant.
#include "test/tui/desk.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto;
using client::Link;
using client::SafeText;
using client::Trust;
using test::Desk;
namespace command = client::command;
namespace event = client::event;

const std::string kRelay = "relay.example:7443";
const std::string kPin = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcd99";

event::LinkChanged link(Link state, const std::string& why = "") {
    return {state, SafeText::own(why), kRelay, {}};
}

event::SafetyNumber safety_number(const std::string& user) {
    return {
        user, "000001111122222333334444455555666667777788888999990000011111", false, {2, 4, 6, 8}};
}

/// The relay shows a key that is not known.
void meet_relay(Desk& desk) {
    desk.tell(link(Link::refused, "the relay's key is not known yet"));
    desk.tell(event::RelayTrustNeeded{kRelay, kPin});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(questions_of_the_full_screen)

BOOST_AUTO_TEST_CASE(what_somebody_is_typing_does_not_agree_to_a_pin) {
    Desk desk;
    desk.type("hello m");
    meet_relay(desk);
    desk.type_line("y friend, yes");
    desk.type_line("y");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.shows("Trust this relay? Type yes or no:"));
    BOOST_TEST(desk.state().input.text() == "hello m");
    desk.type("yes");
    BOOST_TEST(desk.commands().empty());
    desk.press("Enter");
    BOOST_TEST(desk.commands_of<command::TrustRelay>().at(0).agree);
}

BOOST_AUTO_TEST_CASE(escape_does_not_agree_to_a_pin_either) {
    Desk desk;
    meet_relay(desk);
    desk.type("ye");
    desk.press("Esc");
    BOOST_TEST(!desk.commands_of<command::TrustRelay>().at(0).agree);
}

BOOST_AUTO_TEST_CASE(a_word_can_be_mended_before_it_answers) {
    Desk desk;
    meet_relay(desk);
    desk.type("yess");
    desk.press("Backspace");
    BOOST_TEST(desk.shows("yes or no: yes"));
    desk.press("C-u");
    desk.type_line("no");
    BOOST_TEST(!desk.commands_of<command::TrustRelay>().at(0).agree);
}

BOOST_AUTO_TEST_CASE(the_status_line_says_what_is_to_be_settled_about_the_relay) {
    Desk desk({24, 120});
    meet_relay(desk);
    BOOST_TEST(desk.row(22).find("asks for trust") != std::string::npos);
    desk.press("Esc");
    desk.answer(client::CommandKind::trust_relay,
                link(Link::refused, "the relay's key was not agreed to"));
    BOOST_TEST(desk.row(22).find("refused") != std::string::npos);
    BOOST_TEST(desk.shows("was not agreed to; /connect asks again"));
    desk.tell(link(Link::refused, "the relay's key is not the one that was pinned"));
    desk.tell(event::RelayKeyChanged{kRelay, kPin, std::string(64, 'f')});
    desk.press("Esc");
    const tui::Frame frame = desk.frame();
    const std::size_t at = frame.row_text(22).find("RELAY KEY CHANGED");
    BOOST_TEST_REQUIRE(at != std::string::npos);
    BOOST_TEST((frame.at(22, static_cast<int>(at)).style == tui::Style::alarm));
    desk.tell(link(Link::connecting));
    BOOST_TEST(desk.row(22).find("CHANGED") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(that_one_signed_in_elsewhere_is_said_in_the_status_line_and_above_the_chats) {
    Desk desk({24, 120});
    desk.open_chat("carol");
    event::LinkChanged away = link(Link::refused, "you signed in somewhere else");
    away.elsewhere = true;
    desk.tell(away);
    event::ChatChanged lost;
    lost.chat = client::ChatKey::with("carol");
    lost.state = client::ChatState::broken;
    lost.why = away.detail;
    desk.tell(lost);
    BOOST_TEST(desk.row(22).find("signed in elsewhere") != std::string::npos);
    BOOST_TEST(desk.shows("The session is lost: you signed in somewhere else. /connect"));
    BOOST_TEST(!desk.shows("comes back by itself"));
}

BOOST_AUTO_TEST_CASE(both_pages_show_a_pin_in_two_lines_of_four_groups) {
    Desk desk;
    meet_relay(desk);
    BOOST_TEST(desk.shows("  01234567 89abcdef 01234567 89abcdef\n"));
    desk.press("Esc");
    desk.tell(event::RelayKeyChanged{kRelay, kPin, std::string(64, 'f')});
    BOOST_TEST(desk.shows("pinned  01234567 89abcdef 01234567 89abcdef\n"));
    BOOST_TEST(desk.shows("        01234567 89abcdef 01234567 89abcd99\n"));
}

BOOST_AUTO_TEST_CASE(a_question_in_a_small_window_can_be_read_whole_and_is_answered_at_its_end) {
    for (const tui::Size size : {tui::Size{5, 20}, {4, 20}, {12, 40}, {8, 30}}) {
        Desk desk(size);
        desk.open_chat("bob");
        desk.tell(event::KeyChanged{"bob", "1111 2222 3333 4444", "5555 6666 7777 8888", true});
        desk.tell(event::ChatChanged{client::ChatKey::with("bob"),
                                     client::ChatState::key_changed,
                                     Trust::key_changed,
                                     0,
                                     0,
                                     {},
                                     0});
        (void)desk.commands();
        desk.type_line("/trust bob");
        desk.press("y");
        BOOST_TEST(desk.commands().empty(), size.rows << "x" << size.columns);
        std::string seen;
        for (int i = 0; i < 60; ++i) {
            seen += desk.screen();
            desk.press("Down");
        }
        for (const char* part :
             {"old key", "1111", "4444", "5555", "8888", "VERIFIED", "anew", "Accept", "(y/n)"}) {
            BOOST_TEST(seen.find(part) != std::string::npos, size.rows << ": " << part);
        }
        desk.press("y");
        BOOST_TEST(desk.commands_of<command::AcceptKeyChange>().size() == 1U);
    }
}

BOOST_AUTO_TEST_CASE(a_new_relays_pin_in_a_small_window_is_agreed_to_after_it_was_there_to_read) {
    Desk desk({5, 20});
    meet_relay(desk);
    desk.type_line("yes");
    BOOST_TEST(desk.commands().empty());
    desk.press("PgUp");
    std::string seen;
    for (int i = 0; i < 60; ++i) {
        seen += desk.row(1);
        desk.press("Down");
    }
    BOOST_TEST(seen.find("abcd99") != std::string::npos);
    desk.type_line("yes");
    BOOST_TEST(desk.commands_of<command::TrustRelay>().at(0).agree);
}

BOOST_AUTO_TEST_CASE(a_safety_number_in_a_small_window_can_be_read_and_compared) {
    Desk desk({5, 20});
    desk.open_chat("carol");
    desk.tell(safety_number("carol"));
    std::string seen;
    for (int i = 0; i < 40; ++i) {
        seen += desk.screen();
        desk.press("Down");
    }
    for (const char* part : {"00000", "[ 2 ]", "99999", "groups"}) {
        BOOST_TEST(seen.find(part) != std::string::npos, part);
    }
    desk.press("PgUp PgUp PgUp PgUp PgUp");
    desk.type_line("1111");
    BOOST_TEST(desk.shows("4 of 20 digits"));
}

BOOST_AUTO_TEST_CASE(digits_that_are_missing_are_no_alarm_and_stay) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(safety_number("carol"));
    desk.type_line("1111");
    BOOST_TEST(desk.commands().empty());
    BOOST_TEST(desk.shows("4 of 20 digits"));
    BOOST_TEST(!std::get<tui::Verification>(desk.state().overlay).wrong);
    desk.type_line("1333335555577777");
    BOOST_TEST(desk.commands_of<command::ConfirmSafetyNumber>().at(0).digits ==
               "11111333335555577777");
}

BOOST_AUTO_TEST_CASE(all_sixty_digits_are_compared_too) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(safety_number("carol"));
    desk.type_line(std::string(60, '1'));
    BOOST_TEST(desk.commands_of<command::ConfirmSafetyNumber>().size() == 1U);
}

BOOST_AUTO_TEST_CASE(only_a_verdict_that_warns_looks_like_a_warning) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(safety_number("carol"));
    desk.tell(event::Notice{event::Notice::Level::info, client::ChatKey::with("carol"),
                            SafeText::own("all is well")});
    BOOST_TEST(!std::get<tui::Verification>(desk.state().overlay).wrong);
    desk.tell(event::Notice{event::Notice::Level::warning, client::ChatKey::with("carol"),
                            SafeText::own("beware")});
    BOOST_TEST(std::get<tui::Verification>(desk.state().overlay).wrong);
}

BOOST_AUTO_TEST_CASE(that_somebody_is_verified_is_said_once) {
    const auto lines_about = [](const Desk& desk) {
        int out = 0;
        const tui::ChatLog& log = desk.state().chat().log;
        for (auto at = log.begin(); at < log.end(); ++at) {
            std::string text = log.at(at).text.str();
            out += text.find("erified") != std::string::npos ||
                           text.find("VERIFIED") != std::string::npos
                       ? 1
                       : 0;
        }
        return out;
    };
    Desk desk;
    desk.open_chat("carol");
    desk.tell(safety_number("carol"));
    desk.type_line("11111333335555577777");
    event::ChatChanged verified;
    verified.chat = client::ChatKey::with("carol");
    verified.state = client::ChatState::open;
    verified.trust = Trust::verified;
    constexpr auto confirm = client::CommandKind::confirm_safety_number;
    desk.answer(confirm, verified);
    desk.answer(confirm, event::Notice{event::Notice::Level::info, client::ChatKey::with("carol"),
                                       SafeText::own("carol is verified: this key is theirs")});
    BOOST_TEST(lines_about(desk) == 1);
    desk.open_chat("dave");
    desk.open_chat("dave", Trust::verified, false);  // by /verified: the client says nothing
    BOOST_TEST(lines_about(desk) == 1);
}

BOOST_AUTO_TEST_CASE(what_is_known_of_somebody_whose_key_has_changed_names_both_keys) {
    Desk desk;
    event::Contact contact;
    contact.user = "bob";
    contact.trust = Trust::key_changed;
    contact.fingerprint = "1111 2222 3333 4444";
    contact.changed_fingerprint = "5555 6666 7777 8888";
    desk.tell(contact);
    BOOST_TEST(desk.shows("old key      1111 2222 3333 4444"));
    BOOST_TEST(desk.shows("new key      5555 6666 7777 8888"));
}

BOOST_AUTO_TEST_SUITE_END()
