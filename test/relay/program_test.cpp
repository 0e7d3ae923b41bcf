// sotto-relay as a process: what a shell, a service manager and its clients see.
#include "net/loop/loop.h"
#include "net/system/descriptor.h"
#include "net/tls/certificate.h"
#include "net/websocket/client_endpoint.h"
#include "test/support/virtual_terminal.h"

#include <boost/test/unit_test.hpp>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

using namespace sotto;
using Clock = net::Loop::Clock;

namespace {

/// P-256; its passphrase is "secret".
constexpr const char* kEncryptedKey = R"(-----BEGIN ENCRYPTED PRIVATE KEY-----
MIHsMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAgUcen9TWbovQICCAAw
DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEEEeCCRb7je4G1Og5yMeIiXEEgZDG
VfDekCC11oPTJaxxnJdzomLdkJIjQV99K7lmOYi8UGUEfT2nUh0lJAG9zFTggHSu
2apKEisqHDq4Avee2zeAcSuQZVyeoI9Wv7MPzT9nF7GGhJYPIVsg1XdS2KTs3HkP
uAOSFC4JpiW/4pNvQn2tqR0oEM7KOg9rto88NFfWenPRjDDqd7JP1xpvzNnhG+0=
-----END ENCRYPTED PRIVATE KEY-----
)";

/// A relay process with a state directory of its own, and clients in this one.
struct Program {
    Program() {
        std::string pattern = (std::filesystem::temp_directory_path() / "sotto-XXXXXX").string();
        BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        folder = pattern;
    }
    ~Program() {
        if (pid > 0) {
            ::kill(pid, SIGKILL);
            ::waitpid(pid, nullptr, 0);
        }
        std::filesystem::remove_all(folder);
    }
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    /// Starts one with these words besides; its output goes to files.
    pid_t start(std::vector<std::string> words, const std::string& tag = "") {
        words.insert(words.begin(), {SOTTO_RELAY_PROGRAM, "--address", "127.0.0.1", "--port", "0",
                                     "--state", folder + "/state"});
        const pid_t child = ::fork();
        if (child == 0) {
            const std::string out = folder + "/out" + tag;
            const std::string err = folder + "/err" + tag;
            ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
            ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
            ::setenv("XDG_CONFIG_HOME", folder.c_str(), 1);
            std::vector<char*> raw;
            for (std::string& word : words) {
                raw.push_back(word.data());
            }
            raw.push_back(nullptr);
            ::execv(raw[0], raw.data());
            ::_exit(127);
        }
        return child;
    }
    void serve(std::vector<std::string> words = {}) {
        std::filesystem::remove(folder +
                                "/out");  // what the one before said is not this one's word
        pid = start(std::move(words));
        BOOST_REQUIRE(
            until([this] { return text("out").find("to connect") != std::string::npos; }));
        const std::string said = text("out");
        port = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(" port ") + 6)));
    }
    /// Its exit status, -1 if it does not end in time.
    static int wait_for(pid_t child) {
        const auto deadline = Clock::now() + std::chrono::seconds(20);
        int status = 0;
        while (::waitpid(child, &status, WNOHANG) == 0) {
            if (Clock::now() > deadline) {
                return -1;
            }
            ::usleep(5'000);
        }
        return WIFEXITED(status) ? WEXITSTATUS(status) : -2;
    }
    [[nodiscard]] std::string put(const std::string& name, const std::string& text) const {
        std::string file = folder + "/" + name;
        std::ofstream(file) << text;
        ::chmod(file.c_str(), 0600);
        return file;
    }
    [[nodiscard]] std::string text(const std::string& name) const {
        std::ifstream file(folder + "/" + name);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::unique_ptr<net::ClientEndpoint> connect() {
        auto client = std::make_unique<net::ClientEndpoint>(
            loop, net::ClientEndpoint::Callbacks{
                      [](const net::RelayCertificate&) { return true; },
                      [this](const net::LinkFacts&) { ++open; },
                      [this](std::string_view said) { received.emplace_back(said); },
                      [this](const net::LinkEnd& how) { end = how; }});
        client->connect("127.0.0.1", port);
        return client;
    }
    template <class Done>
    bool until(const Done& done) {
        const auto deadline = Clock::now() + std::chrono::seconds(20);
        while (!done() && Clock::now() < deadline) {
            loop.run_for(std::chrono::milliseconds(10));
        }
        return done();
    }

    std::string folder;
    net::Loop loop;
    pid_t pid = -1;
    std::uint16_t port = 0;
    int open = 0;
    std::vector<std::string> received;
    std::optional<net::LinkEnd> end;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(program, Program)

BOOST_AUTO_TEST_CASE(sigterm_tells_clients_closes_with_1001_and_ends_within_5_s) {
    serve();
    const auto client = connect();
    BOOST_REQUIRE(until([this] { return open == 1; }));
    const auto start_of_end = Clock::now();
    ::kill(pid, SIGTERM);
    BOOST_REQUIRE(until([this] { return end.has_value(); }));
    BOOST_REQUIRE_EQUAL(received.size(), 1U);
    BOOST_TEST(received[0].find("\"shutting_down\"") != std::string::npos);
    BOOST_TEST((end->how == net::LinkEnd::How::closed));
    BOOST_TEST(end->code == 1001);
    BOOST_TEST(wait_for(pid) == 0);
    BOOST_TEST((Clock::now() - start_of_end < std::chrono::seconds(5)));
    pid = -1;
}

BOOST_AUTO_TEST_CASE(signals_are_heard_before_it_says_that_it_listens) {
    const std::string out = folder + "/out";
    BOOST_REQUIRE_EQUAL(::mkfifo(out.c_str(), 0600), 0);
    const net::Descriptor fifo(::open(out.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    while (::write(fifo.get(), "full", 4) > 0) {
    }
    pid = start({});  // it can say nothing
    const auto hears = [this](int signal) {
        std::ifstream status("/proc/" + std::to_string(pid) + "/status");
        std::uint64_t caught = 0;
        for (std::string word; status >> word;) {
            if (word == "SigCgt:") {
                status >> std::hex >> caught;
            }
        }
        return ((caught >> static_cast<unsigned>(signal - 1)) & 1U) != 0;
    };
    BOOST_TEST(until([&] { return hears(SIGHUP) && hears(SIGTERM); }));
}

BOOST_AUTO_TEST_CASE(sigterm_ends_it_within_5_s_though_a_client_does_not_answer) {
    serve();
    const auto client = connect();
    BOOST_REQUIRE(until([this] { return open == 1; }));
    const auto start_of_end = Clock::now();
    ::kill(pid, SIGTERM);  // and this side's loop does not run
    BOOST_TEST(wait_for(pid) == 0);
    BOOST_TEST((Clock::now() - start_of_end < std::chrono::seconds(5)));
    pid = -1;
}

BOOST_AUTO_TEST_CASE(a_second_relay_on_its_state_directory_ends_with_a_sentence) {
    serve();
    const pid_t second = start({}, "2");
    BOOST_TEST(wait_for(second) == 1);
    BOOST_TEST(text("err2").find("another sotto-relay uses the state directory") !=
               std::string::npos);
    const auto client = connect();
    BOOST_TEST(until([this] { return open == 1; }));
}

BOOST_AUTO_TEST_CASE(killed_at_once_it_starts_again_on_what_it_left) {
    serve();
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    const std::string before = text("out");
    serve();
    const auto pin = [](const std::string& said) { return said.substr(said.find("pin: "), 69); };
    BOOST_TEST(pin(text("out")) == pin(before));
}

BOOST_AUTO_TEST_CASE(bad_options_end_with_2_and_what_cant_be_done_with_1) {
    BOOST_TEST(wait_for(start({"--nonsense"})) == 2);
    BOOST_TEST(wait_for(start({"--metrics", "nowhere:1"})) == 1);
    BOOST_TEST(text("err").find("nowhere") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_key_with_a_passphrase_is_told_and_nobody_is_asked_at_the_terminal) {
    const std::string key = put("key.pem", kEncryptedKey);
    const std::string certificate =
        put("certificate.pem", net::make_self_signed("relay.example").certificate);
    test::VirtualTerminal terminal({{SOTTO_RELAY_PROGRAM, "--port", "0", "--state",
                                     folder + "/state", "--certificate", certificate, "--key", key},
                                    {}});
    BOOST_TEST(terminal.wait_for_end(), terminal.written());
    BOOST_TEST((terminal.job().exit_status() == 1));
    BOOST_TEST(terminal.written().find("is encrypted") != std::string::npos, terminal.written());
}

BOOST_AUTO_TEST_SUITE_END()
