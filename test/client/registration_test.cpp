#include "test/client/talk.h"

using namespace sotto::test;
using sotto::client::LinkLoss;

namespace {

void lose(World& world, Person& person, const LinkLoss& loss) {
    person.client->on_link_down(loss, world.now);
    for (auto& one : person.client->take_events()) {
        person.events.push_back(std::move(one));
    }
}

std::string error(const std::string& code) {
    return R"({"type":"error","code":")" + code + R"(","message":"x"})";
}

/// An answer to `lookup` with a thousand names that nobody has, and more to come.
std::string made_up_page(const std::string& lookup, int page) {
    const auto id = lookup.find("\"id\":");
    std::string out = "{\"type\":\"user_list\"," + lookup.substr(id, lookup.find(',', id) - id) +
                      ",\"version\":" + std::to_string(page + 1) +
                      ",\"full\":false,\"more\":true,\"offline\":[],\"online\":[";
    for (int i = 0; i < 1'000; ++i) {
        out += (i == 0 ? "\"u" : ",\"u") + std::to_string(page * 1'000 + i) + "\"";
    }
    return out + "]}";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(a_registration)

BOOST_AUTO_TEST_CASE(says_who_one_is_and_lists_who_is_there) {
    World world;
    world.add("bob");
    auto& alice = world.add("alice");
    BOOST_TEST((link(alice) == Link::connected));
    BOOST_REQUIRE(alice.all<event::Registered>().size() == 1);
    BOOST_TEST(alice.all<event::Registered>()[0].fingerprint ==
               sotto::crypto::fingerprint(alice.identity->public_key()));
    const auto users = alice.all<event::UsersChanged>();
    BOOST_REQUIRE(users.size() == 1);
    BOOST_TEST(users[0].full);
    BOOST_TEST(users[0].users.size() == 2);
}

BOOST_AUTO_TEST_CASE(of_a_taken_name_is_refused_and_not_tried_again) {
    World world;
    Puppet other("alice", 99);
    world.registry.names.push_back({"alice", other.identity().public_key()});
    world.relay.restart();
    auto& alice = world.add("alice");
    world.pass(seconds(180));
    BOOST_TEST((link(alice) == Link::refused));
    BOOST_TEST(contains(alice.all<event::LinkChanged>().back().detail.str(), "another key"));
    BOOST_TEST(count(alice.sent, "hello") == 1);
}

BOOST_AUTO_TEST_CASE(that_another_of_the_same_identity_has_taken_over_is_what_the_chats_say) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.befriend(alice, bob);
    world.inject(alice, error("replaced"));
    world.cut(alice);
    BOOST_TEST((alice.state("bob") == ChatState::broken));
    BOOST_TEST(last_why(alice) == "you signed in somewhere else with the same identity");
    BOOST_TEST(alice.all<event::LinkChanged>().back().elsewhere);
    world.tell(alice, command::Connect{});
    world.settle();
    BOOST_TEST(!alice.all<event::LinkChanged>().back().elsewhere);
    world.cut(alice);
    BOOST_TEST(last_why(alice) == "the connection to the relay broke");
}

BOOST_AUTO_TEST_CASE(that_is_refused_for_good_stays_away_until_the_person_says_connect) {
    for (const char* code : {"replaced", "bad_name", "bad_signature", "unsupported_version"}) {
        World world;
        auto& alice = world.add("alice");
        if (code != std::string("replaced")) {  // while registering
            world.evil = [&](const std::string&, std::string& text) {
                text = is(text, "register") ? error(code) : text;
                return true;
            };
            world.cut(alice);
            world.pass(seconds(2));
            world.evil = nullptr;
        } else {
            world.inject(alice, error(code));
        }
        world.cut(alice);
        const auto before = count(alice.sent, "hello");
        world.pass(seconds(120));
        BOOST_TEST((link(alice) == Link::refused), code);
        BOOST_TEST(count(alice.sent, "hello") == before, code);
        world.tell(alice, command::Connect{});
        world.settle();
        BOOST_TEST((link(alice) == Link::connected), code);
    }
}

BOOST_AUTO_TEST_CASE(that_the_relay_never_answers_is_given_up_and_tried_again) {
    World world;
    auto& alice = world.add("alice");
    world.evil = [](const std::string&, std::string&) { return false; };
    world.cut(alice);
    world.pass(seconds(60));
    BOOST_TEST(count(alice.sent, "hello") >= 3);
    BOOST_TEST(alice.closes.size() >= 2);
    world.evil = nullptr;
    world.pass(seconds(60));
    BOOST_TEST((link(alice) == Link::connected));
}

BOOST_AUTO_TEST_CASE(answers_one_hello_only) {
    World world;
    auto& alice = world.add("alice");
    std::string hello;
    world.evil = [&](const std::string&, std::string& text) {
        if (is(text, "hello")) {
            hello = text;
        }
        return !is(text, "register");
    };
    world.cut(alice);
    world.pass(seconds(2));
    const auto registers = [&] { return count(alice.sent, "register"); };
    BOOST_TEST(registers() == 2);
    world.inject(alice, hello);
    BOOST_TEST(registers() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_link)

BOOST_AUTO_TEST_CASE(comes_back_with_growing_and_jittered_waits_of_half_to_30_seconds) {
    World world;
    auto& alice = world.add("alice");
    world.set_reachable(alice, false);
    std::vector<milliseconds> waits;
    for (int i = 0; i < 1'200; ++i) {
        const auto before = alice.all<event::LinkChanged>().size();
        world.pass(milliseconds(250));
        const auto changes = alice.all<event::LinkChanged>();
        for (auto at = before; at < changes.size(); ++at) {
            if (changes[at].state == Link::waiting) {
                waits.push_back(*changes[at].retry_at - world.now.monotonic);
            }
        }
    }
    BOOST_REQUIRE(waits.size() >= 10);
    for (const milliseconds wait : waits) {
        BOOST_TEST(wait.count() >= 500);
        BOOST_TEST(wait.count() <= 30'000);
    }
    BOOST_TEST(waits[0].count() <= 2'000);
    BOOST_TEST(waits.back().count() >= 15'000);
    BOOST_TEST((waits.back() != waits[waits.size() - 2]));  // jittered
    world.set_reachable(alice, true);
    world.pass(seconds(31));
    BOOST_TEST((link(alice) == Link::connected));
}

BOOST_AUTO_TEST_CASE(comes_back_at_once_when_the_person_says_so_and_stays_away_likewise) {
    World world;
    auto& alice = world.add("alice");
    world.set_reachable(alice, false);
    world.pass(seconds(120));
    world.set_reachable(alice, true);
    BOOST_TEST((link(alice) == Link::waiting));
    world.tell(alice, command::Connect{});
    world.settle();
    BOOST_TEST((link(alice) == Link::connected));
    world.tell(alice, command::Disconnect{});
    world.pass(seconds(120));
    BOOST_TEST((link(alice) == Link::offline));
}

BOOST_AUTO_TEST_CASE(to_a_relay_of_unknown_key_waits_for_the_person) {
    World world;
    auto& alice = world.add("alice");
    world.tell(alice, command::Disconnect{});
    alice.confirmed_pin = false;
    world.tell(alice, command::Connect{});
    BOOST_REQUIRE(alice.all<event::RelayTrustNeeded>().size() == 1);
    const std::string pin = alice.all<event::RelayTrustNeeded>()[0].pin_hex;
    world.pass(seconds(60));
    BOOST_TEST(alice.all<event::RelayTrustNeeded>().size() == 1);
    world.tell(alice, command::TrustRelay{"08", true});  // not what was shown
    BOOST_TEST(!alice.confirmed_pin);
    world.tell(alice, command::TrustRelay{pin, true});
    world.settle();
    BOOST_TEST(alice.confirmed_pin);
    BOOST_TEST((link(alice) == Link::connected));
    world.tell(alice, command::TrustRelay{pin, true});  // nothing is asked any more
    BOOST_TEST(contains(last_refusal(alice), "not the pin"));
}

BOOST_AUTO_TEST_CASE(to_a_relay_of_changed_key_is_refused_and_shown) {
    World world;
    auto& alice = world.add("alice");
    LinkLoss loss;
    loss.how = LinkLoss::How::key_changed;
    loss.pin_hex = "new";
    loss.stored_hex = "old";
    lose(world, alice, loss);
    BOOST_REQUIRE(alice.all<event::RelayKeyChanged>().size() == 1);
    BOOST_TEST(alice.all<event::RelayKeyChanged>()[0].stored_hex == "old");
    BOOST_TEST((link(alice) == Link::refused));
    BOOST_TEST(!alice.client->next_deadline().has_value());
}

BOOST_AUTO_TEST_CASE(closes_on_what_is_not_strict_json_and_comes_back) {
    for (const char* garbage :
         {"", "{", "[]", "nonsense", "{\"type\":1}", "{}", "{\"type\":\"error\"} x",
          "{\"type\":\"error\",\"type\":\"error\"}", "{\"type\":\"x\",\"n\":1.5}", "\xFF"}) {
        World world;
        auto& alice = world.add("alice");
        world.inject(alice, garbage);
        BOOST_REQUIRE(alice.closes.size() == 1);
        BOOST_TEST(alice.closes[0] == 1008);
        world.pass(seconds(3));
        BOOST_TEST((link(alice) == Link::connected));
    }
}

BOOST_AUTO_TEST_CASE(drops_what_it_does_not_expect) {
    World world;
    auto& alice = world.add("alice");
    const auto events = alice.events.size();
    for (const char* odd :
         {R"({"type":"surprise"})", R"({"type":"relay"})", R"({"type":"user_list","version":1})",
          R"({"type":"register","user":"mallory","ok":true})",
          R"({"type":"user_list","version":9,"full":true,"online":["x"],"offline":[],"more":true})",
          R"({"type":"get_pubkey","id":77,"user":"bob","identity":"","online":true})"}) {
        world.inject(alice, odd);
    }
    BOOST_TEST(alice.closes.empty());
    for (auto at = events; at < alice.events.size(); ++at) {
        BOOST_TEST(std::holds_alternative<event::WireSeen>(alice.events[at].what));
    }
}

BOOST_AUTO_TEST_CASE(hears_nothing_of_others_before_it_is_registered) {
    World world;
    auto& alice = world.add("alice");
    Puppet erin("erin", 4);
    world.evil = [](const std::string&, std::string& text) { return !is(text, "register"); };
    world.cut(alice);
    world.pass(seconds(2));
    world.inject(alice, erin.ask(alice, world.now.wall).text);
    BOOST_TEST(alice.all<event::RequestArrived>().empty());
}

BOOST_AUTO_TEST_CASE(shows_no_raw_byte_of_the_relay) {
    World world;
    auto& alice = world.add("alice");
    world.inject(alice, R"({"type":"error","code":"\u001b[2Jevil\u202e","message":"\u001b]0;x"})");
    world.pass(seconds(2));
    world.inject(alice, R"({"type":"error","code":"\u001b[2J","message":"","re":"\u001b[2J"})");
    for (const auto& one : alice.all<event::Notice>()) {
        BOOST_TEST(!contains(one.text.str(), "\x1B"));
        BOOST_TEST(!contains(one.text.str(), "evil"));
    }
    BOOST_TEST(alice.all<event::Notice>().size() == 2);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(the_list_of_users)

BOOST_AUTO_TEST_CASE(is_polled_as_often_as_the_relay_allows_and_no_more) {
    World world;
    auto& alice = world.add("alice");
    const auto before = count(alice.sent, "user_list");
    world.pass(seconds(60));
    const auto polls = count(alice.sent, "user_list") - before;
    BOOST_TEST(polls >= 11);
    BOOST_TEST(polls <= 12);
}

BOOST_AUTO_TEST_CASE(is_not_polled_without_end_for_a_relay_that_asks_for_it) {
    World world;
    world.evil = [](const std::string&, std::string& text) {
        const auto at = text.find("\"poll_seconds\":5");
        if (at != std::string::npos) {
            text.replace(at, 16, "\"poll_seconds\":0");
        }
        return true;
    };
    auto& alice = world.add("alice");
    const auto before = count(alice.sent, "user_list");
    world.pass(seconds(10));
    BOOST_TEST(count(alice.sent, "user_list") - before <= 10);
}

BOOST_AUTO_TEST_CASE(says_who_comes_and_goes) {
    World world;
    auto& alice = world.add("alice");
    auto& bob = world.add("bob");
    world.pass(seconds(6));
    const auto last = [&] { return alice.all<event::UsersChanged>().back().users.back(); };
    BOOST_TEST(last().name == "bob");
    BOOST_TEST(last().online);
    world.tell(bob, command::Disconnect{});
    world.pass(seconds(6));
    BOOST_TEST(last().name == "bob");
    BOOST_TEST(!last().online);
}

BOOST_AUTO_TEST_CASE(of_a_relay_that_makes_names_up_does_not_fill_the_memory) {
    World world;
    world.evil_up = [](const std::string&, std::string& text) { return !is(text, "user_list"); };
    auto& alice = world.add("alice");
    for (int page = 0; page < 250; ++page) {
        world.inject(alice, made_up_page(alice.sent.back(), page));
    }
    std::size_t names = 0;
    for (const auto& change : alice.all<event::UsersChanged>()) {
        names += change.users.size();
    }
    BOOST_TEST(names == 200'000);

    world.tell(alice, command::SearchUsers{"u"});
    const auto before = alice.sent.size();
    for (int page = 0; page < 20; ++page) {
        world.inject(alice, made_up_page(alice.sent.back(), page));
    }
    BOOST_TEST(alice.sent.size() == before + 9);
    BOOST_TEST(alice.all<event::SearchResult>().size() == 10);
    BOOST_TEST(!alice.all<event::SearchResult>().back().more);
}

BOOST_AUTO_TEST_CASE(can_be_searched_by_the_beginning_of_a_name) {
    World world;
    auto& alice = world.add("alice");
    auto& albert = world.add("albert");
    world.add("bob");
    world.tell(albert, command::Disconnect{});
    world.settle();
    world.tell(alice, command::SearchUsers{"al"});
    world.settle();
    const auto results = alice.all<event::SearchResult>();
    BOOST_REQUIRE(results.size() == 1);
    BOOST_TEST(results[0].users.size() == 2);
    BOOST_TEST(!results[0].more);
    world.tell(alice, command::SearchUsers{"No!"});
    BOOST_TEST(alice.all<event::SearchResult>().size() == 1);
    BOOST_TEST(contains(last_refusal(alice), "beginning"));
}

BOOST_AUTO_TEST_SUITE_END()
