// `sotto-relay check`, and what a start says of a configuration that is wrong.
#include "test/relay/running_relay.h"

#include <csignal>
#include <filesystem>
#include <iterator>

using namespace sotto;
using test::ChildProcess;
using test::Client;
using Running = test::RunningRelay;
using namespace std::string_literals;

namespace {

/// ECDSA on secp256k1, which TLS 1.3 does not know.
constexpr const char* kStrangeCurve = R"(-----BEGIN CERTIFICATE-----
MIIBbjCCARSgAwIBAgIUGyszEJ3NEGxXJHgz0hniLmFH+lAwCgYIKoZIzj0EAwIw
DTELMAkGA1UEAwwCazEwIBcNMjYxMTI2MjI1NTU2WhgPMjEyNjExMDIyMjU1NTZa
MA0xCzAJBgNVBAMMAmsxMFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEEE42ndBBTRlc
qj5AceJVRntkdYG3x73Mk5CLA0v3Exp2+0aEBooAbq8sIo4WnAediAORj4puIRWT
iBwqct6yraNTMFEwHQYDVR0OBBYEFN4NlVMUHjWB7IwYX+CvJ0fIafktMB8GA1Ud
IwQYMBaAFN4NlVMUHjWB7IwYX+CvJ0fIafktMA8GA1UdEwEB/wQFMAMBAf8wCgYI
KoZIzj0EAwIDSAAwRQIgGrFdLwol51GeVy3zbu6U1a+9UaFjLz96Kdv6TGNlun4C
IQCPDnK3SnbT5Ss+I0KfTTE2h3C1t7opi+OkeMJ8g70dcA==
-----END CERTIFICATE-----
-----BEGIN EC PRIVATE KEY-----
MHQCAQEEIOTQ9qon2F9HncXzl70vZVFQYndCiOF52dDCEn/7sTdhoAcGBSuBBAAK
oUQDQgAEEE42ndBBTRlcqj5AceJVRntkdYG3x73Mk5CLA0v3Exp2+0aEBooAbq8s
Io4WnAediAORj4puIRWTiBwqct6yrQ==
-----END EC PRIVATE KEY-----
)";

}  // namespace

BOOST_AUTO_TEST_SUITE(check)

BOOST_FIXTURE_TEST_CASE(check_says_all_that_is_wrong_and_where, Running) {
    const auto [fresh, well] = ask({"check", "--port", "0"});
    BOOST_TEST(well == 0, fresh);
    BOOST_TEST(!std::filesystem::exists(path + "/registry.sqlite"));
    const auto says = [](const std::string& text, const std::string& line) {
        BOOST_TEST(text.find(line) != std::string::npos, text + "\nlacks " + line);
    };
    put("registry.sqlite", std::string(4'096, 'x'));
    const std::string key = put("own.pem", "no key");
    ::chmod(key.c_str(), 0640);
    const auto [bad, status] = ask({"check", "--address", "nowhere", "--metrics", "9464",
                                    "--certificate", path + "/none.pem", "--key", key});
    BOOST_TEST(status == 1);
    says(bad, "WRONG registry: can't use the registry " + path);
    says(bad, "WRONG certificate: " + path + "/none.pem: No such file");
    says(bad, "WRONG port: 'nowhere' is not an IP address");
    says(bad, "WRONG metrics: --metrics: '9464' is not ADDRESS:PORT");
    says(ask({"check", "--port", "0", "--certificate", key, "--key", key}).first,
         "WRONG key: others may read the key " + key);
    says(ask({"check", "--port", "0", "--max-memory", "48000000"}).first,
         "note  max-memory: half of 48000000 bytes is room for 976 connections, not for 20000");
    const std::string file = put("wrong.conf", "port = \"x\"\n");
    const auto [unread, refused] = ask({"check", "--config", file});
    BOOST_TEST(refused == 1);
    says(unread, file + ":1: --port: 'x' is not a whole number");
}

BOOST_FIXTURE_TEST_CASE(check_tells_every_wrong_line_in_order_and_looks_at_the_rest, Running) {
    const std::string file = put("wrong.conf",
                                 "# a comment\n"
                                 "address = nowhere\n"
                                 "max-memory = \"\"\n"
                                 "[limits]\n"
                                 "prot = 1\n"
                                 "help = true\n"
                                 "port = 1\n"
                                 "port = 2\n"
                                 "print-pin = perhaps\n"
                                 "max-memory = 1000\n"
                                 "metrics = 9464\n"
                                 "x\n"
                                 "log-level = loud\n"
                                 "threads = 1 2\n"
                                 "certificate = /nowhere/certificate.pem\n");
    const auto [said, status] = ask({"check", "--config", file, "--busy-mark", "5000000"});
    BOOST_TEST(status == 1);
    const auto at = [&file](int line) { return file + ":" + std::to_string(line) + ": "; };
    std::size_t from = 0;
    for (const std::string& wanted :
         {"WRONG configuration: --busy-mark must be below --cut-mark\n"s,
          "WRONG configuration: " + at(3) + "--max-memory: '' is not a whole number",
          "WRONG configuration: " + at(4) + "there are no sections",
          "WRONG configuration: " + at(5) + "there is no option 'prot'",
          "WRONG configuration: " + at(6) + "'help' is for the command line alone",
          "WRONG configuration: " + at(8) + "'port' stands here a second time, after line 7",
          "WRONG configuration: " + at(9) + "--print-pin: 'perhaps' is neither true nor false",
          "WRONG configuration: " + at(10) + "'max-memory' stands here a second time",
          "WRONG configuration: " + at(12) + "not of the form: name = value",
          "WRONG configuration: " + at(13) + "--log-level: ",
          "WRONG configuration: " + at(14) + "--threads takes one value",
          "WRONG configuration: " + at(15) + "--certificate and --key go together",
          "ok    state: " + path,
          "WRONG certificate: " + at(15) + "/nowhere/certificate.pem: No such file",
          "WRONG port: " + at(2) + "'nowhere' is not an IP address",
          "WRONG metrics: " + at(11) + "--metrics: '9464' is not ADDRESS:PORT"}) {
        const auto found = said.find(wanted, from);
        BOOST_TEST(found != std::string::npos, said + "\nlacks, or has too early: " + wanted);
        from = found == std::string::npos ? from : found + wanted.size();
    }
}

BOOST_FIXTURE_TEST_CASE(a_relay_tells_every_wrong_line_and_where_a_value_stands_that_fails_later,
                        Running) {
    const std::string file = put("wrong.conf", "prot = 1\nlookups = 7\n");
    const auto [said, status] = ask({"--config", file});
    BOOST_TEST(status == 2);
    BOOST_TEST(said == "sotto-relay: " + file + ":1: there is no option 'prot'\nsotto-relay: " +
                           file + ":2: --lookups: '7' is not PER_SECOND:BURST, nor 0\n" +
                           "Run with --help for more information.\n");
    for (const auto& [line, complaint] :
         {std::pair("address = \"nowhere\""s, "'nowhere' is not an IP address"s),
          {"metrics = \"9464\"", "--metrics: '9464' is not ADDRESS:PORT"},
          {"certificate = \"/none.pem\"\nkey = \"/none.key\"",
           "can't use the certificate /none.pem: No such file or directory"}}) {
        put("wrong.conf", "port = 0\n" + line + "\n");
        const auto [why, failed] = ask({"--config", file});
        BOOST_TEST(failed == 1);
        BOOST_TEST(why.find("sotto-relay: " + file + ":2: " + complaint) == 0U, why);
    }
}

BOOST_FIXTURE_TEST_CASE(check_says_that_nothing_can_be_written_or_that_no_client_can_come,
                        Running) {
    put("relay.conf", "");
    start();
    relay->send_signal(SIGTERM);
    BOOST_TEST(relay->wait() == 0);  // all is there: nothing new has to be made
    const auto count = [this] {
        return std::distance(std::filesystem::directory_iterator(path), {});
    };
    const auto before = count();
    ChildProcess full("/bin/sh",
                      here({"-c", "ulimit -f 0; TMPDIR=/dev/null exec \"$0\" \"$@\"",
                            SOTTO_RELAY_PROGRAM, "check", "--port", "0", "--state", path}));
    BOOST_TEST(full.wait() == 1);
    BOOST_TEST(full.said().find("WRONG state: can't write to " + path) != std::string::npos,
               full.said());
    BOOST_TEST(ask({"check", "--port", "0"}).second == 0);
    BOOST_TEST(count() == before);
    const std::string both = put("strange.pem", kStrangeCurve);
    const auto [said, status] = ask({"check", "--port", "0", "--certificate", both, "--key", both});
    BOOST_TEST(status == 1);
    BOOST_TEST(said.find("WRONG certificate: no client can connect with the certificate " + both) !=
                   std::string::npos,
               said);
}

BOOST_FIXTURE_TEST_CASE(check_leaves_a_running_relay_alone, Running) {
    put("relay.conf", "");
    start();
    const auto [said, status] = ask({"check", "--port", std::to_string(port)});
    BOOST_TEST(status == 0, said);
    BOOST_TEST(said.find("a relay runs on this state directory") != std::string::npos, said);
    BOOST_TEST(Client(port).is_served());
}

BOOST_AUTO_TEST_SUITE_END()
