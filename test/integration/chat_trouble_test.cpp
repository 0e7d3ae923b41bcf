// Failures during a chat or a request: what the users see, and that nothing is lost.
#include "test/integration/ground.h"

#include <boost/test/unit_test.hpp>

#include <chrono>
#include <csignal>
#include <filesystem>

using namespace sotto::test;

namespace {

std::vector<std::string> numbered(const std::string& author, int from, int to) {
    std::vector<std::string> out;
    for (int i = from; i < to; ++i) {
        out.push_back(author + " " + std::to_string(i));
    }
    return out;
}

void say_all(Bot& bot, const std::string& to, const std::vector<std::string>& texts) {
    for (const std::string& text : texts) {
        bot.send(to, text);
    }
}

/// Both have read every message of the other, and know that their own were delivered.
void hear_all(Bot& bot, std::size_t delivered, std::size_t heard) {
    while (bot.delivered() < delivered) {
        bot.await("delivery_changed");
    }
    while (bot.heard().size() < heard) {
        bot.await("message_added");
    }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(chat_trouble)

BOOST_AUTO_TEST_CASE(a_relay_that_is_killed_and_comes_back_loses_nothing) {
    const Ground ground;
    RelayProcess relay = ground.relay();
    Bot alice(ground.person("alice", relay, {"--json"}));
    Bot bob(ground.person("bob", relay, {"--json"}));
    alice.await("registered");
    bob.await("registered");
    befriend(alice, "alice", bob, "bob");
    say_all(alice, "bob", numbered("alice", 0, 100));  // most of them are in flight
    say_all(bob, "alice", numbered("bob", 0, 100));
    bob.await("message_added");
    relay.process->kill();
    const auto broken = [](const Json::Value& event) { return event["state"] == "broken"; };
    BOOST_TEST(alice.await("chat_changed", broken)["why"].asString() ==
               "the connection to the relay broke");
    bob.await("chat_changed", broken);
    say_all(alice, "bob", numbered("alice", 100, 120));  // without a relay
    say_all(bob, "alice", numbered("bob", 100, 120));
    const RelayProcess again = ground.relay(relay.port);
    BOOST_TEST(again.pin == relay.pin);
    hear_all(alice, 120, 120);
    hear_all(bob, 120, 120);
    BOOST_TEST((alice.heard() == numbered("bob", 0, 120)));
    BOOST_TEST((bob.heard() == numbered("alice", 0, 120)));
    alice.process().close_input();
    BOOST_TEST(alice.process().wait() == 0);
}

BOOST_AUTO_TEST_CASE(leaving_does_not_wait_for_a_relay_that_hangs) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    for (const bool by_signal : {false, true}) {
        const auto alice = ground.person("alice", relay);
        alice->read_until("* you are alice");
        relay.process->send_signal(SIGSTOP);
        const auto began = std::chrono::steady_clock::now();
        if (by_signal) {
            alice->send_signal(SIGTERM);
        } else {
            alice->write_line("/quit");
        }
        alice->wait();
        const bool soon = std::chrono::steady_clock::now() - began < std::chrono::seconds(1);
        BOOST_TEST(soon);
        relay.process->send_signal(SIGCONT);
    }
}

BOOST_AUTO_TEST_CASE(a_peer_who_is_unknown_or_offline_is_told) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    {
        const auto bob = ground.person("bob", relay);
        bob->read_until("* you are bob");
        bob->close_input();
        bob->wait();
    }
    const auto alice = ground.person("alice", relay);
    alice->read_until("* you are alice");
    alice->write_line("/chat nemo");
    alice->read_until("nobody is registered as nemo");
    alice->write_line("/chat bob");
    alice->read_until("bob is not online");
    alice->write_line("/chat alice");
    alice->read_until("! /chat: that is you");
    alice->write_line("/chat No!body");
    alice->read_until("! /chat: that is not a user name");
    alice->write_line("/quit");
    BOOST_TEST(alice->wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_changed_key_of_a_peer_blocks_the_chat_until_it_is_settled) {
    const Ground ground;
    RelayProcess relay = ground.relay();
    const auto talk = [](ChildProcess& alice, ChildProcess& bob) {
        alice.read_until("* you are alice");
        bob.read_until("* you are bob");
        alice.write_line("/chat bob");
    };
    {
        const auto alice = ground.person("alice", relay);
        const auto bob = ground.person("bob", relay);
        talk(*alice, *bob);
        bob->read_until("? alice asks for a chat");
        bob->write_line("/accept alice");
        alice->read_until("* bob: secure chat, unverified");
    }
    // Somebody else becomes bob on a relay that has forgotten its names.
    relay.process->kill();
    for (const auto& entry : std::filesystem::directory_iterator(ground.path("relay"))) {
        if (entry.path().string().find("sqlite") != std::string::npos) {
            std::filesystem::remove(entry.path());
        }
    }
    std::filesystem::remove_all(ground.path("bob"));
    const RelayProcess again = ground.relay(relay.port);
    const auto alice = ground.person("alice", again);
    const auto bob = ground.person("bob", again);
    talk(*alice, *bob);
    alice->read_until("! THE KEY OF bob HAS CHANGED; nothing is sent until you settle it");
    const std::string old_key = alice->read_until("!   old: ").substr(9);
    const std::string new_key = alice->read_until("!   new: ").substr(9);
    BOOST_TEST(old_key != new_key);
    alice->write_line("/chat bob");
    alice->read_until("! /chat: the key of bob has changed; /trust bob settles it");
    alice->write_line("/trust bob " + new_key);
    alice->read_until("you accepted the new key; it is unverified");
    alice->write_line("/chat bob");
    bob->read_until("? alice asks for a chat");
    bob->write_line("/accept alice");
    alice->read_until("* bob: secure chat, unverified");
}

BOOST_AUTO_TEST_CASE(signing_in_a_second_time_signs_the_first_out) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    const auto first = ground.person("alice", relay);
    first->read_until("* you are alice");
    std::filesystem::copy(ground.path("alice"), ground.path("copy"));
    const auto second = ground.sotto({"--data", ground.path("copy"), "--pin", relay.pin, "--plain",
                                      "alice@127.0.0.1:" + std::to_string(relay.port)});
    second->read_until("* you are alice");
    first->read_until("you signed in somewhere else with the same identity");
    first->close_input();
    BOOST_TEST(first->wait() == 1);
}

BOOST_AUTO_TEST_CASE(a_script_sends_to_somebody_who_accepts) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    Bot bob(ground.person("bob", relay, {"--json"}));
    bob.await("registered");
    const auto alice = ground.person("alice", relay, {"--send", "bob"});
    alice->write("the build is green\nall of it\n");
    alice->close_input();
    bob.await("request_arrived");
    bob.command_about("accept_request", "alice");
    BOOST_TEST(bob.await("message_added")["text"].asString() == "the build is green\nall of it");
    BOOST_TEST(alice->wait() == 0);
    BOOST_TEST(alice->said().empty());
}

BOOST_AUTO_TEST_CASE(a_pipe_that_is_full_before_there_is_a_connection_loses_nothing) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    const auto bob = ground.person("bob", relay);
    bob->read_until("* you are bob");
    const auto alice = ground.person("alice", relay);
    alice->write("/chat bob\nhello\nand bye\n");
    alice->close_input();
    bob->read_until("? alice asks for a chat");
    bob->write_line("/accept alice");
    bob->read_until("alice> hello");
    bob->read_until("alice> and bye");
    BOOST_TEST(alice->wait() == 0);
    const auto nothing = ground.person("carol", relay);
    nothing->close_input();
    BOOST_TEST(nothing->wait() == 0);
    BOOST_TEST(nothing->said().find("* you are carol") != std::string::npos, nothing->said());
}

BOOST_AUTO_TEST_CASE(a_script_is_told_when_it_could_not_send) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    const auto to_nobody = ground.person("alice", relay, {"--send", "nemo"});
    to_nobody->write("hello?\n");
    to_nobody->close_input();
    BOOST_TEST(to_nobody->wait() == 1);
    BOOST_TEST(to_nobody->complained().find("nobody is registered as nemo") != std::string::npos,
               to_nobody->complained());
    Bot bob(ground.person("bob", relay, {"--json"}));
    bob.await("registered");
    const auto declined = ground.person("alice", relay, {"--send", "bob"});
    declined->write("hello?\n");
    declined->close_input();
    bob.await("request_arrived");
    Json::Value no;
    no["user"] = "alice";
    no["block"] = false;
    bob.command("decline_request", no);
    BOOST_TEST(declined->wait() == 1);
    BOOST_TEST(declined->complained().find("bob: declined") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
