// Starting the full screen, and what a keyboard may do to it.
#include "test/integration/screen_fixture.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <random>

using namespace sotto::test;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(start)

BOOST_AUTO_TEST_CASE(the_first_run_asks_for_name_relay_and_passphrase_and_shows_the_pin) {
    Scene scene;
    VirtualTerminal alice({{SOTTO, "--data", scene.data("alice")}, {{"HOME", scene.data("home")}}});
    expect(alice, "Your name");
    alice.send("alice" + keys::enter);
    expect(alice, "The relay (");
    alice.send(scene.address("").substr(1) + keys::enter);
    expect(alice, "Passphrase (");
    alice.send("secret words" + keys::enter);
    expect(alice, "Once more:");
    alice.send("secret words" + keys::enter);
    expect(alice, "Trust this relay?");
    std::string pin;
    for (const char c : alice.screen()) {
        pin += c == ' ' || c == '\n' ? "" : std::string(1, c);
    }
    BOOST_TEST(pin.find(scene.pin()) != std::string::npos, alice.screen());
    BOOST_TEST(alice.written().find("secret words") == std::string::npos);
    alice.paste("y");               // a paste is no answer
    alice.send("y" + keys::enter);  // nor is a letter of other text
    BOOST_TEST(!alice.wait_for_text("you are alice", 100ms));
    alice.send("yes" + keys::enter);
    expect(alice, "you are alice");
    to_input(alice);
    alice.send("/quit" + keys::enter);
    BOOST_TEST_REQUIRE(alice.wait_for_end());

    VirtualTerminal again({{SOTTO, "--data", scene.data("alice")}, {{"HOME", scene.data("home")}}});
    expect(again, "Passphrase:");
    again.send("wrong words" + keys::enter);
    expect(again, "That was not it");
    again.send("secret words" + keys::enter);
    expect(again, "you are alice");
}

BOOST_AUTO_TEST_CASE(the_demo_runs_with_the_keys_that_it_names) {
    TemporaryDirectory home;
    VirtualTerminal you({{SOTTO, "--demo"}, {{"HOME", home / "home"}}});
    expect(you, "F3, then a, accepts");
    expect(you, "1:juniper?");
    to_pane(you, keys::f3);
    you.send("a");
    expect(you, "hello! I am juniper");
    to_input(you);
    you.send("hello" + keys::enter);
    expect(you, "[++]");
    you.send("/quit" + keys::enter);
    BOOST_TEST_REQUIRE(you.wait_for_end());
    BOOST_TEST((you.job().exit_status() == 0));
}

BOOST_AUTO_TEST_CASE(a_terminal_that_can_not_show_a_screen_is_told_and_left_as_it_was) {
    const Scene scene;
    VirtualTerminal dumb(scene.program("alice", {{"TERM", "dumb"}}));
    expect(dumb, "try --plain, line by line");
    BOOST_TEST_REQUIRE(dumb.wait_for_end());
    BOOST_TEST((dumb.job().exit_status() == 1));
    BOOST_TEST(same_modes(dumb.modes(), dumb.modes_before()));
}

BOOST_AUTO_TEST_CASE(who_asks_for_the_wire_sees_it_from_the_start) {
    const Scene scene;
    Program program = scene.program("alice");
    program.arguments.emplace_back("--wire");
    VirtualTerminal alice(program);
    expect(alice, "The wire: what the relay sees");
    expect(alice, "\"register\"");
}

BOOST_AUTO_TEST_CASE(leaving_messages_behind_is_asked_about_and_told_to_the_shell) {
    Talk talk;
    talk.bob->job().signal(SIGSTOP);
    talk.alice->send("can you read this?" + keys::enter);
    expect(*talk.alice, " sent");
    talk.alice->send("/quit" + keys::enter);
    expect(*talk.alice, "1 message to bob is not delivered.");
    talk.alice->send("y");
    BOOST_TEST_REQUIRE(talk.alice->wait_for_end());
    BOOST_TEST((talk.alice->job().exit_status() == 1));
    talk.bob->job().signal(SIGCONT);
}

BOOST_AUTO_TEST_CASE(focus_of_the_window_types_nothing) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    BOOST_TEST_REQUIRE(alice.wants_focus());
    alice.focus(false);
    alice.focus(true);
    alice.send("after");
    expect(alice, "> after");
}

BOOST_AUTO_TEST_CASE(a_paste_without_end_holds_nothing_up) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    alice.send("\033[200~half a paste");
    expect(alice, "> half a paste");
    alice.send(", and typed");
    expect(alice, "> half a paste, and typed");
}

BOOST_AUTO_TEST_CASE(bytes_that_are_no_keys_do_no_harm) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    const std::vector<std::string> pieces = {"\033[",
                                             "\033O",
                                             "\033[<0;10;10M",
                                             "\033[99;99;99~",
                                             "\033]0;x\007",
                                             "\033P1$r\033\\",
                                             "\033[?1;2c",
                                             "\xFF\xFE",
                                             "\xC0\x80",
                                             "\xED\xA0\x80",
                                             "\xF4\x90\x80\x80",
                                             "\xE2\x82",
                                             "\033\033\033",
                                             "\x01\x02\x05\x06\x0B\x10\x0E\x14\x19\x1F",
                                             "\033OP",
                                             "\033OQ",
                                             "\033OR",
                                             "\033OS",
                                             "\033[6~",
                                             "\033[5~",
                                             "\x12",
                                             "\x13",
                                             "j",
                                             "k",
                                             "?",
                                             "\t",
                                             "\033a",
                                             "\x18o",
                                             "\033[1;3A",
                                             std::string(1, '\0'),
                                             "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7",
                                             "\xCC\x81",
                                             "\033[200~",
                                             "\033[201~"};
    std::mt19937 random(29);
    for (int i = 0; i < 3'000; ++i) {
        alice.send(pieces[random() % pieces.size()]);
    }
    alice.send("\033[201~");
    for (int i = 0; i < 3; ++i) {  // leave whatever is open
        alice.read_for(60ms);
        alice.send(keys::escape);
    }
    to_input(alice);
    alice.send(keys::control_c + "/chat bob" + keys::enter);
    expect(alice, "[1:bob]");
    alice.send("alive" + keys::enter);
    expect(alice, "alive ");  // with its mark
    expect(*talk.bob, "alice> alive");
    BOOST_TEST(!alice.job().ended());
}

BOOST_AUTO_TEST_SUITE_END()
