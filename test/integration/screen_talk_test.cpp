// Two people talk, one of them at the full screen.
#include "test/integration/screen_fixture.h"

#include <boost/test/unit_test.hpp>

#include <iterator>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

using namespace sotto::test;

namespace {

/// The safety number that bob reads line by line: 12 groups, some of them dots.
std::vector<std::string> groups_of(VirtualTerminal& plain) {
    plain.send("/verify\n");
    expect(plain, "/confirm alice DIGITS");
    const std::string screen = plain.screen();
    const std::string label = "safety number with alice:\n";
    const std::size_t at = screen.find(label) + label.size();
    std::istringstream line(screen.substr(at, screen.find('\n', at) - at));
    return {std::istream_iterator<std::string>(line), {}};
}

/// The groups that the page asks for: their numbers are shown instead.
std::vector<std::size_t> asked_on(const VirtualTerminal& screen) {
    static const std::regex kHidden(R"(\[ ?(\d+) \])");
    const std::string text = screen.row(1) + screen.row(2) + screen.row(3);
    std::vector<std::size_t> out;
    for (std::sregex_iterator hit(text.begin(), text.end(), kHidden), end; hit != end; ++hit) {
        out.push_back(std::stoul((*hit)[1]));
    }
    return out;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(full_screen)

BOOST_AUTO_TEST_CASE(two_people_meet_talk_verify_and_part) {
    Scene scene;
    const auto bob = scene.plain("bob");
    const auto alice = scene.full_screen("alice");
    expect(*alice, "o bob");
    to_pane(*alice, keys::f2);
    alice->send(keys::enter);
    expect(*alice, "[1:bob]");
    expect(*bob, "alice asks for a chat");
    bob->send("/accept alice\n");
    expect(*alice, "suite ");
    expect(*alice, "unverified");

    to_input(*alice);
    alice->send("are you there?" + keys::enter);
    expect(*bob, "alice> are you there?");
    expect(*alice, "[++]");
    bob->send("/chat alice\nyes, here\n");
    expect(*alice, "bob  yes, here");

    const std::vector<std::string> groups = groups_of(*bob);
    BOOST_TEST_REQUIRE(groups.size() == 12u);
    alice->send(keys::meta_v);
    expect(*alice, "Safety number with bob");
    std::string digits;
    for (const std::size_t group : asked_on(*alice)) {
        digits += groups.at(group - 1);
    }
    BOOST_TEST_REQUIRE(digits.size() == 20u);
    BOOST_TEST(digits.find('.') == std::string::npos);  // bob hides none that he must read out
    std::string wrong = digits;
    wrong.front() = wrong.front() == '0' ? '1' : '0';
    alice->send(wrong + keys::enter);
    expect(*alice, "not");  // the verdict
    BOOST_TEST(!alice->shows("VERIFIED"));
    alice->send(keys::control_u + digits + keys::enter);
    expect(*alice, "VERIFIED");
    to_input(*alice);
    expect(*alice, "VERIFIED  \xC2\xB7 suite ");

    alice->send("/close" + keys::enter);
    expect(*alice, "ended");
    expect(*bob, "alice: ended");
}

BOOST_AUTO_TEST_CASE(a_key_accepts_only_what_is_selected) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    to_pane(alice, keys::f3);
    const auto carol = talk.plain("carol");
    carol->send("/chat alice\n");
    expect(alice, "carol?");
    alice.send("a");  // it arrived while she was there: nothing is selected
    alice.send("j" + keys::enter);
    expect(alice, "Request of carol");
    BOOST_TEST(!carol->shows("secure chat"));
    alice.send(keys::escape);
    expect_gone(alice, "Request of carol");
    alice.send("d");
    expect(*carol, "alice: declined");
    expect(alice, "Requests (0)");
}

BOOST_AUTO_TEST_CASE(what_arrives_takes_neither_focus_nor_selection) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    const auto zoe = talk.plain("zoe");
    zoe->send("/chat alice\n");
    expect(alice, "zoe?");
    to_pane(alice, keys::f3);
    to_input(alice);
    alice.send("half a li");
    expect(alice, "> half a li");
    const auto carol = talk.plain("carol");
    carol->send("/chat alice\n");
    expect(alice, "carol?");
    talk.bob->send("look at this\n");
    expect(alice, "look at this");
    BOOST_TEST(alice.shows("> half a li"));
    BOOST_TEST(alice.shows("[1:bob]"));
    alice.send("ne");
    expect(alice, "> half a line");
    alice.send(keys::f3 + keys::enter);  // the selected request, wherever it is
    expect(alice, "Request of zoe");
}

BOOST_AUTO_TEST_CASE(a_message_of_several_lines_is_one) {
    Talk talk;
    talk.alice->send("first" + keys::meta_enter + "second" + keys::enter);
    expect(*talk.alice, "you  first");
    expect(*talk.bob, "first");
    expect(*talk.bob, "second");
    expect(*talk.alice, "[++]");
}

BOOST_AUTO_TEST_CASE(a_paste_runs_no_command_and_answers_nothing) {
    Talk talk;
    VirtualTerminal& alice = *talk.alice;
    BOOST_TEST_REQUIRE(alice.wants_paste_brackets());
    alice.paste("/close\n");
    expect(alice, "> /close");
    alice.send(keys::control_u);
    expect_gone(alice, "/close");

    alice.paste("/close\n/quit\ny\n");
    expect(alice, "3 lines");
    alice.paste("y");  // no paste answers a question
    alice.send("n");
    expect_gone(alice, "3 lines");
    BOOST_TEST(alice.shows("suite "));

    alice.paste("/close\n/quit\n");
    expect(alice, "2 lines");
    alice.send("y");
    expect(alice, "/quit");
    expect_gone(alice, "2 lines");
    BOOST_TEST(!alice.job().ended());
    BOOST_TEST(alice.shows("suite "));  // it is only in the input line
    alice.send(keys::control_c + "still here" + keys::enter);
    expect(*talk.bob, "alice> still here");
    BOOST_TEST(!talk.bob->shows("/close"));
}

BOOST_AUTO_TEST_SUITE_END()
