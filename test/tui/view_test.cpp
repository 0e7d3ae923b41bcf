#include "test/support/seeded_random.h"
#include "test/tui/desk.h"

#include <boost/test/unit_test.hpp>

namespace {

using namespace sotto;
using client::Trust;
using test::Desk;
namespace event = client::event;

event::LinkChanged link(client::Link state, std::optional<base::MonotonicTime> retry = {}) {
    return {state, {}, "relay.example:7443", retry};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(full_screen_view)

BOOST_AUTO_TEST_CASE(at_80x24_users_requests_chat_status_and_input_stand_where_they_belong) {
    Desk desk;
    desk.tell(link(client::Link::connected));
    desk.online({"bob", "carol"});
    desk.ask("erin");
    desk.open_chat("carol", Trust::verified);
    desk.hear("carol", "are you there?");
    BOOST_TEST(desk.row(0).find(" Users (2)") == 0U);
    BOOST_TEST(desk.row(0).find("carol") != std::string::npos);
    BOOST_TEST(desk.row(0).find("VERIFIED") != std::string::npos);
    BOOST_TEST(desk.row(0).find("suite 1 \xC2\xB7 epoch 0") != std::string::npos);
    BOOST_TEST(desk.row(1).find("o bob       unverified") == 0U);
    BOOST_TEST(desk.row(19).find(" Requests (1)") == 0U);
    BOOST_TEST(desk.row(20).find("  erin 1111 2222 333") == 0U);
    BOOST_TEST(desk.shows("14:05 carol  are you there?"));
    BOOST_TEST(desk.row(22).find(" 1:erin? [2:carol]") == 0U);
    BOOST_TEST(desk.row(22).find("connected relay.example:7443  14:05") != std::string::npos);
    BOOST_TEST(desk.row(23) == ">");
    BOOST_REQUIRE(desk.frame().cursor());
    BOOST_TEST(desk.frame().cursor()->row == 23);
    BOOST_TEST(desk.frame().cursor()->column == 2);
}

BOOST_AUTO_TEST_CASE(the_trust_stands_whole_above_the_chat_whatever_has_room_beside_it) {
    const std::string longest(32, 'n');
    for (const std::string user : {"bob", "christopher-lee", longest.c_str()}) {
        for (int width = 20; width <= 90; ++width) {
            for (const Trust trust : {Trust::unverified, Trust::verified, Trust::from_link}) {
                Desk desk({24, width});
                desk.open_chat(user, trust);
                desk.tell(event::PeerTyping{client::ChatKey::with(user), true});
                const int column = desk.state().layout().chat.column;
                const std::string title = desk.row(0).substr(static_cast<std::size_t>(column));
                const std::string word = trust == Trust::verified     ? " VERIFIED"
                                         : trust == Trust::unverified ? " unverified"
                                                                      : " from a link";
                BOOST_TEST(title.find(word) != std::string::npos, width << ": " << title);
                const std::size_t facts = title.find("suite");
                BOOST_TEST(
                    (facts == std::string::npos || title.find("suite 1 \xC2\xB7 epoch 0") == facts),
                    width << ": " << title);
            }
        }
    }
    Desk desk({24, 24});
    desk.open_chat("christopher-lee");
    BOOST_TEST(desk.row(0) == " christophe\xE2\x80\xA6 unverified");
}

BOOST_AUTO_TEST_CASE(below_60_columns_the_side_panes_fold_and_open_over_the_chat) {
    Desk desk({24, 59});
    desk.online({"bob"});
    BOOST_TEST(!desk.shows("Users"));
    desk.press("F2");
    BOOST_TEST(desk.row(0).find(">Users (1)") == 0U);
    desk.press("Esc");
    BOOST_TEST(!desk.shows("Users"));
}

BOOST_AUTO_TEST_CASE(below_40_columns_or_8_rows_one_pane_shows_at_a_time) {
    Desk desk({7, 39});
    desk.online({"bob"});
    desk.open_chat("carol");
    desk.press("F2");
    BOOST_TEST(desk.shows("bob"));
    BOOST_TEST(!desk.shows("secure chat"));
}

BOOST_AUTO_TEST_CASE(below_20x4_one_plain_line_says_so) {
    Desk desk({3, 19});
    BOOST_TEST(desk.screen() == "too small\n\n\n");
}

BOOST_AUTO_TEST_CASE(every_size_from_1x1_on_can_be_drawn_in_every_state) {
    Desk desk;
    desk.online({"bob", "carol"});
    desk.ask("erin");
    desk.open_chat("carol");
    desk.hear("carol",
              "a long message that has to be wrapped, with \xE6\x97\xA5\xE6\x9C\xAC in it");
    desk.type("typed and typed and typed and typed and typed and typed and typed");
    const auto draw_all = [&] {
        for (int rows = 1; rows <= 26; ++rows) {
            for (int columns = 1; columns <= 90; columns += columns < 24 ? 1 : 7) {
                desk.resize({rows, columns});
                const tui::Frame frame = desk.frame();
                BOOST_REQUIRE_EQUAL(frame.size().rows, rows);
                if (frame.cursor()) {
                    BOOST_REQUIRE(frame.cursor()->row < rows && frame.cursor()->column < columns);
                }
            }
        }
    };
    draw_all();
    for (const char* keys : {"F2", "F3", "F4", "Esc", "F1"}) {
        desk.press(keys);
        draw_all();
    }
    desk.press("q");
    desk.tell(event::SafetyNumber{"carol", std::string(60, '7'), false, {1, 2, 3}});
    draw_all();
    desk.press("Esc");
    desk.tell(event::RelayTrustNeeded{"relay.example:7443", std::string(64, 'a')});
    draw_all();
    desk.press("Esc");
    desk.tell(event::KeyChanged{"carol", "aaaa", "bbbb", true});
    draw_all();
}

BOOST_AUTO_TEST_CASE(the_countdown_to_the_next_try_is_shown_and_moves_each_second) {
    Desk desk;
    desk.tell(link(client::Link::waiting, base::MonotonicTime(std::chrono::milliseconds(4'000))));
    BOOST_TEST(desk.shows("retry in 4 s"));
    desk.monotonic = base::MonotonicTime(std::chrono::milliseconds(1'001));
    BOOST_TEST(desk.shows("retry in 3 s"));
}

BOOST_AUTO_TEST_CASE(an_idle_screen_changes_with_the_minute_and_not_before) {
    Desk desk;
    desk.tell(link(client::Link::connected));
    desk.wall_ms += 10'000;
    const auto next = tui::next_change(desk.state(), {desk.wall_ms, desk.monotonic});
    BOOST_TEST((next - desk.monotonic).count() == 50'000);
    const std::string before = desk.screen();
    desk.wall_ms += 49'999;
    BOOST_TEST(desk.screen() == before);
    desk.wall_ms += 1;
    BOOST_TEST(desk.screen() != before);
}

BOOST_AUTO_TEST_CASE(hostile_text_can_neither_move_the_cursor_nor_leave_its_pane) {
    Desk desk;
    desk.open_chat("eve");
    desk.hear("eve",
              "\x1B[2J\x1B]0;owned\x07 \xC2\x9B"
              "31m \xE2\x80\xAE right to left \xF3\xA0\x81\x81 tag\r\nsecond line");
    const tui::Frame frame = desk.frame();
    for (int row = 0; row < frame.size().rows; ++row) {
        for (int column = 0; column < frame.size().columns; ++column) {
            const std::string& text = frame.at(row, column).text;
            BOOST_REQUIRE(text.empty() || static_cast<unsigned char>(text[0]) >= 0x20);
            BOOST_REQUIRE(text != "\xC2\x9B");
            BOOST_REQUIRE(text.find("\xE2\x80\xAE") == std::string::npos);
        }
    }
    BOOST_TEST(desk.shows("second line"));
}

BOOST_AUTO_TEST_CASE(what_one_types_oneself_is_made_visible_too) {
    Desk desk;
    desk.open_chat("eve");
    desk.paste(
        "a\xE2\x80\xAE"
        "b\x1B[31m");
    BOOST_TEST(desk.row(23).find("\xE2\x80\xAE") == std::string::npos);
    BOOST_TEST(desk.row(23).find('\x1B') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_long_line_grows_the_input_and_keeps_the_cursor_in_sight) {
    Desk desk;
    desk.open_chat("carol");
    desk.type(std::string(200, 'x'));
    BOOST_TEST(desk.row(21).find("> xxx") == 0U);
    BOOST_TEST(desk.frame().cursor()->row == 23);
    desk.type(std::string(2'000, 'y'));
    BOOST_TEST(desk.frame().cursor()->row == 23);
    desk.press("C-a");
    BOOST_TEST(desk.frame().cursor()->row == 23 - 6);
}

BOOST_AUTO_TEST_CASE(a_wide_character_never_hangs_over_the_edge) {
    Desk desk;
    desk.open_chat("carol");
    std::string wide;
    for (int i = 0; i < 100; ++i) {
        wide += "\xE6\x97\xA5";
    }
    desk.hear("carol", "x" + wide);
    const tui::Frame frame = desk.frame();
    for (int row = 0; row < frame.size().rows; ++row) {
        BOOST_TEST(tui::columns(frame.row_text(row)) <= 80);
        BOOST_TEST(frame.at(row, 79).text != "\xE6\x97\xA5");
    }
}

BOOST_AUTO_TEST_CASE(a_pane_over_the_chat_cuts_wide_characters_cleanly) {
    for (int columns = 40; columns < 60; ++columns) {
        Desk desk({24, columns});
        desk.open_chat("carol");
        std::string text;
        for (int i = 0; i < 20; ++i) {
            text += "\xE6\x97\xA5";
        }
        desk.hear("carol", text);
        desk.hear("carol", "x" + text);
        desk.press("F2");
        const tui::Frame frame = desk.frame();
        for (int row = 0; row < 22; ++row) {
            BOOST_TEST(frame.at(row, 34).text == "\xE2\x94\x82");
            for (int column = 0; column < columns; ++column) {
                const bool wide = tui::columns(frame.at(row, column).text) == 2;
                const bool goes_on = column + 1 < columns && frame.at(row, column + 1).text.empty();
                BOOST_TEST(wide == goes_on);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_safety_number_page_fits_80x24_with_its_code) {
    Desk desk;
    desk.open_chat("carol");
    desk.tell(event::SafetyNumber{"carol", std::string(60, '7'), false, {1, 5, 12}});
    BOOST_TEST(desk.shows("77777  77777"));
    BOOST_TEST(desk.shows("[12 ]"));
    BOOST_TEST(desk.shows("\xE2\x96\x88\xE2\x96\x88"));  // full blocks
    BOOST_TEST(!desk.shows("A QR code needs"));
    BOOST_TEST(desk.shows("Enter compares"));
}

BOOST_AUTO_TEST_CASE(a_small_safety_number_page_shows_what_is_typed_and_the_verdict) {
    for (const tui::Size size : {tui::Size{12, 40}, {8, 40}, {24, 60}}) {
        Desk desk(size);
        desk.open_chat("carol");
        desk.tell(event::SafetyNumber{"carol", std::string(60, '7'), false, {1, 5, 12}});
        desk.type("123456");
        BOOST_TEST(desk.shows("> 12345 6"), desk.screen());
        const auto cursor = desk.frame().cursor();
        BOOST_TEST_REQUIRE(cursor.has_value());
        BOOST_TEST(desk.row(cursor->row).find("> 12345 6") == 1u, desk.screen());
        desk.tell(event::Notice{event::Notice::Level::warning, client::ChatKey::with("carol"),
                                client::SafeText::own("that is not the safety number")});
        BOOST_TEST(desk.shows("> 12345 6"), desk.screen());
        BOOST_TEST(desk.shows("not"), desk.screen());
    }
}

BOOST_AUTO_TEST_CASE(the_status_page_says_how_much_was_dropped) {
    Desk desk;
    desk.open_chat("bob");
    desk.type_line("/status");
    BOOST_TEST(desk.commands_of<client::command::ShowStatus>().size() == 1U);
    desk.tell(event::Status{17});
    BOOST_TEST(desk.shows("dropped  17"), desk.screen());
    BOOST_TEST(desk.shows("1:bob"), desk.screen());
}

BOOST_AUTO_TEST_CASE(a_page_over_the_input_line_hides_its_cursor) {
    Desk desk;
    BOOST_TEST(desk.frame().cursor().has_value());
    desk.press("F1");
    BOOST_TEST(!desk.frame().cursor().has_value());
    desk.press("Esc");
    BOOST_TEST(desk.frame().cursor().has_value());
}

BOOST_AUTO_TEST_CASE(no_state_is_told_by_style_alone) {
    Desk desk;
    desk.online({"bob"});
    BOOST_TEST(desk.row(1).find("unverified") != std::string::npos);
    desk.open_chat("bob", Trust::key_changed);
    BOOST_TEST(desk.row(0).find("KEY CHANGED") != std::string::npos);
    desk.tell(event::UsersChanged{false, {{"bob", true, Trust::unverified, true}}});
    BOOST_TEST(desk.row(1).find("blocked") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(random_keys_and_events_never_break_the_screen) {
    test::SeededRandom random(7);
    const auto pick = [&](std::size_t below) {
        std::array<std::uint8_t, 4> bytes{};
        random.fill(bytes);
        return (bytes[0] + bytes[1] * 256U + bytes[2] * 65'536U) % below;
    };
    const std::vector<std::string> keys{
        "F1",     "F2",    "F3",  "F4",    "F7",        "F8",  "Esc", "Enter", "Tab",
        "C-n",    "C-p",   "M-a", "M-/",   "M-1",       "M-2", "M-0", "PgUp",  "PgDn",
        "M-Home", "M-End", "M-u", "C-s",   "M-v",       "C-r", "C-w", "C-y",   "C-c",
        "C-x",    "o",     "j",   "k",     "g",         "G",   "/",   "a",     "d",
        "b",      "v",     "i",   "n",     "N",         "y",   "q",   "1",     "M-Enter",
        "Up",     "Down",  "C-_", "Space", "Backspace", "Left"};
    const std::vector<std::string> users{"anna", "bob", "carol", "dave"};
    Desk desk;
    for (int step = 0; step < 20'000; ++step) {
        const std::string& user = users[pick(users.size())];
        switch (pick(12)) {
            case 0:
                desk.hear(user, "text\nof " + user);
                break;
            case 1:
                desk.ask(user);
                break;
            case 2:
                desk.tell(
                    event::RequestGone{client::ChatKey::with(user), client::SafeText::own("gone")});
                break;
            case 3:
                desk.tell(event::ChatChanged{client::ChatKey::with(user),
                                             static_cast<client::ChatState>(pick(9)),
                                             static_cast<Trust>(pick(5)),
                                             1,
                                             2,
                                             {},
                                             0});
                break;
            case 4:
                desk.resize({static_cast<int>(pick(40)) + 1, static_cast<int>(pick(120)) + 1});
                break;
            case 5:
                desk.online({user});
                break;
            default:
                desk.press(keys[pick(keys.size())]);
        }
        static_cast<void>(desk.commands());
        static_cast<void>(desk.model.take_effects());
        if (step % 10 == 0) {
            const tui::Frame frame = desk.frame();
            BOOST_REQUIRE_EQUAL(frame.size().rows, desk.state().size.rows);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
