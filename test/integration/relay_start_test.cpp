// Errors that keep a relay from starting, and clients that it refuses: the sentences that an
// operator sees.
#include "test/integration/ground.h"
#include "test/integration/tls_peer.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>
#include <utility>

using namespace sotto::test;

namespace {

/// What it prints before it exits with status 1.
std::string refusal(const Ground& ground, const Arguments& arguments) {
    const auto relay = ground.run(SOTTO_RELAY_PROGRAM, arguments);
    BOOST_TEST(relay->wait() == 1);
    return relay->complained();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(relay_start)

BOOST_AUTO_TEST_CASE(a_port_in_use_is_told) {
    const Ground ground;
    const RelayProcess first = ground.relay();
    const std::string port = std::to_string(first.port);
    BOOST_TEST(
        refusal(ground,
                {"--address", "127.0.0.1", "--port", port, "--state", ground.path("other")}) ==
        "sotto-relay: can't listen on 127.0.0.1 port " + port + ": Address already in use\n");
}

BOOST_AUTO_TEST_CASE(nothing_is_logged_into_the_lock_file_when_standard_error_is_closed) {
    const Ground ground;
    const RelayProcess first = ground.relay();
    const std::string state = ground.path("other");
    const auto relay = ground.run(
        "/bin/sh", {"-c", "exec \"$0\" --address 127.0.0.1 --port \"$1\" --state \"$2\" 2>&-",
                    SOTTO_RELAY_PROGRAM, std::to_string(first.port), state});
    BOOST_TEST(relay->wait() == 1);  // the port is in use, which it says to nobody
    BOOST_TEST(std::filesystem::exists(state + "/lock"));
    BOOST_TEST(std::filesystem::file_size(state + "/lock") == 0U);
}

BOOST_AUTO_TEST_CASE(a_state_directory_that_can_not_be_written_is_told) {
    const Ground ground;
    const std::string file = ground.put("file", "");  // root may write everywhere, but not here
    BOOST_TEST(refusal(ground, {"--port", "0", "--state", file}) ==
               "sotto-relay: can't write to the state directory " + file + ": Not a directory\n");
}

BOOST_AUTO_TEST_CASE(a_certificate_that_can_not_be_read_or_is_none_is_told) {
    const Ground ground;
    const std::string key = ground.put("key.pem", "not a key");
    const std::string missing = ground.path("missing.pem");
    const std::string none = "nothing of the kind is in it, as PEM";
    for (const auto& [certificate, why] :
         {std::pair(missing, std::string("No such file or directory")),
          {ground.path(), none},
          {key, none}}) {
        BOOST_TEST(refusal(ground, {"--port", "0", "--state", ground.path("relay"), "--certificate",
                                    certificate, "--key", key}) ==
                   "sotto-relay: can't use the certificate " + certificate + ": " + why + "\n");
    }
}

BOOST_AUTO_TEST_CASE(a_lost_or_open_key_is_told_and_no_new_one_is_made) {
    const Ground ground;
    const Arguments usual{"--address", "127.0.0.1", "--port", "0", "--state", ground.path("relay")};
    std::string key;
    {
        const RelayProcess once = ground.relay();
        for (const auto& entry : std::filesystem::directory_iterator(ground.path("relay"))) {
            if (entry.path().string().find("key") != std::string::npos) {
                key = entry.path().string();
            }
        }
    }
    BOOST_TEST_REQUIRE(!key.empty());
    std::filesystem::permissions(key, std::filesystem::perms(0644));
    BOOST_TEST(refusal(ground, usual) ==
               "sotto-relay: others may read the key " + key + "; run: chmod 600 " + key + "\n");
    std::filesystem::remove(key);
    const std::string lost = refusal(ground, usual);
    BOOST_TEST(lost.find(key + " is missing beside ") != std::string::npos, lost);
    BOOST_TEST(!std::filesystem::exists(key));
}

BOOST_AUTO_TEST_CASE(a_client_of_tls_1_2_is_turned_away_and_others_are_served) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    BOOST_TEST(try_tls(relay.port, TlsVersion::up_to_1_2).find("alert protocol version") !=
               std::string::npos);
    BOOST_TEST(try_tls(relay.port, TlsVersion::from_1_3) == "TLSv1.3");
    const auto alice = ground.person("alice", relay);
    alice->read_until("* you are alice");
}

BOOST_AUTO_TEST_SUITE_END()
