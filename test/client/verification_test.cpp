// Section 8 and what the person does about it: type what the other reads out.
#include "crypto/safety_number.h"
#include "test/client/talk.h"
#include "tui/client/shown_number.h"

#include <set>

using namespace sotto::test;

namespace {

/// Two who talk, and the number as each sees it.
struct Compare {
    Compare() { world.befriend(alice, bob); }
    event::SafetyNumber show(Person& person, const std::string& user) {
        world.tell(person, command::ShowSafetyNumber{user});
        return person.all<event::SafetyNumber>().back();
    }
    /// What the other side reads out from its own screen.
    static std::string read_out(const event::SafetyNumber& screen, const std::array<int, 4>& asked,
                                const std::string& gap = " ") {
        std::string out;
        for (const int group : asked) {
            out += screen.digits.substr(static_cast<std::size_t>(group - 1) * 5, 5) + gap;
        }
        return out;
    }
    bool confirm(const std::string& digits) {
        world.tell(alice, command::ConfirmSafetyNumber{"bob", digits});
        return trust() == Trust::verified;
    }
    Trust trust() {
        world.tell(alice, command::ShowContact{"bob"});
        return alice.all<event::Contact>().back().trust;
    }

    World world;
    Person& alice = world.add("alice");
    Person& bob = world.add("bob");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_contact_is_verified, Compare)

BOOST_AUTO_TEST_CASE(by_typing_the_groups_that_the_other_reads_out) {
    const auto here = show(alice, "bob");
    const auto there = show(bob, "alice");
    BOOST_TEST(confirm(read_out(there, here.asked)));
    BOOST_TEST((alice.all<event::ChatChanged>().back().trust == Trust::verified));
    BOOST_TEST(show(alice, "bob").verified);
}

BOOST_AUTO_TEST_CASE(by_typing_the_whole_number_however_it_is_grouped) {
    const auto there = show(bob, "alice");
    show(alice, "bob");
    std::string grouped;
    for (std::size_t i = 0; i < there.digits.size(); ++i) {
        grouped += there.digits[i];
        grouped += i % 5 == 4 ? "-" : "";
    }
    BOOST_TEST(confirm(" " + grouped));
}

BOOST_AUTO_TEST_CASE(by_nothing_less) {
    const auto here = show(alice, "bob");
    const std::string right = read_out(show(bob, "alice"), here.asked, "");
    BOOST_REQUIRE(right.size() == 20);
    for (std::size_t i = 0; i < right.size(); ++i) {
        std::string wrong = right;
        wrong[i] = wrong[i] == '9' ? '0' : static_cast<char>(wrong[i] + 1);
        BOOST_TEST(!confirm(wrong));
        BOOST_TEST(!confirm(right.substr(0, i)));
    }
    const auto said = last_refusal(alice);
    BOOST_TEST(contains(said, std::to_string(here.asked[0]) + ", "));
    BOOST_TEST(!confirm(right + "0"));
    BOOST_TEST(!confirm("0" + right));
    BOOST_TEST(!confirm(right.substr(5) + right.substr(0, 5)));
    BOOST_TEST(!confirm(right + "x"));
    BOOST_TEST(confirm(right));  // read out once more
}

BOOST_AUTO_TEST_CASE(only_after_the_number_was_shown) {
    const auto there = show(bob, "alice");
    BOOST_TEST(!confirm(there.digits));
    BOOST_TEST(contains(last_refusal(alice), "/verify bob"));
    world.tell(alice, command::SetVerified{"bob", true});
    BOOST_TEST((trust() == Trust::unverified));
    BOOST_TEST(contains(last_refusal(alice), "/verify bob"));
    show(alice, "bob");
    world.tell(alice, command::SetVerified{"bob", true});  // by the QR code, say
    BOOST_TEST((trust() == Trust::verified));
}

BOOST_AUTO_TEST_CASE(not_with_a_number_of_another_key) {
    const auto old = show(alice, "bob");
    Puppet other("bob", 77);
    world.inject(alice, other.ask(alice, world.now.wall).text);
    BOOST_TEST(!confirm(old.digits));
    world.tell(alice, command::SetVerified{"bob", true});
    BOOST_TEST((trust() == Trust::key_changed));
    world.tell(alice, command::AcceptKeyChange{
                          "bob", alice.all<event::KeyChanged>().back().new_fingerprint});
    BOOST_TEST(!confirm(old.digits));
    BOOST_TEST(contains(last_refusal(alice), "/verify bob"));
    world.tell(alice, command::SetVerified{"bob", true});
    BOOST_TEST((trust() == Trust::unverified));
    const auto now = show(alice, "bob");
    BOOST_TEST(now.digits != old.digits);
    BOOST_TEST(confirm(now.digits));
}

BOOST_AUTO_TEST_CASE(not_twice_with_one_showing) {
    const auto here = show(alice, "bob");
    BOOST_TEST(confirm(here.digits));
    world.tell(alice, command::SetVerified{"bob", false});
    BOOST_TEST((trust() == Trust::unverified));
    BOOST_TEST(!confirm(here.digits));
}

BOOST_AUTO_TEST_CASE(never_if_nothing_is_known_of_it) {
    for (const char* user : {"nobody", "alice", "", "\x1b[2J"}) {
        const auto before = alice.all<event::Refused>().size();
        world.tell(alice, command::ShowSafetyNumber{user});
        world.tell(alice, command::ConfirmSafetyNumber{user, "1"});
        world.tell(alice, command::SetVerified{user, true});
        world.tell(alice, command::SetVerified{user, false});
        BOOST_TEST(alice.all<event::Refused>().size() == before + 4);
    }
    BOOST_TEST(alice.store->contacts().size() == 1);
}

BOOST_AUTO_TEST_CASE(that_is_refused_names_the_command_that_was) {
    const auto refused = [&](const sotto::client::Command& command) {
        world.tell(alice, command);
        const auto all = alice.all<event::Refused>();
        return all.empty() ? std::nullopt : all.back().command;
    };
    BOOST_TEST(refused(command::ConfirmSafetyNumber{"bob", "12345"}) ==
               CommandKind::confirm_safety_number);
    BOOST_TEST(refused(command::SetVerified{"bob", true}) == CommandKind::set_verified);
    BOOST_TEST(refused(command::SetVerified{"bob", false}) == CommandKind::set_verified);
    BOOST_TEST(last_refusal(alice) == "bob is not verified");
    BOOST_TEST(refused(command::Connect{}) == CommandKind::connect);
    world.tell(alice, command::Block{"bob"});
    world.tell(alice, command::Unblock{"bob"});
    BOOST_TEST(notices(alice, "bob is not blocked any more") == 1U);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(the_groups_to_type, Compare)

BOOST_AUTO_TEST_CASE(are_ones_own_first_and_three_of_the_peers_never_hidden_on_its_screen) {
    using sotto::crypto::safety_half;
    const std::string bobs = safety_half({"bob", bob.identity->public_key()});
    std::set<int> ever;
    for (int i = 0; i < 50; ++i) {
        const auto here = show(alice, "bob");
        const auto there = show(bob, "alice");
        const bool bobs_first = here.digits.substr(0, 30) == bobs;
        const int own = bobs_first ? 7 : 1;
        const int peers = bobs_first ? 1 : 7;
        BOOST_TEST(std::is_sorted(here.asked.begin(), here.asked.end()));
        BOOST_TEST(std::set<int>(here.asked.begin(), here.asked.end()).size() == 4);
        BOOST_TEST(std::count(here.asked.begin(), here.asked.end(), own) == 1);
        for (const int group : here.asked) {
            BOOST_TEST((group == own || (group > peers && group < peers + 6)));
            BOOST_TEST(std::count(there.asked.begin(), there.asked.end(), group) == 0);
        }
        ever.insert(here.asked.begin(), here.asked.end());
    }
    BOOST_TEST(ever.size() == 6);  // none is left out
}

BOOST_AUTO_TEST_CASE(tell_two_keys_in_the_middle_even_if_their_own_digits_agree) {
    // Each side's peer half is one of the middle's keys; say all their digits agree, and
    // both stand first. Then the other half gives it away: it is the true one of each.
    using sotto::client::ShownNumber;
    const std::string middle(30, '1');
    const std::string alices(30, '2');
    const std::string bobs(30, '3');
    for (int i = 0; i < 50; ++i) {
        const auto here = ShownNumber::draw({}, middle + alices, true, *alice.random);
        event::SafetyNumber there;
        there.digits = middle + bobs;
        BOOST_TEST(!here.fits(read_out(there, here.asked)));
        there.digits = middle + alices;
        BOOST_TEST(here.fits(read_out(there, here.asked)));
    }
}

BOOST_AUTO_TEST_SUITE_END()
