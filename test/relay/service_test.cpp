// sotto-relay while it runs: its configuration and certificate change, and its operator
// has a hand on the names.
#include "net/system/descriptor.h"
#include "net/wire/strict_json.h"
#include "test/relay/running_relay.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <csignal>
#include <filesystem>
#include <iterator>
#include <sstream>

using namespace sotto;
using Clock = net::Loop::Clock;
using test::ChildProcess;
using test::Client;
using Running = test::RunningRelay;
using Words = std::vector<std::string>;
using namespace std::string_literals;

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

BOOST_AUTO_TEST_SUITE_END()
