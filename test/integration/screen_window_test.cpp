// The window around the full screen: its size, its focus, and hostile text inside it.
#include "test/integration/screen_fixture.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>

using namespace sotto::test;
using namespace std::chrono_literals;

namespace {

const std::string kDivider = "\xE2\x94\x82";

std::string repeat(const std::string& what, int times) {
    std::string out;
    for (int i = 0; i < times; ++i) {
        out += what;
    }
    return out;
}

long minute() {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::minutes>(now).count();
}

/// The frame of 80x24 is complete: divider, status line and input line are in their places.
void check_frame(const VirtualTerminal& terminal) {
    for (int row = 0; row < 22; ++row) {
        const std::string text = terminal.row(row);
        const std::size_t at = text.find(kDivider);
        BOOST_TEST_REQUIRE(at != std::string::npos, terminal.screen());
        BOOST_TEST(text.find(kDivider, at + 1) == std::string::npos, terminal.screen());
    }
    BOOST_TEST(terminal.row(22).find("connected 127.0.0.1:") != std::string::npos,
               terminal.screen());
    BOOST_TEST(terminal.row(23).substr(0, 1) == ">", terminal.screen());
    BOOST_TEST(terminal.alternate_screen());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(window)

BOOST_AUTO_TEST_CASE(any_size_down_to_1x1_and_back_survives) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    talk.bob->send("a message that is long enough to be wrapped in a small window\n");
    expect(alice, "small window");
    alice.send("typed");
    expect(alice, "> typed");
    for (const TerminalSize size :
         {TerminalSize{50, 200}, {24, 59}, {10, 40}, {8, 39}, {7, 30}, {4, 20}}) {
        alice.resize(size);
        expect_that(alice, [&] { return alice.row(size.rows - 1).substr(0, 7) == "> typed"; });
    }
    for (const TerminalSize size : {TerminalSize{3, 20}, {4, 19}, {24, 9}, {2, 80}}) {
        alice.resize(size);
        expect_that(alice, [&] { return alice.row(0) == "too small"; });
    }
    for (const TerminalSize size : {TerminalSize{1, 80}, {24, 1}, {2, 2}, {1, 1}}) {
        alice.resize(size);
        expect_that(alice, [&] {
            return alice.row(0) ==
                   std::string("too small").substr(0, static_cast<std::size_t>(size.columns));
        });
    }
    talk.bob->send("while it was tiny\n");
    alice.resize({24, 80});
    expect(alice, "> typed");
    expect(alice, "while it was tiny");
    expect(alice, "wrapped in");
    check_frame(alice);
}

BOOST_AUTO_TEST_CASE(many_sizes_in_a_row_end_in_the_last) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    for (int i = 1; i <= 200; ++i) {
        alice.resize({1 + i * 7 % 40, 1 + i * 13 % 150});
    }
    alice.resize({24, 80});
    alice.send("done");
    expect(alice, "> done");
    expect_that(alice, [&] {
        return alice.row(23) == "> done" && alice.row(22).find("[1:bob]") != std::string::npos;
    });
    check_frame(alice);
}

BOOST_AUTO_TEST_CASE(nothing_is_written_while_nothing_happens) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    for (;;) {
        alice.read_for(200ms);  // remaining output
        const long begin = minute();
        const std::size_t mark = alice.written().size();
        alice.read_for(1'500ms);
        if (minute() == begin) {  // else the clock has changed, and may be written
            BOOST_TEST(alice.written().substr(mark) == "");
            return;
        }
    }
}

BOOST_AUTO_TEST_CASE(what_changes_is_all_that_is_written) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    alice.send("x");
    expect(alice, "> x");
    const std::size_t mark = alice.written().size();
    alice.send("y");
    expect(alice, "> xy");
    BOOST_TEST(alice.written().size() - mark < 40u);
}

BOOST_AUTO_TEST_CASE(it_is_drawn_anew_when_asked_to) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    const std::string before = alice.screen();
    alice.scribble("\033[2J\033[5;5Hgarbage of another program");
    BOOST_TEST_REQUIRE(alice.shows("garbage"));
    alice.send(keys::control_l);
    expect_gone(alice, "garbage");
    expect_that(alice, [&] { return alice.screen() == before; });
}

BOOST_AUTO_TEST_CASE(it_suspends_and_comes_back) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    alice.send("typed");
    expect(alice, "> typed");
    alice.send(keys::control_z);
    BOOST_TEST_REQUIRE(alice.wait_for_stop());
    BOOST_TEST(!alice.alternate_screen());
    BOOST_TEST(!alice.wants_paste_brackets());
    BOOST_TEST(!alice.wants_focus());
    BOOST_TEST(alice.cursor_visible());
    BOOST_TEST(same_modes(alice.modes(), alice.modes_before()));
    talk.bob->send("meanwhile\n");
    alice.resize({30, 100});
    alice.job().signal(SIGCONT);
    expect(alice, "> typed");
    expect(alice, "meanwhile");
    BOOST_TEST(alice.alternate_screen());
    BOOST_TEST(alice.wants_paste_brackets());
    BOOST_TEST(alice.row(29).substr(0, 7) == "> typed");
    alice.send("!" + keys::enter);
    expect(*talk.bob, "alice> typed!");
}

BOOST_AUTO_TEST_CASE(hostile_text_stays_in_its_place) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    const int bells = alice.bells();
    const std::vector<std::string> texts = {
        "\033[2J\033[H\033[?1049l cleared",
        "\033]0;owned\007\033]52;c;b3duZWQ=\007 titled",
        "\xC2\x9B"
        "2J\xC2\x9D"
        "0;owned\xC2\x9C c1",
        "\xE2\x80\xAE"
        "desrever \xE2\x81\xA6isolated bidi",
        "Z\xCC\x8D\xCC\x8D\xCC\x8D\xCC\x8D\xCC\x8D\xCC\x8D\xCC\x8D\xCC\x8D\xCC\x8D\xCC\x8D zalgo",
        "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7 "
        "\xF0\x9F\x87\xA9\xF0\x9F\x87\xAA "
        "\xE2\x9D\xA4\xEF\xB8\x8F 1\xEF\xB8\x8F\xE2\x83\xA3 \xF0\x9F\x91\x8D\xF0\x9F\x8F\xBD emoji",
        repeat("\xE6\x97\xA5\xE6\x9C\xAC\xE8\xAA\x9E", 8) + " wide",
        repeat("\xE1\x84\x80", 40) + " jamo",
        "a\xF0\x9F\x8F\xBD"
        "b\xF0\x9F\x8F\xBD tones",
        "\xE0\xA4\xA8\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA4\xBF matras",
        "\xEF\xB7\xBD\xEF\xB7\xBD ligature",
        "a\tb\rc\x08\x08\x7F controls"};
    for (const std::string& text : texts) {
        talk.bob->send(text + "\n");
        expect(alice, text.substr(text.rfind(' ') + 1));
        check_frame(alice);
    }
    BOOST_TEST(alice.bells() == bells);
    BOOST_TEST(alice.title().find("owned") == std::string::npos);
    alice.send("still usable" + keys::enter);
    expect(*talk.bob, "alice> still usable");
}

BOOST_AUTO_TEST_SUITE_END()
