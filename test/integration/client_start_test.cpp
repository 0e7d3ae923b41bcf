// Errors that keep a client from starting or connecting: the sentences that a person sees.
#include "test/integration/ground.h"
#include "test/integration/tls_peer.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace sotto::test;

namespace {

const std::string kNowhere = "alice@127.0.0.1:1";

/// A client that can't start.
struct Refusal {
    int status = 0;
    std::string why;
};
Refusal refusal(const Ground& ground, const Arguments& arguments) {
    const auto client = ground.sotto(arguments);
    const int status = client->wait();
    return {status, client->complained()};
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::string contents(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

/// Creates an identity in path("alice").
std::string make_identity(const Ground& ground, const Arguments& more = {}) {
    Arguments arguments{"--plain", "--data", ground.path("alice")};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.push_back(kNowhere);
    const auto client = ground.sotto(arguments);
    client->read_until("* connecting to");
    client->send_signal(SIGTERM);
    client->wait();
    return ground.path("alice/identity");
}

std::string file_with(const Ground& ground, const std::string& part) {
    for (const auto& entry : std::filesystem::directory_iterator(ground.path("relay"))) {
        if (holds(entry.path().filename().string(), part)) {
            return entry.path().string();
        }
    }
    return "";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(client_start)

BOOST_AUTO_TEST_CASE(without_a_terminal_it_asks_nobody_and_says_what_is_missing) {
    const Ground ground;
    const Refusal no_address = refusal(ground, {});
    BOOST_TEST(no_address.status == 2);
    BOOST_TEST(no_address.why ==
               "sotto: say who you are: sotto NAME@HOST[:PORT] (or try: sotto --demo)\n");
    BOOST_TEST(refusal(ground, {"--json"}).status == 2);
}

BOOST_AUTO_TEST_CASE(wrong_usage_is_status_2) {
    const Ground ground;
    const Refusal unknown = refusal(ground, {"--fly"});
    BOOST_TEST(unknown.status == 2);
    BOOST_TEST(holds(unknown.why, "--fly"));
    const std::string config = ground.put("config/sotto/config", "# mine\nplian = true\n");
    const Refusal misspelt = refusal(ground, {kNowhere});
    BOOST_TEST(misspelt.status == 2);
    BOOST_TEST(holds(misspelt.why, "sotto: " + config + ":2: there is no option 'plian'"));
}

BOOST_AUTO_TEST_CASE(a_data_directory_that_can_not_be_written_is_told) {
    const Ground ground;
    const std::string file = ground.put("file", "");  // root may write everywhere, but not here
    const Refusal refused = refusal(ground, {"--data", file, kNowhere});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.why == "sotto: can't write to " + file + ": Not a directory\n");
}

BOOST_AUTO_TEST_CASE(a_second_one_with_the_same_files_does_not_start_until_the_first_has_ended) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    const auto first = ground.person("alice", relay);
    first->read_until("* you are alice");
    const auto second = ground.person("alice", relay);
    BOOST_TEST(second->wait() == 1);
    BOOST_TEST(second->complained() == "sotto: another sotto runs with the files in " +
                                           ground.path("alice") +
                                           "; leave that one first, or name other files with "
                                           "--data\n");
    first->send_signal(SIGKILL);
    first->wait();
    const auto third = ground.person("alice", relay);
    third->read_until("* you are alice");
}

BOOST_AUTO_TEST_CASE(an_identity_that_others_may_read_is_told_with_the_remedy) {
    const Ground ground;
    const std::string identity = make_identity(ground);
    std::filesystem::permissions(identity, std::filesystem::perms(0644));
    const Refusal refused = refusal(ground, {"--data", ground.path("alice"), kNowhere});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.why ==
               "sotto: others may read " + identity + "; run: chmod 600 " + identity + "\n");
}

BOOST_AUTO_TEST_CASE(a_truncated_identity_is_told_and_not_replaced) {
    const Ground ground;
    const std::string identity = make_identity(ground);
    std::filesystem::resize_file(identity, 50);
    const std::string before = contents(identity);
    const Refusal refused = refusal(ground, {"--data", ground.path("alice"), kNowhere});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.why ==
               "sotto: " + identity + ": this is not a sotto identity, or it is truncated\n");
    BOOST_TEST(contents(identity) == before);
}

BOOST_AUTO_TEST_CASE(a_wrong_passphrase_and_one_that_nobody_can_give_are_told) {
    const Ground ground;
    const std::string identity =
        make_identity(ground, {"--passphrase-file", ground.put("right", "open sesame\n")});
    const Refusal wrong = refusal(ground, {"--data", ground.path("alice"), "--passphrase-file",
                                           ground.put("wrong", "open barley\n"), kNowhere});
    BOOST_TEST(wrong.status == 1);
    BOOST_TEST(wrong.why ==
               "sotto: " + identity + ": wrong passphrase, or the identity is damaged\n");
    const Refusal nobody = refusal(ground, {"--data", ground.path("alice"), kNowhere});
    BOOST_TEST(nobody.status == 1);
    BOOST_TEST(nobody.why == "sotto: " + identity +
                                 ": it has a passphrase, and nobody is here to ask; see "
                                 "--passphrase-file\n");
}

BOOST_AUTO_TEST_CASE(contacts_and_pins_that_are_damaged_are_told) {
    const Ground ground;
    make_identity(ground);
    const std::string pins = ground.put("alice/relays", "# pins\nrelay.example:7443 1234\n");
    const Refusal refused = refusal(ground, {"--data", ground.path("alice"), kNowhere});
    BOOST_TEST(refused.status == 1);
    BOOST_TEST(refused.why ==
               "sotto: " + pins + ":2: not a relay and its pin; mend or remove the line\n");
    std::filesystem::remove(pins);
    ground.put("alice/contacts.sqlite", std::string(4'096, 'x'));
    BOOST_TEST(refusal(ground, {"--data", ground.path("alice"), kNowhere}).status == 1);
}

BOOST_AUTO_TEST_CASE(a_new_relay_is_agreed_to_once_and_a_changed_one_is_refused) {
    const Ground ground;
    const Arguments quietly{"--plain", "--data", ground.path("alice")};
    RelayProcess relay = ground.relay();
    const auto arguments = [&](const RelayProcess& at) {
        Arguments out = quietly;
        out.push_back("alice@127.0.0.1:" + std::to_string(at.port));
        return out;
    };
    {
        const auto first = ground.sotto(arguments(relay));
        first->read_until("? the relay 127.0.0.1:" + std::to_string(relay.port) +
                          " is new to you. Its pin is");
        first->read_until("?   " + relay.pin);
        first->write_line("/agree " + std::string(64, '0'));
        first->read_until("! /agree: that is not the pin that was shown");
        first->write_line("/agree " + relay.pin);
        first->read_until("* you are alice");
    }
    {
        const auto second = ground.sotto(quietly);  // remembers name and relay
        second->read_until("* you are alice");
        BOOST_TEST(!holds(second->said(), "new to you"));
    }
    relay.process->kill();
    std::filesystem::remove_all(ground.path("relay"));
    const RelayProcess other = ground.relay(relay.port);
    const auto third = ground.sotto(quietly);
    third->read_until("! THE KEY OF THE RELAY 127.0.0.1:" + std::to_string(relay.port) +
                      " HAS CHANGED; nothing was sent to it");
    third->read_until("!   pinned: " + relay.pin);
    third->read_until("!   seen:   " + other.pin);
    third->close_input();
    BOOST_TEST(third->wait() == 1);
    {
        const auto fourth = ground.sotto({"--plain", "--data", ground.path("alice"), "--pin",
                                          other.pin});  // the person knows better
        fourth->read_until("the relay's new pin is stored instead of the old one");
        fourth->read_until("* you are alice");
    }
    const auto fifth = ground.sotto(quietly);
    fifth->read_until("* you are alice");
}

BOOST_AUTO_TEST_CASE(a_pin_that_can_not_be_kept_is_told_and_counts_for_this_time) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    make_identity(ground);
    const auto alice = ground.sotto({"--plain", "--data", ground.path("alice"),
                                     "alice@127.0.0.1:" + std::to_string(relay.port)});
    alice->read_until("?   " + relay.pin);
    std::filesystem::create_directory(ground.path("alice/relays"));  // blocks it, for root too
    alice->write_line("/agree " + relay.pin);
    alice->read_until("! can't write " + ground.path("alice/relays") + ": Is a directory");
    alice->read_until("* you are alice");
    alice->write_line("/quit");
    BOOST_TEST(alice->wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_pin_from_the_command_line_that_is_not_the_relays_is_refused) {
    const Ground ground;
    RelayProcess relay = ground.relay();
    const std::string right = relay.pin;
    relay.pin = std::string(64, '0');
    const auto alice = ground.person("alice", relay);
    alice->read_until("!   pinned: " + relay.pin);
    alice->read_until("!   seen:   " + right);
    alice->close_input();
    BOOST_TEST(alice->wait() == 1);
}

BOOST_AUTO_TEST_CASE(a_name_that_belongs_to_another_key_is_told) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    const auto alice = ground.person("alice", relay);
    alice->read_until("* you are alice");
    const auto thief = ground.sotto({"--plain", "--data", ground.path("thief"), "--pin", relay.pin,
                                     "alice@127.0.0.1:" + std::to_string(relay.port)});
    thief->read_until("* refused 127.0.0.1:" + std::to_string(relay.port) +
                      ": this name belongs to another key on this relay");
    thief->close_input();
    BOOST_TEST(thief->wait() == 1);
    BOOST_TEST(!std::filesystem::exists(ground.path("thief/address")));  // it asks again
    BOOST_TEST(std::filesystem::exists(ground.path("alice/address")));
}

BOOST_AUTO_TEST_CASE(what_is_no_relay_is_told) {
    const Ground ground;
    { const RelayProcess once = ground.relay(); }  // for its certificate
    const std::string certificate = file_with(ground, "cert");
    const std::string key = file_with(ground, "key");
    BOOST_TEST_REQUIRE(!certificate.empty());
    for (const auto speaks : {OldServer::Speaks::tls_1_2, OldServer::Speaks::nothing}) {
        const OldServer server(speaks, certificate, key);
        const auto alice =
            ground.sotto({"--plain", "--trust-new-relay", "--data", ground.path("alice"),
                          "alice@127.0.0.1:" + std::to_string(server.port())});
        alice->read_until(": no TLS 1.3 connection could be made");
    }
    const auto nobody = ground.sotto({"--plain", "--data", ground.path("alice"), kNowhere});
    nobody->read_until("* waiting for 127.0.0.1:1: Connection refused");
}

BOOST_AUTO_TEST_SUITE_END()
