// The first run and its questions, in a terminal.
#include "test/integration/ground.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <filesystem>

using namespace sotto::test;

namespace {

const std::string kEndOfInput = "\x04";
const std::string kInterrupt = "\x03";
const std::string kStop = "\x1a";
const std::string kSecretPrompt = "Passphrase (empty for none):";

/// A person at a terminal who reads all output, once.
struct Dialogue {
    explicit Dialogue(std::unique_ptr<VirtualTerminal> with) : terminal(std::move(with)) {}

    void expect(const std::string& text) {
        const auto said = [&] {
            const std::size_t at = terminal->written().find(text, read);
            read = at == std::string::npos ? read : at + text.size();
            return at != std::string::npos;
        };
        BOOST_TEST_REQUIRE(terminal->wait_for(said), text << " is not in\n" << terminal->screen());
    }
    /// Waits for a question and answers it.
    void answer(const std::string& question, const std::string& reply) {
        expect(question);
        terminal->send(reply + "\r");
    }
    void say(const std::string& line) const { terminal->send(line + "\r"); }
    int end() const {
        BOOST_TEST_REQUIRE(terminal->wait_for_end(), terminal->screen());
        return terminal->job().exit_status().value_or(-1);
    }
    [[nodiscard]] bool wrote(const std::string& text) const {
        return terminal->written().find(text) != std::string::npos;
    }
    [[nodiscard]] bool echoes() const { return (terminal->modes().c_lflag & ECHO) != 0; }

    std::unique_ptr<VirtualTerminal> terminal;
    std::size_t read = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(first_run_in_a_terminal)

BOOST_AUTO_TEST_CASE(a_newcomer_answers_and_the_next_time_nothing_is_asked) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    {
        Dialogue sotto(ground.sotto_in_terminal({"--plain"}));
        sotto.answer("Your name [lena]:", "Alice A.");
        sotto.expect("That can't be a name");
        sotto.answer("Your name [lena]:", "alice");
        sotto.answer("The relay (HOST or HOST:PORT):", "127.0.0.1:" + std::to_string(relay.port));
        sotto.answer(kSecretPrompt, "open sesame");
        sotto.answer("Once more:", "open barley");
        sotto.expect("The two differ; again.");
        sotto.answer(kSecretPrompt, "open sesame");
        sotto.answer("Once more:", "open sesame");
        sotto.expect(relay.pin);
        sotto.say("/agree " + relay.pin);
        sotto.expect("* you are alice");
        BOOST_TEST(!sotto.wrote("sesame"));
        BOOST_TEST(!sotto.wrote("barley"));
        sotto.say("/quit");
        BOOST_TEST(sotto.end() == 0);
    }
    Dialogue sotto(ground.sotto_in_terminal({"--plain"}));
    sotto.answer("Passphrase:", "what was it?");
    sotto.answer("That was not it. Passphrase:", "open sesame");
    sotto.expect("* you are alice");
    BOOST_TEST(!sotto.wrote("Your name"));
    sotto.say("/quit");
    BOOST_TEST(sotto.end() == 0);
}

BOOST_AUTO_TEST_CASE(the_end_of_the_input_leaves_and_nothing_is_kept) {
    const Ground ground;
    for (const Arguments& arguments :
         {Arguments{"--plain"}, Arguments{"--plain", "alice@relay.example"}}) {
        Dialogue sotto(ground.sotto_in_terminal(arguments));
        sotto.expect(arguments.size() == 1 ? "Your name [lena]:" : kSecretPrompt);
        sotto.terminal->send(kEndOfInput);
        sotto.expect("sotto: left; nothing was done");
        BOOST_TEST(sotto.end() == 1);
    }
    BOOST_TEST(std::filesystem::is_empty(ground.path("data/sotto")));
}

BOOST_AUTO_TEST_CASE(a_secret_is_hidden_and_a_signal_finds_the_terminal_as_it_was) {
    const Ground ground;
    Dialogue sotto(ground.sotto_in_terminal({"--plain", "alice@relay.example"}));
    sotto.expect(kSecretPrompt);
    BOOST_TEST(!sotto.echoes());
    sotto.terminal->send("half a sec");
    sotto.terminal->send(kStop);
    BOOST_TEST_REQUIRE(sotto.terminal->wait_for_stop());
    BOOST_TEST(sotto.echoes());
    sotto.terminal->job().signal(SIGCONT);
    sotto.expect(kSecretPrompt);
    BOOST_TEST(!sotto.echoes());
    sotto.terminal->send(kInterrupt);
    BOOST_TEST_REQUIRE(sotto.terminal->wait_for_end());
    BOOST_TEST((sotto.terminal->job().end_signal() == SIGINT));
    BOOST_TEST(same_modes(sotto.terminal->modes(), sotto.terminal->modes_before()));
    BOOST_TEST(!sotto.wrote("half a sec"));
}

BOOST_AUTO_TEST_CASE(a_passphrase_that_is_typed_while_another_is_tried_is_not_shown) {
    const Ground ground;
    {
        const auto first =
            ground.sotto({"--plain", "--passphrase-file", ground.put("right", "open sesame\n"),
                          "alice@127.0.0.1:1"});
        first->read_until("* connecting to");
    }
    Dialogue sotto(ground.sotto_in_terminal({"--plain", "alice@127.0.0.1:1"}));
    sotto.answer("Passphrase:", "what was it?");
    sotto.expect("\n");  // it has read the line, and tries it
    sotto.say("open sesame");
    BOOST_TEST(!sotto.echoes());
    sotto.expect("* connecting to");
    BOOST_TEST(sotto.echoes());
    BOOST_TEST(!sotto.wrote("open sesame"));
}

BOOST_AUTO_TEST_CASE(control_c_line_by_line_throws_the_line_away_and_says_how_to_leave) {
    const Ground ground;
    const RelayProcess relay = ground.relay();
    Dialogue sotto(ground.sotto_in_terminal({"--plain", "--pin", relay.pin, "--passphrase-file",
                                             ground.put("none", "\n"),
                                             "alice@127.0.0.1:" + std::to_string(relay.port)}));
    sotto.expect("* you are alice");
    sotto.terminal->send("/chat b");
    sotto.terminal->send(kInterrupt);
    sotto.expect("* Ctrl-C clears the line; /quit leaves");
    sotto.say("/status");
    sotto.expect("connected");
    BOOST_TEST(!sotto.wrote("there is no command"));
    sotto.terminal->send(kInterrupt);
    sotto.expect("/quit leaves");
    sotto.terminal->send(kInterrupt);
    BOOST_TEST(sotto.end() == 0);
}

BOOST_AUTO_TEST_CASE(behind_a_pipe_the_passphrase_is_asked_for_in_the_terminal) {
    const Ground ground;
    const std::string secret = ground.put("right", "open sesame\n");
    {
        const auto first =
            ground.sotto({"--plain", "--passphrase-file", secret, "alice@127.0.0.1:1"});
        first->read_until("* connecting to");
    }
    Dialogue shell(std::make_unique<VirtualTerminal>(
        Program{{"/bin/sh", "-c", "echo hi | " SOTTO_PROGRAM " --send bob alice@127.0.0.1:1"},
                {{"HOME", ground.path("home")}, {"XDG_DATA_HOME", ground.path("data")}}}));
    shell.answer("Passphrase:", "open sesame");
    shell.expect("sotto: waiting for 127.0.0.1:1: Connection refused");
    shell.terminal->send(kInterrupt);
    BOOST_TEST_REQUIRE(shell.terminal->wait_for_end());
}

BOOST_AUTO_TEST_CASE(three_wrong_passphrases_are_enough) {
    const Ground ground;
    {
        const auto first =
            ground.sotto({"--plain", "--passphrase-file", ground.put("right", "open sesame\n"),
                          "alice@127.0.0.1:1"});
        first->read_until("* connecting to");
    }
    Dialogue sotto(ground.sotto_in_terminal({"--plain", "alice@127.0.0.1:1"}));
    sotto.answer("Passphrase:", "guess 1");
    sotto.answer("That was not it. Passphrase:", "guess 2");
    sotto.answer("That was not it. Passphrase:", "guess 3");
    sotto.expect("wrong passphrase, or the identity is damaged");
    BOOST_TEST(sotto.end() == 1);
}

BOOST_AUTO_TEST_SUITE_END()
