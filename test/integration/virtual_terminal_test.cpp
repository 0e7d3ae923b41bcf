#include "test/support/virtual_terminal.h"

#include <boost/test/unit_test.hpp>

#include <csignal>

using sotto::test::same_modes;
using sotto::test::VirtualTerminal;
using namespace std::chrono_literals;

namespace {

/// A terminal that runs a shell script.
struct Script : VirtualTerminal {
    explicit Script(const std::string& script, Size size = {})
        : VirtualTerminal({{"sh", "-c", script}, {}}, size) {}
};

}  // namespace

BOOST_AUTO_TEST_SUITE(virtual_terminal)

BOOST_AUTO_TEST_CASE(shows_what_a_program_writes_and_how_it_ends) {
    Script terminal("printf 'one\\ntwo \\033[1mbold\\033[m \\346\\227\\245!'; exit 7");
    BOOST_TEST_REQUIRE(terminal.wait_for_end());
    BOOST_TEST(terminal.row(0) == "one");
    BOOST_TEST(terminal.row(1) == "two bold \xE6\x97\xA5!");
    BOOST_TEST(terminal.row(2).empty());
    BOOST_TEST(terminal.cursor().row == 1);
    BOOST_TEST(terminal.cursor().column == 12);
    BOOST_TEST(terminal.look({1, 4}).bold);
    BOOST_TEST(!terminal.look({1, 0}).bold);
    BOOST_TEST((terminal.job().exit_status() == 7));
    BOOST_TEST(!terminal.job().end_signal());
}

BOOST_AUTO_TEST_CASE(types_into_a_program) {
    VirtualTerminal terminal({{"cat"}, {}});
    terminal.send("hello\r");
    BOOST_TEST(terminal.wait_for([&] { return terminal.row(1) == "hello"; }));
    BOOST_TEST(terminal.row(0) == "hello");  // the echo
    BOOST_TEST(!terminal.job().ended());
    terminal.send("\x03");  // the program is in the foreground: C-c is for it
    BOOST_TEST_REQUIRE(terminal.wait_for_end());
    BOOST_TEST((terminal.job().end_signal() == SIGINT));
}

BOOST_AUTO_TEST_CASE(takes_more_than_a_pty_holds_at_once) {
    Script terminal("stty raw -echo; echo ready; head -c 200000 | cksum; echo done");
    BOOST_TEST_REQUIRE(terminal.wait_for_text("ready"));
    terminal.send(std::string(200'000, 'x'));
    BOOST_TEST(terminal.wait_for_text("done"));
    BOOST_TEST(terminal.shows("200000"));
}

BOOST_AUTO_TEST_CASE(says_when_nothing_comes) {
    Script terminal("echo ready; sleep 100");
    BOOST_TEST_REQUIRE(terminal.wait_for_text("ready"));
    BOOST_TEST(!terminal.wait_for_text("never", 50ms));
    const std::size_t mark = terminal.written().size();
    terminal.read_for(50ms);
    BOOST_TEST(terminal.written().size() == mark);
    BOOST_TEST(!terminal.wait_for_end(50ms));
}

BOOST_AUTO_TEST_CASE(does_not_wait_for_a_program_that_has_ended) {
    Script terminal("echo bye");
    const auto begin = std::chrono::steady_clock::now();
    BOOST_TEST(!terminal.wait_for_text("never"));
    BOOST_TEST(terminal.shows("bye"));
    BOOST_TEST((std::chrono::steady_clock::now() - begin < VirtualTerminal::kPatience));
}

BOOST_AUTO_TEST_CASE(has_a_size_that_changes) {
    Script terminal("trap 'stty size' WINCH; stty size; while :; do read x; done", {10, 40});
    BOOST_TEST_REQUIRE(terminal.wait_for_text("10 40"));
    terminal.resize({30, 100});
    BOOST_TEST(terminal.size().rows == 30);
    terminal.send("\r");  // the shell runs the trap when it reads
    BOOST_TEST(terminal.wait_for_text("30 100"));
    terminal.resize({1, 1});
    terminal.resize({24, 80});
    terminal.send("\r");
    BOOST_TEST(terminal.wait_for_text("24 80"));
}

BOOST_AUTO_TEST_CASE(knows_the_modes_that_programs_switch_on) {
    Script terminal(
        "printf 'shell'; read x;"
        "printf "
        "'\\033[?1049h\\033[?2004h\\033[?1004h\\033[?1000h\\033[?25l\\033]2;title\\007\\007in';"
        "read x;"
        "printf '\\033[?1000l\\033[?1004l\\033[?2004l\\033[?25h\\033[?1049l'; exit 0");
    BOOST_TEST_REQUIRE(terminal.wait_for_text("shell"));
    BOOST_TEST(!terminal.alternate_screen());
    BOOST_TEST(!terminal.wants_paste_brackets());
    BOOST_TEST(!terminal.wants_focus());
    BOOST_TEST(!terminal.wants_mouse());
    BOOST_TEST(terminal.cursor_visible());
    terminal.send("\r");
    BOOST_TEST_REQUIRE(terminal.wait_for_text("in"));
    BOOST_TEST(!terminal.shows("shell"));
    BOOST_TEST(terminal.alternate_screen());
    BOOST_TEST(terminal.wants_paste_brackets());
    BOOST_TEST(terminal.wants_focus());
    BOOST_TEST(terminal.wants_mouse());
    BOOST_TEST(!terminal.cursor_visible());
    BOOST_TEST(terminal.title() == "title");
    BOOST_TEST(terminal.bells() == 1);
    terminal.send("\r");
    BOOST_TEST_REQUIRE(terminal.wait_for_end());
    BOOST_TEST(terminal.shows("shell"));
    BOOST_TEST(!terminal.alternate_screen());
    BOOST_TEST(!terminal.wants_paste_brackets());
    BOOST_TEST(!terminal.wants_focus());
    BOOST_TEST(!terminal.wants_mouse());
    BOOST_TEST(terminal.cursor_visible());
}

BOOST_AUTO_TEST_CASE(pastes_and_focuses_as_terminals_do) {
    Script terminal(
        "stty raw opost -echo; printf '\\033[?2004h\\033[?1004hready\\n'; "
        "head -c 24 | od -c -An -w12; sleep 100");
    BOOST_TEST_REQUIRE(terminal.wait_for_text("ready"));
    terminal.paste("a\nb");
    terminal.focus(true);
    terminal.focus(false);
    terminal.send("123");
    BOOST_TEST(terminal.wait_for_text("033   [   2   0   0   ~   a  \\r   b"));
    BOOST_TEST(terminal.wait_for_text("0   1   ~ 033   [   I 033   [   O   1   2   3"),
               terminal.screen());
}

BOOST_AUTO_TEST_CASE(answers_what_programs_ask) {
    Script terminal("stty raw -echo; printf '\\033[6n'; head -c 6 | od -c -An; sleep 100");
    BOOST_TEST(terminal.wait_for_text("033   [   1   ;   1   R"));
}

BOOST_AUTO_TEST_CASE(keeps_the_modes_that_a_program_left_behind) {
    Script tidy("saved=$(stty -g); stty raw -echo; stty $saved");
    BOOST_TEST_REQUIRE(tidy.wait_for_end());
    BOOST_TEST(same_modes(tidy.modes(), tidy.modes_before()));
    Script careless("stty raw -echo");
    BOOST_TEST_REQUIRE(careless.wait_for_end());
    BOOST_TEST(!same_modes(careless.modes(), careless.modes_before()));
}

BOOST_AUTO_TEST_CASE(passes_signals_on_and_tells_a_stop_from_an_end) {
    Script terminal("trap 'echo stopping; exit 3' TERM; echo ready; while :; do read x; done");
    BOOST_TEST_REQUIRE(terminal.wait_for_text("ready"));
    terminal.send("\x1A");  // C-z
    BOOST_TEST_REQUIRE(terminal.wait_for_stop());
    BOOST_TEST(!terminal.job().ended());
    terminal.job().signal(SIGCONT);
    BOOST_TEST_REQUIRE(terminal.wait_for([&] { return !terminal.job().stopped(); }));
    terminal.job().signal(SIGTERM);
    terminal.send("\r");
    BOOST_TEST_REQUIRE(terminal.wait_for_end());
    BOOST_TEST((terminal.job().exit_status() == 3));
}

BOOST_AUTO_TEST_CASE(says_that_there_is_no_such_program) {
    VirtualTerminal terminal({{"/nonexistent/program"}, {}});
    BOOST_TEST_REQUIRE(terminal.wait_for_end());
    BOOST_TEST((terminal.job().exit_status() == 127));
}

BOOST_AUTO_TEST_CASE(leaves_no_process_behind) {
    pid_t pid = 0;
    {
        Script terminal("trap '' HUP TERM; echo ready; while :; do read x; done");
        BOOST_TEST_REQUIRE(terminal.wait_for_text("ready"));
        pid = terminal.job().pid();
        BOOST_TEST(::kill(pid, 0) == 0);
    }
    BOOST_TEST(::kill(pid, 0) != 0);
}

BOOST_AUTO_TEST_SUITE_END()
