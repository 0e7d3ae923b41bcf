// The terminal after the full screen has ended in any way; and when there is no full screen.
#include "test/integration/screen_fixture.h"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace sotto::test;

namespace {

void check_restored(VirtualTerminal& terminal) {
    BOOST_TEST_REQUIRE(terminal.wait_for_end());
    BOOST_TEST(!terminal.alternate_screen());
    BOOST_TEST(!terminal.wants_paste_brackets());
    BOOST_TEST(!terminal.wants_focus());
    BOOST_TEST(!terminal.wants_mouse());
    BOOST_TEST(terminal.cursor_visible());
    BOOST_TEST(same_modes(terminal.modes(), terminal.modes_before()));
    BOOST_TEST(!terminal.shows("Users ("));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(terminal_afterwards)

BOOST_AUTO_TEST_CASE(is_as_it_was_when_the_person_quits) {
    Talk talk;
    BOOST_TEST(talk.alice->alternate_screen());
    BOOST_TEST(talk.alice->wants_focus());
    BOOST_TEST(!same_modes(talk.alice->modes(), talk.alice->modes_before()));
    talk.alice->send("/quit" + keys::enter);
    check_restored(*talk.alice);
    BOOST_TEST((talk.alice->job().exit_status() == 0));
    expect(*talk.bob, "alice: ended");
}

BOOST_AUTO_TEST_CASE(is_as_it_was_after_signals_that_ask_it_to_end) {
    Scene scene;
    for (const int signal : {SIGTERM, SIGHUP, SIGINT}) {
        const auto alice = scene.full_screen("alice");
        alice->job().signal(signal);
        check_restored(*alice);
        BOOST_TEST((alice->job().exit_status() == 0));
    }
}

BOOST_AUTO_TEST_CASE(is_as_it_was_after_a_crash) {
    Scene scene;
    for (const int signal : {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGQUIT}) {
        const auto alice = scene.full_screen("alice");
        alice->job().signal(signal);
        check_restored(*alice);
        BOOST_TEST((alice->job().end_signal() == signal));
    }
}

BOOST_AUTO_TEST_CASE(has_no_colour_if_none_is_wanted) {
    Scene scene;
    const auto count = [](const VirtualTerminal& terminal) {
        int coloured = 0;
        for (int row = 0; row < terminal.size().rows; ++row) {
            for (int column = 0; column < terminal.size().columns; ++column) {
                coloured += terminal.look({row, column}).coloured ? 1 : 0;
            }
        }
        return coloured;
    };
    const auto colourful = scene.full_screen("alice");
    BOOST_TEST(count(*colourful) > 0);
    const auto plain = scene.full_screen("bob", {{"NO_COLOR", "1"}});
    BOOST_TEST(count(*plain) == 0);
}

BOOST_AUTO_TEST_CASE(of_an_unknown_kind_is_left_alone) {
    Scene scene;
    VirtualTerminal alice(scene.program("alice", {{"TERM", "no-such-terminal"}}));
    BOOST_TEST_REQUIRE(alice.wait_for_end());
    BOOST_TEST(alice.shows("--plain"));
    BOOST_TEST((alice.job().exit_status() == 1));
    BOOST_TEST(same_modes(alice.modes(), alice.modes_before()));
}

BOOST_AUTO_TEST_SUITE_END()
