// sotto-relay while it runs: its configuration and certificate change, and its operator
// has a hand on the names.
#include "net/io/certificate.h"
#include "net/io/client_endpoint.h"
#include "net/io/descriptor.h"
#include "net/io/tls_context.h"
#include "net/wire/strict_json.h"
#include "relay/program/file_stamps.h"
#include "relay/program/validity.h"
#include "test/support/child_process.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

using namespace sotto;
using Clock = net::Loop::Clock;
using test::ChildProcess;
using Words = std::vector<std::string>;
using namespace std::string_literals;

namespace {

const std::string kHello = R"({"type":"hello","versions":[1],"software":"test"})";

/// Valid on the first of January 2020 alone.
constexpr const char* kExpired = R"(-----BEGIN CERTIFICATE-----
MIIBBDCBqgIBATAKBggqhkjOPQQDAjAOMQwwCgYDVQQDDANvbGQwHhcNMjAwMTAx
MDAwMDAwWhcNMjAwMTAyMDAwMDAwWjAOMQwwCgYDVQQDDANvbGQwWTATBgcqhkjO
PQIBBggqhkjOPQMBBwNCAAQN3AvshjwY8/KFk10rsNiu82hV1Jqn224CemetGxFN
Bf/xRHXo3FNfAlnLubxGO07iSpC2Yd0rheWRmxsNAJdhMAoGCCqGSM49BAMCA0kA
MEYCIQDNKVA/R1Ln/swjSx5X5nlsE0nfPwvUH7by7PSDbo+rsQIhAJWJLCBRucnI
rV4HftC6UTJPlKTR3K+B8IhffrZUt3UI
-----END CERTIFICATE-----
)";
constexpr const char* kKeyOfExpired = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgciCQQ9mwEzfSmrDv
mnaODxJR/2Nfmf7iIVSf3PcS7YqhRANCAAQN3AvshjwY8/KFk10rsNiu82hV1Jqn
224CemetGxFNBf/xRHXo3FNfAlnLubxGO07iSpC2Yd0rheWRmxsNAJdh
-----END PRIVATE KEY-----
)";
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
constexpr const char* kEd25519Key = R"(-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIDv7oJNvbfpK1+2nK1S3aR3fZ3RQ++5H6TgOIZ5sickM
-----END PRIVATE KEY-----
)";

struct Folder {
    std::string put(const std::string& name, const std::string& text) const {
        std::string file = path + "/" + name;
        std::ofstream(file, std::ios::trunc) << text;
        ::chmod(file.c_str(), 0600);
        return file;
    }
    void put_certificate(const std::string& name = "relay.example") const {
        const auto pair = net::make_self_signed(name);
        put("certificate.pem", pair.certificate);
        put("key.pem", pair.key);
    }

    test::TemporaryFolder folder;
    std::string path = folder.path.string();
};

/// A client in this process.
struct Client {
    explicit Client(std::uint16_t port)
        : endpoint(loop, {[](const net::RelayCertificate&) { return true; },
                          [this](const net::LinkFacts& link) { facts = link; },
                          [this](std::string_view said) { received.emplace_back(said); },
                          [this](const net::LinkEnd&) { ended = true; }}) {
        endpoint.connect("127.0.0.1", port);
        BOOST_REQUIRE(until([this] { return facts.has_value(); }));
    }
    template <class Done>
    bool until(const Done& done) {
        const auto deadline = Clock::now() + std::chrono::seconds(60);
        while (!done() && Clock::now() < deadline) {
            loop.run_for(std::chrono::milliseconds(10));
        }
        return done();
    }
    /// Whether the relay answers it.
    bool is_served() {
        endpoint.send(kHello);
        return until([this] { return !received.empty(); }) && !ended;
    }

    net::Loop loop;
    std::optional<net::LinkFacts> facts;
    std::vector<std::string> received;
    bool ended = false;
    net::ClientEndpoint endpoint;
};

/// A relay with its own folder, whose log is among what it says.
struct Running : Folder {
    [[nodiscard]] ChildProcess::Options here(Words words) const {
        return {std::move(words), {{"XDG_CONFIG_HOME", path}, {"HOME", path}}};
    }
    void start() {
        relay = std::make_unique<ChildProcess>(
            "/bin/sh",
            here({"-c", "exec \"$0\" \"$@\" 2>&1", SOTTO_RELAY_PROGRAM, "--address", "127.0.0.1",
                  "--port", "0", "--state", path, "--config", path + "/relay.conf"}));
        const std::string said = relay->read_until("listening on");
        port = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(" port ") + 6)));
        relay->read_until("to connect");
    }
    /// What the program says with these words on the same state, and its status.
    std::pair<std::string, int> ask(Words words) const {
        words.insert(words.end(), {"--state", path});
        ChildProcess program(SOTTO_RELAY_PROGRAM, here(std::move(words)));
        const int status = program.wait();
        return {program.said() + program.complained(), status};
    }

    std::unique_ptr<ChildProcess> relay;
    std::uint16_t port = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(service)

BOOST_FIXTURE_TEST_CASE(sighup_takes_over_certificate_and_configuration_and_drops_nobody, Running) {
    put("relay.conf", "max-per-network = 1\n");
    put_certificate();
    start();
    Client first(port);
    put_certificate();
    put("relay.conf", "max-per-network = 2\nlog-format = \"json\"\nmetrics = \"127.0.0.1:1\"\n");
    relay->send_signal(SIGHUP);
    relay->read_until("--metrics has changed; that needs a restart");
    relay->read_until("\"message\":\"certificate and configuration reloaded\"");
    relay->read_until("the key is another one");
    Client second(port);
    BOOST_TEST((second.facts->pin != first.facts->pin));
    BOOST_TEST(first.is_served());
    BOOST_TEST(second.is_served());
}

BOOST_FIXTURE_TEST_CASE(a_configuration_or_key_that_is_wrong_changes_nothing_and_is_said, Running) {
    put("relay.conf", "log-level = \"info\"\n");
    put_certificate();
    start();
    Client before(port);
    const std::string file = put("relay.conf", "# lines\n\nprot = 1\n");
    relay->send_signal(SIGHUP);
    relay->read_until("configuration not reloaded: " + file + ":3: there is no option 'prot'");
    put("relay.conf", "\nlookups = 7\n");
    relay->send_signal(SIGHUP);
    relay->read_until("configuration not reloaded: " + file + ":2: --lookups: '7' is not");
    put("relay.conf", "");
    ::chmod((path + "/key.pem").c_str(), 0644);
    relay->send_signal(SIGHUP);
    relay->read_until("not reloaded: others may read the key");
    Client after(port);
    BOOST_TEST((after.facts->pin == before.facts->pin));
    BOOST_TEST(before.is_served());
    BOOST_TEST(after.is_served());
}

BOOST_FIXTURE_TEST_CASE(a_certificate_that_is_renewed_is_taken_without_a_word, Running) {
    put("relay.conf", "");
    put_certificate();
    start();
    Client before(port);
    put_certificate();
    relay->read_until("the certificate's files have changed");
    relay->read_until("certificate and configuration reloaded");
    Client after(port);
    BOOST_TEST((after.facts->pin != before.facts->pin));
    BOOST_TEST(before.is_served());
}

BOOST_FIXTURE_TEST_CASE(a_renewal_that_fails_for_a_passing_reason_is_tried_until_it_succeeds,
                        Running) {
    put("relay.conf", "metrics = \"127.0.0.1:0\"\n");
    put_certificate();
    start();
    Client before(port);
    rlimit limit{};
    BOOST_REQUIRE_EQUAL(::prlimit(relay->pid(), RLIMIT_NOFILE, nullptr, &limit), 0);
    const rlimit none{3, limit.rlim_max};
    BOOST_REQUIRE_EQUAL(::prlimit(relay->pid(), RLIMIT_NOFILE, &none, nullptr), 0);
    put_certificate();
    relay->read_until("not reloaded: can't read the certificate " + path +
                      "/certificate.pem: Too many open files; it is tried again");
    BOOST_REQUIRE_EQUAL(::prlimit(relay->pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
    relay->read_until("certificate and configuration reloaded");  // though no file has changed
    Client after(port);
    BOOST_TEST((after.facts->pin != before.facts->pin));
    BOOST_TEST(before.is_served());
}

BOOST_FIXTURE_TEST_CASE(a_certificate_that_has_expired_is_said_at_the_start_and_at_a_reload,
                        Running) {
    put("relay.conf", "");
    put("certificate.pem", kExpired);
    put("key.pem", kKeyOfExpired);
    start();
    relay->read_until("the certificate has expired, on 2020-01-02 00:00 UTC");
    relay->send_signal(SIGHUP);
    relay->read_until("the certificate has expired, on 2020-01-02 00:00 UTC");
}

BOOST_AUTO_TEST_CASE(dates_that_keep_clients_away_or_soon_will_are_a_sentence) {
    using std::chrono::hours;
    const std::chrono::system_clock::time_point start{};
    const auto said = [&](hours age, hours lifetime) {
        return relay::trouble_with({start, start + lifetime}, start + age).value_or("well");
    };
    BOOST_TEST(said(hours(-1), hours(2'160)).find("is not valid before 1970-01-01 00:00 UTC") !=
               std::string::npos);
    BOOST_TEST(said(hours(0), hours(2'160)) == "well");
    BOOST_TEST(said(hours(2'160 - 14 * 24), hours(2'160)) == "well");
    BOOST_TEST(said(hours(2'161 - 14 * 24), hours(2'160)) ==
               "the certificate expires soon, on 1970-04-01 00:00 UTC");
    BOOST_TEST(said(hours(100), hours(150)) == "well");  // one of a few days
    BOOST_TEST(said(hours(121), hours(150)).find("expires soon") != std::string::npos);
    BOOST_TEST(said(hours(150), hours(150)).find("has expired") != std::string::npos);
}

BOOST_FIXTURE_TEST_CASE(why_a_certificate_or_key_cant_be_used_is_said, Folder) {
    const auto why = [this](const std::string& certificate, const std::string& key) {
        try {
            (void)net::make_server_context(path + "/" + certificate, path + "/" + key);
            return "nothing"s;
        } catch (const std::runtime_error& error) {
            return std::string(error.what());
        }
    };
    put_certificate();
    put("text.pem", "no key");
    put("other.pem", net::make_self_signed("other.example").key);
    put("ed25519.pem", kEd25519Key);
    BOOST_TEST(why("certificate.pem", "key.pem") == "nothing");
    BOOST_TEST(why("missing.pem", "key.pem") ==
               "can't use the certificate " + path + "/missing.pem: No such file or directory");
    BOOST_TEST(why("certificate.pem", "missing.pem") ==
               "can't use the key " + path + "/missing.pem: No such file or directory");
    BOOST_TEST(why("text.pem", "key.pem") == "can't use the certificate " + path +
                                                 "/text.pem: nothing of the kind is in it, as PEM");
    for (const char* key : {"other.pem", "ed25519.pem"}) {
        BOOST_TEST(why("certificate.pem", key) == "the key " + path + "/" + key +
                                                      " is not that of the certificate " + path +
                                                      "/certificate.pem");
    }
}

BOOST_FIXTURE_TEST_CASE(names_are_blocked_listed_and_copied_while_it_runs, Running) {
    put("relay.conf", "");
    start();
    BOOST_TEST((ask({"names", "block", "carol"}) == std::pair("carol blocked\n"s, 0)));
    relay->read_until("name carol is now free and blocked");
    BOOST_TEST((ask({"names", "list"}) == std::pair("carol\tblocked\n"s, 0)));
    BOOST_TEST((ask({"names", "block", "carol"}) == std::pair("carol is blocked already\n"s, 1)));
    BOOST_TEST((ask({"names", "release", "carol"}) == std::pair("carol belongs to nobody\n"s, 1)));
    BOOST_TEST((ask({"names", "show", "carol"}) == std::pair("name: carol\nstate: blocked\n"s, 0)));
    BOOST_TEST((ask({"names", "show", "dave"}) == std::pair("name: dave\nstate: free\n"s, 1)));
    BOOST_TEST((ask({"names", "show", "D\x1b"}).second == 1));
    BOOST_TEST((ask({"names"}).second == 2));
    BOOST_TEST((ask({"backup", path + "/copy"}) == std::pair(""s, 0)));
    BOOST_TEST(std::filesystem::file_size(path + "/copy") > 0U);
    BOOST_TEST((ask({"names", "unblock", "carol"}) == std::pair("carol unblocked\n"s, 0)));
    relay->read_until("name carol is now free");
    BOOST_TEST((ask({"names", "list"}) == std::pair(""s, 0)));
}

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

BOOST_FIXTURE_TEST_CASE(the_journal_is_told_each_entry_with_its_priority_and_no_time, Running) {
    const std::string log = put("log", "");
    struct stat facts {};
    BOOST_REQUIRE_EQUAL(::stat(log.c_str(), &facts), 0);
    const auto run = [&](const std::string& stream, const std::string& words) {
        auto options =
            here({"-c", "exec \"$0\" --port 0 --state " + path + " " + words + " 2>" + log,
                  SOTTO_RELAY_PROGRAM});
        options.environment["JOURNAL_STREAM"] = stream;
        ChildProcess program("/bin/sh", std::move(options));
        if (words.find("nowhere") == std::string::npos) {
            program.read_until("to connect");
            program.send_signal(SIGTERM);
        }
        (void)program.wait();
        std::ifstream in(log);
        return std::string(std::istreambuf_iterator<char>(in), {});
    };
    const std::string journal = std::to_string(facts.st_dev) + ":" + std::to_string(facts.st_ino);
    const std::string usual = "--address 127.0.0.1";
    BOOST_TEST(run(journal, usual) == "<6>info: stopping\n<6>info: stopped\n");
    BOOST_TEST(run("1:1", usual).find("<6>") == std::string::npos);
    BOOST_TEST(run(journal, usual + " --log-format json").rfind("<6>{\"time\":", 0) == 0U);
    BOOST_TEST(run(journal, "--address nowhere").rfind("<3>sotto-relay: 'nowhere' is not", 0) ==
               0U);
}

BOOST_FIXTURE_TEST_CASE(in_json_the_first_lines_and_a_failed_start_are_json_too, Running) {
    const auto all_json = [](const std::string& text) {
        std::istringstream lines(text);
        std::size_t count = 0;
        for (std::string line; std::getline(lines, line); ++count) {
            BOOST_TEST(wire::check_strict_json(line).has_value(), line);
        }
        return count;
    };
    const Words usual{"--port", "0", "--state", path, "--log-format", "json"};
    const auto with = [&](Words words) {
        words.insert(words.begin(), usual.begin(), usual.end());
        return here(std::move(words));
    };
    ChildProcess well(SOTTO_RELAY_PROGRAM, with({"--address", "127.0.0.1"}));
    well.read_until("to connect");
    well.send_signal(SIGTERM);
    BOOST_TEST(well.wait() == 0);
    BOOST_TEST(all_json(well.said()) == 3U);
    for (const Words& wrong : {Words{"--address", "nowhere"}, Words{"--lookups", "7\x1b[2J"}}) {
        ChildProcess badly(SOTTO_RELAY_PROGRAM, with(wrong));
        BOOST_TEST(badly.wait() != 0);
        BOOST_TEST(all_json(badly.complained()) == 1U);
    }
}

BOOST_FIXTURE_TEST_CASE(a_registry_that_is_lost_beside_its_key_is_said, Running) {
    put("relay.conf", "");
    start();
    relay->send_signal(SIGTERM);
    BOOST_TEST(relay->wait() == 0);
    BOOST_TEST(relay->said().find("registry") == std::string::npos, relay->said());
    std::filesystem::remove(path + "/registry.sqlite");
    BOOST_TEST(ask({"check", "--port", "0"}).first.find("note  registry: none beside the key") !=
               std::string::npos);
    start();
    relay->read_until("but there was no registry: a new one was made");
}

/// A port of every address of the machine, or of those of IPv6 alone; 0 without IPv6.
std::uint16_t take_port(net::Descriptor& taken, int ipv6_alone) {
    taken = net::Descriptor(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in6 at{};
    at.sin6_family = AF_INET6;
    auto size = static_cast<socklen_t>(sizeof at);
    auto* raw = reinterpret_cast<sockaddr*>(&at);
    ::setsockopt(taken.get(), IPPROTO_IPV6, IPV6_V6ONLY, &ipv6_alone, sizeof ipv6_alone);
    const bool listens = taken.is_open() && ::bind(taken.get(), raw, size) == 0 &&
                         ::listen(taken.get(), 1) == 0 &&
                         ::getsockname(taken.get(), raw, &size) == 0;
    return listens ? ntohs(at.sin6_port) : std::uint16_t{0};
}

BOOST_FIXTURE_TEST_CASE(where_only_ipv4_can_be_had_that_is_said, Running) {
    net::Descriptor taken;
    const std::string in_use = std::to_string(take_port(taken, 1));
    if (in_use == "0") {
        return;
    }
    ChildProcess program(SOTTO_RELAY_PROGRAM, here({"--port", in_use, "--state", path}));
    program.read_until("listening on 0.0.0.0 port " + in_use);
    program.send_signal(SIGTERM);
    BOOST_TEST(program.wait() == 0);
    BOOST_TEST(program.complained().find("can't listen on :: port " + in_use) != std::string::npos,
               program.complained());
}

BOOST_FIXTURE_TEST_CASE(an_address_of_the_machine_that_cant_be_had_is_named_as_asked_for, Running) {
    net::Descriptor taken;
    const std::string in_use = std::to_string(take_port(taken, 0));
    if (in_use == "0") {
        return;
    }
    const auto [why, status] = ask({"--port", in_use});
    BOOST_TEST(status == 1);
    BOOST_TEST(why.find("can't listen on :: port " + in_use + ": Address already in use") !=
                   std::string::npos,
               why);
}

BOOST_FIXTURE_TEST_CASE(check_leaves_a_running_relay_alone, Running) {
    put("relay.conf", "");
    start();
    const auto [said, status] = ask({"check", "--port", std::to_string(port)});
    BOOST_TEST(status == 0, said);
    BOOST_TEST(said.find("a relay runs on this state directory") != std::string::npos, said);
    BOOST_TEST(Client(port).is_served());
}

BOOST_FIXTURE_TEST_CASE(a_full_disk_is_said_at_the_start_and_ends_nothing_by_a_signal, Running) {
    put("relay.conf", "");
    const auto start_without_room = [this] {
        // Before main the thread sanitizer writes a file of its own, unless there is no TMPDIR.
        ChildProcess program(
            "/bin/sh",
            here({"-c", "ulimit -f 0; TMPDIR=/dev/null exec \"$0\" \"$@\"", SOTTO_RELAY_PROGRAM,
                  "--address", "127.0.0.1", "--port", "0", "--state", path}));
        BOOST_TEST(program.wait() == 1);
        return program.complained();
    };
    BOOST_TEST(start_without_room().find("sotto-relay: can't write " + path) == 0U);
    start();  // nothing is left of that
    relay->send_signal(SIGTERM);
    BOOST_TEST(relay->wait() == 0);
    BOOST_TEST(start_without_room().find("sotto-relay: can't use the registry " + path) == 0U);
    start();
    BOOST_TEST(Client(port).is_served());
}

BOOST_FIXTURE_TEST_CASE(a_second_sigterm_does_not_wait_for_a_client_that_does_not_answer, Running) {
    put("relay.conf", "");
    start();
    const Client silent(port);
    const auto asked = Clock::now();
    relay->send_signal(SIGTERM);
    relay->read_until("stopping");
    relay->send_signal(SIGTERM);
    BOOST_TEST(relay->wait() == 0);
    BOOST_TEST((Clock::now() - asked < std::chrono::seconds(5)));
}

BOOST_FIXTURE_TEST_CASE(a_change_of_files_is_told_once_when_it_has_settled, Folder) {
    const std::string one = put("one", "1");
    const std::string two = path + "/two";
    std::filesystem::create_symlink(one, two);
    relay::FileStamps stamps({two, path + "/missing"});
    BOOST_TEST(!stamps.settled());
    put("one", "12");
    BOOST_TEST(!stamps.settled());  // just seen
    BOOST_TEST(stamps.settled());
    BOOST_TEST(!stamps.settled());
    put("other", "12");
    std::filesystem::rename(path + "/other", one);  // replaced under the link
    BOOST_TEST(!stamps.settled());
    put("missing", "there");
    BOOST_TEST(!stamps.settled());
    BOOST_TEST(stamps.settled());
    ::chmod(one.c_str(), 0400);
    BOOST_TEST(!stamps.settled());
    BOOST_TEST(stamps.settled());
    BOOST_TEST(!stamps.settled());
}

BOOST_AUTO_TEST_SUITE_END()
