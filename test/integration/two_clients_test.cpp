// Two sotto and a sotto-relay, as processes, over TLS on loopback.
#include "test/integration/ground.h"
#include "test/integration/process_memory.h"

#include <boost/test/unit_test.hpp>

#include <csignal>

using namespace sotto::test;

namespace {

constexpr int kTexts = 200;
// Part of every text. It occurs in no program.
const std::string kSecret = "the quiet heron of Xyloquartz";

std::string text_number(const std::string& author, int number) {
    return kSecret + ", " + author + " " + std::to_string(number);
}

std::vector<std::string> texts_of(const std::string& author) {
    std::vector<std::string> out;
    for (int i = 0; i < kTexts; ++i) {
        out.push_back(text_number(author, i));
    }
    return out;
}

/// What would reveal the secret: itself, and its middle in base64 at each alignment.
const std::vector<std::string> kTraces{kSecret, "Xyloquartz", "WHlsb3F1YXJ0", "h5bG9xdWFydH",
                                       "YeWxvcXVhcnR6"};

Json::Value number_shown(Bot& bot, const std::string& user) {
    bot.command_about("show_safety_number", user);
    return bot.await("safety_number")["digits"];
}

}  // namespace

BOOST_AUTO_TEST_SUITE(two_clients)

BOOST_AUTO_TEST_CASE(they_talk_both_ways_at_once_and_the_relay_is_left_with_nothing) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    Bot alice(ground.person("alice", relay, {"--json"}));
    Bot bob(ground.person("bob", relay, {"--json"}));
    const std::string own = alice.await("registered")["fingerprint"].asString();
    bob.await("registered");

    alice.command_about("request_chat", "bob");
    BOOST_TEST(bob.await("request_arrived")["fingerprint"].asString() == own);
    bob.command_about("accept_request", "alice");

    for (int i = 0; i < kTexts; ++i) {  // some before the session is established
        alice.send("bob", text_number("alice", i));
        bob.send("alice", text_number("bob", i));
    }
    while (alice.delivered() < kTexts) {
        alice.await("delivery_changed");
    }
    while (bob.delivered() < kTexts || bob.heard().size() < kTexts) {
        bob.await(bob.delivered() < kTexts ? "delivery_changed" : "message_added");
    }
    while (alice.heard().size() < kTexts) {
        alice.await("message_added");
    }
    BOOST_TEST((alice.heard() == texts_of("bob")));
    BOOST_TEST((bob.heard() == texts_of("alice")));

    const std::string digits = number_shown(alice, "bob").asString();
    BOOST_TEST(digits.size() == 60U);
    BOOST_TEST(number_shown(bob, "alice").asString() == digits);

    // The relay's memory when it has just forwarded everything. A client's memory, which must
    // contain the secret, proves that the search works.
    std::vector<std::string> needles = kTraces;
    needles.emplace_back("alice");
    const auto found = found_in_memory(relay.process->pid(), needles);
    const auto proof = found_in_memory(alice.process().pid(), {kSecret});
    if (found && proof) {
        BOOST_TEST((*found == std::vector<std::string>{"alice"}));
        BOOST_TEST((*proof == std::vector<std::string>{kSecret}));
    } else {
        BOOST_TEST_MESSAGE("this system does not let us look into the memory of processes");
    }

    alice.command_about("end_chat", "bob");
    BOOST_TEST(bob.await("chat_changed",
                         [](const Json::Value& event) { return event["state"] == "ended"; })["why"]
                   .asString() == "alice ended the chat");
    alice.command("quit");
    bob.process().close_input();
    BOOST_TEST(alice.process().wait() == 0);
    BOOST_TEST(bob.process().wait() == 0);

    relay.process->send_signal(SIGTERM);
    BOOST_TEST(relay.process->wait() == 0);
    BOOST_TEST(
        (found_in_files(ground.path("relay"), needles) == std::vector<std::string>{"alice"}));
    for (const std::string& trace : kTraces) {
        BOOST_TEST(relay.process->transcript().find(trace) == std::string::npos);
    }
    BOOST_TEST(relay.process->transcript().find("listening") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_plain_face_does_the_same_by_its_lines) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    const auto alice = ground.person("alice", relay);
    const auto bob = ground.person("bob", relay);
    alice->read_until("you are alice");
    bob->read_until("you are bob");
    alice->write_line("/chat bob");
    bob->read_until("? alice asks for a chat");
    bob->write_line("/accept");
    alice->read_until("* bob: secure chat, unverified");
    alice->write_line("hello bob");
    bob->read_until("alice> hello bob");
    alice->read_until("* delivered to bob");
    bob->write_line("hello alice");
    alice->read_until("bob> hello alice");
    alice->close_input();
    BOOST_TEST(alice->wait() == 0);
    bob->read_until("* alice: ended");
    bob->write_line("/quit");
    BOOST_TEST(bob->wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_program_that_only_writes_leaves_once_all_has_arrived) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    Bot alice(ground.person("alice", relay, {"--json"}));
    Bot bob(ground.person("bob", relay, {"--json"}));
    alice.await("registered");
    bob.await("registered");
    befriend(alice, "alice", bob, "bob");
    for (int i = 0; i < kTexts; ++i) {
        alice.send("bob", text_number("alice", i));
    }
    alice.process().close_input();
    BOOST_TEST(alice.process().wait() == 0);
    while (bob.heard().size() < kTexts) {
        bob.await("message_added");
    }
    BOOST_TEST((bob.heard() == texts_of("alice")));
}

BOOST_AUTO_TEST_SUITE_END()
