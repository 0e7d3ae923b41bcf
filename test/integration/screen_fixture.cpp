#include "test/integration/screen_fixture.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <fstream>
#include <system_error>

namespace sotto::test {

namespace {

/// The word after `label` in `text`.
std::string word_after(const std::string& text, const std::string& label) {
    const std::size_t at = text.find(label);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, "no '" << label << "' in:\n" << text);
    const std::size_t begin = at + label.size();
    return text.substr(begin, text.find_first_of(" \r\n", begin) - begin);
}

}  // namespace

TemporaryDirectory::TemporaryDirectory() {
    std::string name = (std::filesystem::temp_directory_path() / "sotto-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) {
        throw std::system_error(errno, std::generic_category(), "mkdtemp");
    }
    path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

Scene::Scene()
    : relay_(std::make_unique<VirtualTerminal>(
          Program{{SOTTO_RELAY, "--address", "127.0.0.1", "--port", "0", "--state",
                   files_ / "relay", "--log-level", "error"},
                  {}})) {
    expect(*relay_, "to connect:");
    const std::string said = relay_->screen();
    port_ = word_after(said, "port ");
    pin_ = word_after(said, "pin: ");
    std::ofstream(files_ / "no-passphrase") << "\n";
}

std::string Scene::address(const std::string& name) const {
    return name + "@127.0.0.1:" + port_;
}

Program Scene::program(const std::string& name, const Environment& more) const {
    Program out{{SOTTO, address(name), "--pin", pin_, "--data", data(name), "--passphrase-file",
                 files_ / "no-passphrase"},
                {{"HOME", files_ / "home"}}};
    out.environment.insert(out.environment.end(), more.begin(), more.end());
    return out;
}

std::unique_ptr<VirtualTerminal> Scene::full_screen(const std::string& name,
                                                    const Environment& more) {
    auto terminal = std::make_unique<VirtualTerminal>(program(name, more));
    expect(*terminal, "you are " + name);
    return terminal;
}

std::unique_ptr<VirtualTerminal> Scene::plain(const std::string& name) {
    Program shell = program(name);
    const std::vector<std::string> before = {"sh", "-c",
                                             "stty raw -echo opost; exec \"$@\" --plain", "sh"};
    shell.arguments.insert(shell.arguments.begin(), before.begin(), before.end());
    auto terminal = std::make_unique<VirtualTerminal>(shell, VirtualTerminal::Size{100, 200});
    expect(*terminal, "you are " + name);
    return terminal;
}

Talk::Talk() : alice(full_screen("alice")), bob(plain("bob")) {
    bob->send("/chat alice\n");
    expect(*alice, "1:bob?");
    to_pane(*alice, keys::f3);
    alice->send("a");
    expect(*alice, "suite ");
    expect(*bob, "secure chat");
    to_input(*alice);
}

void to_input(VirtualTerminal& terminal) {
    const auto in_input = [&] {
        return terminal.cursor_visible() && terminal.cursor().row == terminal.size().rows - 1;
    };
    for (int presses = 0; presses < 3 && !in_input(); ++presses) {
        terminal.send(keys::escape);
        (void)terminal.wait_for(in_input, std::chrono::seconds(3));
    }
    BOOST_REQUIRE_MESSAGE(in_input(), "the input line has not the focus:\n" << terminal.screen());
}

void to_pane(VirtualTerminal& terminal, const std::string& key) {
    terminal.send(key);
    expect_that(terminal, [&] { return !terminal.cursor_visible(); });
}

// The message is built before the condition is checked, so wait before both.
void expect_that(VirtualTerminal& terminal, const std::function<bool()>& met) {
    const bool is_met = terminal.wait_for(met);
    BOOST_REQUIRE_MESSAGE(is_met, "not as expected:\n" << terminal.screen());
}

void expect(VirtualTerminal& terminal, const std::string& text) {
    const bool came = terminal.wait_for_text(text);
    BOOST_REQUIRE_MESSAGE(came, "'" << text << "' does not come:\n" << terminal.screen());
}

void expect_gone(VirtualTerminal& terminal, const std::string& text) {
    const bool went = terminal.wait_for_no_text(text);
    BOOST_REQUIRE_MESSAGE(went, "'" << text << "' does not go:\n" << terminal.screen());
}

}  // namespace sotto::test
