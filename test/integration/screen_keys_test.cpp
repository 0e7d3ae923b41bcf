// What keyboards send: the bytes of many kinds of terminal, and some invalid ones.
#include "test/integration/screen_fixture.h"

#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <string>

using namespace sotto::test;
namespace data = boost::unit_test::data;

namespace {

const std::string kControlLeft = "\033[1;5D";
const std::string kMetaRight = "\033[1;3C";
const std::string kMetaHome = "\033[1;3H";
const std::string kMetaEnd = "\033[1;3F";

/// bob asks alice, and her keys go to the request.
struct Asked : Scene {
    Asked() : alice(full_screen("alice")), bob(plain("bob")) {
        bob->send("/chat alice\n");
        expect(*alice, "1:bob?");
        to_pane(*alice, keys::f3);
    }

    std::unique_ptr<VirtualTerminal> alice;
    std::unique_ptr<VirtualTerminal> bob;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(keyboard)

BOOST_DATA_TEST_CASE(keys_with_alt_and_ctrl_work_whatever_terminfo_calls_them,
                     data::make({"xterm", "xterm-256color", "tmux-256color", "vt100"}), term) {
    Scene scene;
    const auto alice = scene.full_screen("alice", {{"TERM", term}});
    alice->send("one two" + kControlLeft + "X");
    expect(*alice, "> one Xtwo");
    alice->send("\033[1~" + kMetaRight + "Y");
    expect(*alice, "> oneY Xtwo");
    alice->send(keys::f1);
    expect(*alice, "What you type goes");
    alice->send(kMetaEnd);
    expect(*alice, "Filter and search");
    alice->send(kMetaHome);
    expect(*alice, "What you type goes");
}

BOOST_DATA_TEST_CASE(home_and_end_of_tmux_work_in_other_terminals,
                     data::make({"vt220", "rxvt-unicode-256color", "vt100"}), term) {
    Scene scene;
    const auto alice = scene.full_screen("alice", {{"TERM", term}});
    alice->send("middle\033[1~<\033[4~>\033[D\033[3~!");
    expect(*alice, "> <middle!");
}

BOOST_AUTO_TEST_CASE(an_unknown_sequence_answers_no_request) {
    Asked scene;
    scene.alice->send("\033[a\033Oz\033[?1;2d\033[1;5;7a\033]11;add\033\\\033P1$ra\033\\");
    scene.alice->send("\r");  // shown, not answered
    expect(*scene.alice, "Request of bob");
    scene.alice->send("q");
    expect(*scene.alice, "Requests (1)");
}

BOOST_AUTO_TEST_CASE(an_unknown_sequence_is_not_typed) {
    Scene scene;
    const auto alice = scene.full_screen("alice");
    alice->send("a\033[99;5~b\033[?62;4cc\033[<0;3;4Md\033O1ze\033]4;1;rgb:00/00/00\007f");
    expect(*alice, "> abcdef");
}

BOOST_AUTO_TEST_CASE(what_the_locale_cannot_read_takes_nothing_else_with_it) {
    Talk talk;
    const auto carol = talk.full_screen("carol", {{"LC_ALL", "C"}});
    carol->send("/chat alice" + keys::enter);
    expect(*talk.alice, "carol?");
    talk.alice->send("/accept carol" + keys::enter);
    expect(*carol, "suite ");
    carol->send(
        "Gr\xC3\xBC\xC3\x9F"
        "e aus K\xC3\xB6ln");
    expect(*carol, "> Gr??e aus K?ln");
    carol->paste(
        " \xC3\xBC"
        "ber");
    expect(*carol, "K?ln ?ber");
    carol->send(" Land" + keys::enter);
    expect(*talk.alice,
           "Gr\xC3\xBC\xC3\x9F"
           "e aus K\xC3\xB6ln \xC3\xBC"
           "ber Land");
}

BOOST_AUTO_TEST_CASE(a_byte_that_is_no_letter_is_shown_as_one_that_is_missing) {
    Scene scene;
    const auto alice = scene.full_screen("alice", {{"LC_ALL", "C.UTF-8"}});
    alice->send("caf\xE9 und mehr");
    expect(*alice, "> caf\xEF\xBF\xBD und mehr");
    alice->paste(" na\xEFve");
    alice->send(" danach");
    expect(*alice, "mehr na\xEF\xBF\xBDve danach");
}

BOOST_AUTO_TEST_CASE(an_esc_acts_by_itself_and_makes_a_key_in_the_line_one_with_meta) {
    Scene scene;
    const auto alice = scene.full_screen("alice");
    to_pane(*alice, keys::f2);
    alice->send(keys::escape);
    expect_that(*alice, [&] { return alice->cursor_visible(); });
    alice->send("one two");
    expect(*alice, "> one two");
    alice->send(keys::escape);
    alice->read_for(std::chrono::milliseconds(200));  // the Esc was a key of its own
    alice->send("b<");
    expect(*alice, "> one <two");
}

BOOST_AUTO_TEST_SUITE_END()
