// What an operator says and sees: options, log, state directory, metrics.
#include "net/wire/strict_json.h"
#include "relay/broker/quiet_thread.h"
#include "relay/broker/state_directory.h"
#include "relay/program/log.h"
#include "relay/program/metrics_server.h"
#include "relay/program/notify.h"
#include "relay/program/options.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <vector>

using namespace sotto;
using relay::Leave;
using relay::Options;

namespace {

struct Folder : test::TemporaryFolder {
    Folder() { ::setenv("XDG_CONFIG_HOME", path.c_str(), 1); }
    ~Folder() {
        ::unsetenv("XDG_CONFIG_HOME");
        ::unsetenv("NOTIFY_SOCKET");
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

std::variant<Options, Leave> read(std::vector<const char*> words) {
    words.insert(words.begin(), "sotto-relay");
    return relay::read_options(static_cast<int>(words.size()), words.data());
}

int status_of(std::vector<const char*> words) {
    const auto said = read(std::move(words));
    return std::holds_alternative<Leave>(said) ? std::get<Leave>(said).status : -1;
}

/// What is wrong with these words, for a relay that runs.
std::string wrong_with(std::vector<const char*> words) {
    words.insert(words.begin(), "sotto-relay");
    const auto said = relay::reread_options(static_cast<int>(words.size()), words.data());
    return said ? "" : said.error();
}

std::string why_not(const std::function<void()>& step) {
    try {
        step();
        return "";
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(operators, Folder)

BOOST_AUTO_TEST_CASE(bad_options_end_with_2_and_help_and_version_with_0) {
    for (const auto& bad :
         std::vector<std::vector<const char*>>{{"--nonsense"},
                                               {"stray"},
                                               {"--port", "70000"},
                                               {"--port", "x"},
                                               {"--log-level", "loud"},
                                               {"--certificate", "/tmp/only-one.pem"},
                                               {"--config", "/nowhere/relay.conf"},
                                               {"--max-memory", "1000"},
                                               {"--lookups", "20"},
                                               {"--lookups", "-1:5"},
                                               {"--lookups", "1:0"},
                                               {"--lookups", "1:5x"},
                                               {"--busy-mark", "100", "--cut-mark", "100"}}) {
        BOOST_TEST(status_of(bad) == 2, bad[0]);
    }
    BOOST_TEST(status_of({"--help"}) == 0);
    BOOST_TEST(status_of({"--version"}) == 0);
}

BOOST_AUTO_TEST_CASE(a_number_that_is_empty_negative_octal_or_too_large_is_no_number) {
    for (const char* option : {"--max-memory", "--max-connections", "--max-per-network",
                               "--max-names", "--busy-mark", "--cut-mark", "--port", "--threads"}) {
        for (const char* text : {"", "-1", "-5", "010", "0x10", "+1", " 1", "1 ", "1.5", "1e6",
                                 "18446744073709551616", "99999999999999999999"}) {
            const std::string why = wrong_with({option, text});
            BOOST_TEST(
                why.find(std::string(option) + ": '" + text + "' is not a whole number") == 0U,
                option << " '" << text << "': " << why);
        }
    }
    std::ofstream(path / "file") << "# a limit\nmax-memory = \"\"\n";
    const std::string file = (path / "file").string();
    BOOST_TEST(wrong_with({"--config", file.c_str()}).find(file + ":2: --max-memory: ''") == 0U);
}

BOOST_AUTO_TEST_CASE(a_rate_is_two_numbers_that_can_be_counted_with) {
    for (const char* text : {"",
                             ":",
                             "1:",
                             ":1",
                             "-50:1000",
                             "50:-1000",
                             "nan:1",
                             "1:nan",
                             "inf:1000",
                             "50:inf",
                             "1e3:1000",
                             "0x10:1000",
                             "99999999999999999999:1",
                             "1:99999999999999999999",
                             "0:5",
                             "0.0000000000001:1",
                             " 1:1",
                             "1:1 ",
                             "1.:1",
                             ".5:1",
                             "1:1:1"}) {
        const std::string why = wrong_with({"--refusals", text});
        BOOST_TEST(
            why.find(std::string("--refusals: '") + text + "' is not PER_SECOND:BURST") == 0U,
            "'" << text << "': " << why);
    }
}

BOOST_AUTO_TEST_CASE(limits_are_read_and_0_means_none) {
    const auto said = std::get<Options>(
        read({"--lookups", "0.5:7", "--new-names", "0", "--max-connections", "12", "--cut-mark",
              "9000000", "--max-memory", "67108864", "--refusals", "3:4", "--max-names", "7"}));
    BOOST_TEST(said.limits.lookups.per_second == 0.5);
    BOOST_TEST(said.limits.lookups.burst == 7);
    BOOST_TEST(said.limits.new_names.burst == 0);
    BOOST_TEST(said.limits.max_names == 7U);
    BOOST_TEST(said.limits.refusals.per_second == 3);
    BOOST_TEST(said.limits.refusals.burst == 4);
    BOOST_TEST(said.endpoint.connections.in_all == 12U);
    BOOST_TEST(said.endpoint.max_queued_bytes == 9'000'000U);
    BOOST_TEST(said.max_memory == 67'108'864U);
    BOOST_TEST(std::get<Options>(read({"--max-memory", "0"})).max_memory == 0U);
    const auto plain = std::get<Options>(read({}));
    BOOST_TEST(plain.limits.requests.burst == relay::Limits().requests.burst);
    BOOST_TEST(plain.endpoint.connections.in_all == 20'000U);
    BOOST_TEST(plain.max_memory == 1U << 30U);
}

BOOST_AUTO_TEST_CASE(the_configuration_file_is_found_by_itself_and_a_misspelt_line_is_said) {
    std::filesystem::create_directory(path / "sotto");
    std::ofstream(path / "sotto" / "relay.conf") << "port = 4444\nlookups = \"1:2\"\n";
    const auto said = std::get<Options>(read({}));
    BOOST_TEST(said.port == 4'444);
    BOOST_TEST(said.limits.lookups.burst == 2);
    BOOST_TEST(std::get<Options>(read({"--port", "5555"})).port == 5'555);
    std::ofstream(path / "sotto" / "relay.conf") << "prot = 4444\n";
    BOOST_TEST(status_of({}) == 2);
}

BOOST_AUTO_TEST_CASE(a_log_line_is_one_line_and_valid_json_whatever_it_says) {
    for (const std::string& hostile :
         {std::string("a\"},{\"level\":\"error\""), std::string("back\\slash"),
          std::string("two\nlines\r\n"), std::string("\0nul\x1b[2J\x7f", 9),
          std::string("\xFF\xFE not utf-8"), std::string("caf\xC3\xA9")}) {
        const std::string line = "{\"message\":\"" + relay::json_escaped(hostile) + "\"}";
        BOOST_TEST(wire::check_strict_json(line).has_value(), line);
        for (const std::string& text : {line, relay::plain_escaped(hostile)}) {
            for (const char c : text) {
                BOOST_TEST((static_cast<unsigned char>(c) >= 0x20 && c != 0x7F), text);
            }
        }
    }
    BOOST_TEST(relay::json_escaped("caf\xC3\xA9") == "caf\xC3\xA9");
    const std::string clear_and_lines =
        "\xC2\x9B"
        "2J \xE2\x80\xA8 \xE2\x80\xA9 \xC2\xA0";
    BOOST_TEST(relay::json_escaped(clear_and_lines) == "\\u009b2J \\u2028 \\u2029 \xC2\xA0");
    BOOST_TEST(relay::plain_escaped(clear_and_lines) ==
               "\\xc2\\x9b2J \\xe2\\x80\\xa8 \\xe2\\x80\\xa9 \xC2\xA0");
}

BOOST_AUTO_TEST_CASE(a_second_relay_on_the_same_state_directory_is_refused_with_a_sentence) {
    const auto state = relay::open_state((path / "state").string());
    {
        const auto held = relay::lock_state(state);
        const auto why = why_not([&] { (void)relay::lock_state(state); });
        BOOST_TEST(why.find("another sotto-relay") != std::string::npos, why);
        BOOST_TEST(why.find(state.path) != std::string::npos, why);
    }
    BOOST_TEST(why_not([&] { (void)relay::lock_state(state); }).empty());
}

BOOST_AUTO_TEST_CASE(the_services_registry_is_named_where_a_shell_has_none) {
    const relay::StateDirectory own{(path / "own").string()};
    const relay::StateDirectory service{(path / "service").string()};
    std::filesystem::create_directory(own.path);
    std::filesystem::create_directory(service.path);
    BOOST_TEST(relay::service_hint(own, service.path).empty());
    std::ofstream(service.registry()) << "names";
    BOOST_TEST(relay::service_hint(own, service.path) ==
               "the service has one, say --state " + service.path + " to use that");
    std::ofstream(own.registry()) << "names";
    BOOST_TEST(relay::service_hint(own, service.path).empty());
}

BOOST_AUTO_TEST_CASE(a_key_that_others_may_read_is_refused_whoever_made_it) {
    const auto key = (path / "key.pem").string();
    std::ofstream(key) << "key";
    for (const mode_t loose : {0644U, 0640U, 0604U, 0660U}) {
        ::chmod(key.c_str(), loose);
        BOOST_TEST(why_not([&] { relay::check_key_mode(key); }).find("chmod 600") !=
                   std::string::npos);
    }
    ::chmod(key.c_str(), 0600);
    BOOST_TEST(why_not([&] { relay::check_key_mode(key); }).empty());
}

BOOST_AUTO_TEST_CASE(metrics_are_in_prometheus_form_with_every_code_and_type) {
    relay::Metrics metrics;
    metrics.connections = 7;
    metrics.counters.received[relay::MessageType::relay] = {3, 400};
    metrics.memory[net::MemoryBudget::Use::half_received] = 6;
    const std::string text = relay::to_prometheus(metrics);
    BOOST_TEST(text.find("sotto_connections{state=\"open\"} 7\n") != std::string::npos);
    BOOST_TEST(text.find("sotto_received_bytes_total{type=\"relay\"} 400\n") != std::string::npos);
    BOOST_TEST(text.find("sotto_budget_bytes{use=\"half_received\"} 6\n") != std::string::npos);
    for (const auto& row : wire::error_table()) {
        BOOST_TEST(text.find("{code=\"" + std::string(row.name) + "\"} 0\n") != std::string::npos,
                   row.name);
    }
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
        const auto line = text.substr(at, text.find('\n', at) - at);
        BOOST_TEST((line.rfind("# HELP sotto_", 0) == 0 || line.rfind("# TYPE sotto_", 0) == 0 ||
                    line.rfind("sotto_", 0) == 0),
                   line);
    }
}

BOOST_AUTO_TEST_CASE(metrics_tell_the_limits_and_how_often_each_held_somebody_back) {
    relay::Metrics metrics;
    metrics.turned_away = {3, 4};
    metrics.connection_limits = {20'000, 1'000};
    metrics.cut_mark = 9;
    ++metrics.counters.limited[relay::Limit::max_names];
    ++metrics.counters.limited[relay::Limit::refusals];
    relay::Metrics all;
    all += metrics;
    all += metrics;
    all.turned_away = metrics.turned_away;
    const std::string text = relay::to_prometheus(metrics) + relay::to_prometheus(all);
    for (const char* line :
         {"limit{limit=\"max-connections\"} 20000", "limit{limit=\"max-per-network\"} 1000",
          "limit{limit=\"max-names\"} 1000000", "limit{limit=\"cut-mark\"} 9",
          "limit_per_second{limit=\"new-names\"} 0.1", "limit_burst{limit=\"lookups\"} 100",
          "limited_total{limit=\"max-connections\"} 3",
          "limited_total{limit=\"max-per-network\"} 4", "limited_total{limit=\"max-names\"} 1",
          "limited_total{limit=\"refusals\"} 2", "limited_total{limit=\"lookups\"} 0"}) {
        BOOST_TEST(text.find("\nsotto_" + std::string(line) + "\n") != std::string::npos, line);
    }
}

BOOST_AUTO_TEST_CASE(metrics_in_seconds_keep_all_their_digits) {
    relay::Metrics metrics;
    metrics.forwards.add(std::chrono::duration<double>(1'234'567.890625));
    const std::string text = relay::to_prometheus(metrics);
    BOOST_TEST(text.find("sotto_forwarding_seconds_sum 1234567.890625\n") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(each_path_has_its_answer) {
    relay::Metrics metrics;
    const auto status = [&](const std::string& line) {
        return relay::answer_to(line, [&] { return metrics; }).substr(9, 3);
    };
    BOOST_TEST(status("GET /metrics HTTP/1.1") == "200");
    BOOST_TEST(status("GET /healthz HTTP/1.0") == "200");
    BOOST_TEST(status("GET /readyz HTTP/1.1") == "200");
    metrics.stopping = true;
    BOOST_TEST(status("GET /readyz HTTP/1.1") == "503");
    BOOST_TEST(status("GET /healthz?from=probe HTTP/1.1") == "200");
    for (const char* other :
         {"GET / HTTP/1.1", "GET /metrics2 HTTP/1.1", "GET ?/metrics HTTP/1.1"}) {
        BOOST_TEST(status(other) == "404", other);
    }
    for (const char* none : {"", "GET", "\xFF", "GET /metrics", "GET /metrics SMTP/1.1", " "}) {
        BOOST_TEST(status(none) == "400", none);
    }
    const auto whole = [&](const std::string& line) {
        return relay::answer_to(line, [&] { return metrics; });
    };
    BOOST_TEST(status("POST /metrics HTTP/1.1") == "405");
    BOOST_TEST(whole("POST /metrics HTTP/1.1").find("\r\nAllow: GET, HEAD\r\n") !=
               std::string::npos);
    const std::string got = whole("GET /healthz HTTP/1.1");
    BOOST_TEST(whole("HEAD /healthz HTTP/1.1") == got.substr(0, got.find("ok\n")));
}

BOOST_AUTO_TEST_CASE(metrics_on_what_is_no_address_and_port_are_refused_with_a_sentence) {
    net::Loop loop;
    for (const char* bad : {"", "9464", ":9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
                            "127.0.0.1:70000", "nowhere:1"}) {
        const auto why =
            why_not([&] { relay::MetricsServer(loop, bad, [] { return relay::Metrics(); }); });
        BOOST_TEST(why.find("--metrics") != std::string::npos, bad);
    }
    BOOST_TEST(relay::MetricsServer(loop, "127.0.0.1:0", [] { return relay::Metrics(); }).port() !=
               0);
}

BOOST_AUTO_TEST_CASE(a_thread_that_the_system_does_not_give_is_named_and_signals_come_as_before) {
    pthread_attr_t before;
    pthread_attr_t huge;
    BOOST_REQUIRE_EQUAL(::pthread_getattr_default_np(&before), 0);
    BOOST_REQUIRE_EQUAL(::pthread_attr_init(&huge), 0);
    BOOST_REQUIRE_EQUAL(::pthread_attr_setstacksize(&huge, std::size_t{1} << 47U), 0);
    BOOST_REQUIRE_EQUAL(::pthread_setattr_default_np(&huge), 0);  // more than there can be
    const auto why = why_not([] { relay::start_quiet_thread("loop 7", [] {}).join(); });
    BOOST_REQUIRE_EQUAL(::pthread_setattr_default_np(&before), 0);
    BOOST_TEST(why.find("can't start the thread 'loop 7': Resource temporarily unavailable") == 0U,
               why);
    sigset_t blocked{};
    ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
    BOOST_TEST(::sigismember(&blocked, SIGTERM) == 0);
}

BOOST_AUTO_TEST_CASE(the_unit_allows_as_many_threads_as_there_may_be) {
    std::ifstream unit(SOTTO_UNIT);
    std::size_t tasks = 0;
    for (std::string line; std::getline(unit, line);) {
        if (line.rfind("TasksMax=", 0) == 0) {
            tasks = std::stoul(line.substr(9));
        }
    }
    BOOST_TEST(tasks >= relay::kMostThreads + 2);
}

BOOST_AUTO_TEST_CASE(the_service_manager_is_told_and_nothing_happens_where_nobody_listens) {
    relay::notify_service_manager("READY=1");
    const std::string where = (path / "notify").string();
    const net::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0));
    sockaddr_un at{};
    at.sun_family = AF_UNIX;
    where.copy(at.sun_path, sizeof at.sun_path - 1);
    BOOST_REQUIRE_EQUAL(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
    ::setenv("NOTIFY_SOCKET", where.c_str(), 1);
    relay::notify_service_manager("READY=1");
    char text[32] = {};
    BOOST_TEST(::recv(socket.get(), text, sizeof text, 0) == 7);
    BOOST_TEST(std::string(text) == "READY=1");
}

BOOST_AUTO_TEST_SUITE_END()
