#include "tui/startup/settings.h"

#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <sstream>
#include <vector>

using namespace sotto::program;

namespace {

const std::string kPin(64, 'a');

/// A folder for configuration files, which is the home too.
struct Home : sotto::test::TemporaryFolder {
    Home() {
        ::setenv("XDG_CONFIG_HOME", path.c_str(), 1);
        ::unsetenv("ALL_PROXY");
        ::unsetenv("all_proxy");
    }

    std::string put(const std::string& name, const std::string& text) const {
        const std::string file = path / name;
        std::filesystem::create_directories(std::filesystem::path(file).parent_path());
        std::ofstream(file) << text;
        return file;
    }
    [[nodiscard]] static tl::expected<Settings, NoSettings> read(
        std::vector<const char*> arguments) {
        arguments.insert(arguments.begin(), "sotto");
        return read_settings(static_cast<int>(arguments.size()), arguments.data());
    }
    /// What is wrong with a configuration file of this text.
    [[nodiscard]] std::string complaint(const std::string& text) const {
        const std::string file = put("bad", text);
        const auto settings = read({"--config", file.c_str()});
        if (settings) {
            return "nothing";
        }
        BOOST_TEST(settings.error().status == kUsage);
        const std::string& why = settings.error().text;
        return why.substr(0, file.size()) == file ? why.substr(file.size()) : why;
    }
};

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(settings, Home)

BOOST_AUTO_TEST_CASE(a_proxy_comes_from_the_command_line_the_file_or_the_environment) {
    const std::string tor = "socks5://127.0.0.1:9050";
    BOOST_TEST(read({"--proxy", tor.c_str()})->proxy == tor);
    const std::string file = put("proxied", "proxy = http://proxy.example:3128\n");
    BOOST_TEST(read({"--config", file.c_str()})->proxy == "http://proxy.example:3128");
    ::setenv("ALL_PROXY", tor.c_str(), 1);
    BOOST_TEST(read({})->proxy == tor);
    BOOST_TEST(read({"--config", file.c_str()})->proxy == "http://proxy.example:3128");
    BOOST_TEST(read({"--proxy", "none"})->proxy == kNoProxy);
    ::setenv("ALL_PROXY", "https://secret:secret@proxy", 1);
    const auto wrong = read({});  // a proxy that can't be used is not gone around
    BOOST_TEST_REQUIRE(!wrong.has_value());
    BOOST_TEST(wrong.error().status == kUsage);
    BOOST_TEST(holds(wrong.error().text, "ALL_PROXY"));
    BOOST_TEST(!holds(wrong.error().text, "secret"));
    ::unsetenv("ALL_PROXY");
    BOOST_TEST(holds(complaint("proxy = tor\n"), "socks5://HOST:PORT"));
}

BOOST_AUTO_TEST_CASE(nothing_said_is_nothing_set) {
    const auto none = read({});
    BOOST_TEST_REQUIRE(none.has_value());
    BOOST_TEST(none->address.empty());
    BOOST_TEST(!none->plain);
}

BOOST_AUTO_TEST_CASE(the_command_line_is_read) {
    const auto all = read({"--plain", "--wire", "--incognito", "--trust-new-relay", "--pin",
                           kPin.c_str(), "--data", "/somewhere", "--passphrase-file", "/secret",
                           "--emoji-width", "1", "alice@relay.example:7000"});
    BOOST_TEST_REQUIRE(all.has_value());
    BOOST_TEST(all->address == "alice@relay.example:7000");
    BOOST_TEST(all->pin == kPin);
    BOOST_TEST(all->data == "/somewhere");
    BOOST_TEST(all->passphrase_file == "/secret");
    BOOST_TEST(all->emoji_width == "1");
    BOOST_TEST((all->plain && all->wire && all->incognito && all->trust_new_relay));
    BOOST_TEST((!all->json && !all->demo));
}

BOOST_AUTO_TEST_CASE(a_wrong_command_line_is_status_2_and_says_what_is_wrong) {
    const std::vector<std::pair<std::vector<const char*>, std::string>> cases{
        {{"--fly"}, "--fly"},
        {{"alice@relay", "bob@relay"}, "bob@relay"},
        {{"relay.example"}, "the user name is missing (NAME@HOST)"},
        {{"Alice@relay.example"}, "a user name is 1 to 32 of"},
        {{"alice@"}, "not a host name"},
        {{"alice@relay:0"}, "the port is not a number from 1 to 65535"},
        {{"--pin", "123"}, "a pin is 64 hexadecimal digits"},
        {{"--send", "Bob!"}, "'Bob!' is not a user name"},
        {{"--pin"}, "--pin"},
        {{"--json", "--plain"}, "--demo, --json, --plain and --send exclude each other"},
        {{"--demo", "--send", "bob"}, "exclude each other"},
        {{"--config", "/nowhere/at/all"}, "can't read /nowhere/at/all: No such file"}};
    for (const auto& [arguments, why] : cases) {
        const auto settings = read(arguments);
        BOOST_TEST_REQUIRE(!settings.has_value(), why);
        BOOST_TEST(settings.error().status == kUsage);
        BOOST_TEST(holds(settings.error().text, why), settings.error().text);
    }
}

BOOST_AUTO_TEST_CASE(help_names_every_option_and_version_the_version) {
    const auto help = read({"--help"});
    BOOST_TEST_REQUIRE(!help.has_value());
    BOOST_TEST(help.error().status == kOk);
    for (const OptionRow& row : option_table()) {
        BOOST_TEST(holds(help.error().text, std::string(row.name)));
        BOOST_TEST(holds(help.error().text, std::string(row.argument)));
    }
    const auto version = read({"--version"});
    BOOST_TEST_REQUIRE(!version.has_value());
    BOOST_TEST(version.error().status == kOk);
    BOOST_TEST(holds(version.error().text, "sotto 0.1.0"));
}

BOOST_AUTO_TEST_CASE(the_file_is_read_where_the_command_line_says_nothing) {
    const std::string file = put("mine",
                                 "# who I am\n\n"
                                 "address = alice@relay.example   # at home\n"
                                 "  data = \"/a folder/with \\\"quotes\\\" and \\\\\"\r\n"
                                 "plain=true\nwire = false\npin = " +
                                     kPin);
    const auto from_file = read({"--config", file.c_str()});
    BOOST_TEST_REQUIRE(from_file.has_value());
    BOOST_TEST(from_file->address == "alice@relay.example");
    BOOST_TEST(from_file->data == "/a folder/with \"quotes\" and \\");
    BOOST_TEST(from_file->plain);
    BOOST_TEST(!from_file->wire);
    BOOST_TEST(from_file->pin == kPin);
    const auto both =
        read({"--config", file.c_str(), "--plain=false", "--data", "/mine", "bob@other"});
    BOOST_TEST_REQUIRE(both.has_value());
    BOOST_TEST(both->address == "bob@other");
    BOOST_TEST(both->data == "/mine");
    BOOST_TEST(!both->plain);
}

BOOST_AUTO_TEST_CASE(a_path_of_the_file_may_begin_at_home) {
    ::setenv("HOME", "/home/alice", 1);
    const std::string file = put("home", "data = ~/foo\npassphrase-file = a~b\n");
    const auto settings = read({"--config", file.c_str()});
    BOOST_REQUIRE(settings.has_value());
    BOOST_TEST(settings->data == "/home/alice/foo");
    BOOST_TEST(settings->passphrase_file == "a~b");
}

BOOST_AUTO_TEST_CASE(a_name_without_a_host_is_told_what_is_missing) {
    const auto settings = read({"alice"});
    BOOST_REQUIRE(!settings.has_value());
    BOOST_TEST(settings.error().text.find("'alice': the host is missing (NAME@HOST)") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_file_of_the_person_is_read_unless_another_is_named) {
    put("sotto/config", "address = alice@relay.example\n");
    BOOST_TEST(read({})->address == "alice@relay.example");
    const std::string other = put("other", "wire = true\n");
    BOOST_TEST(read({"--config", other.c_str()})->address.empty());
}

BOOST_AUTO_TEST_CASE(what_is_wrong_in_a_file_is_told_with_file_and_line) {
    BOOST_TEST(complaint("# fine\nport = 1\n") == ":2: there is no option 'port'");
    BOOST_TEST(complaint("demo = true\n") == ":1: 'demo' is for the command line only");
    BOOST_TEST(complaint("config = x\n") == ":1: 'config' is for the command line only");
    BOOST_TEST(complaint("plain = yes\n") == ":1: 'plain' is true or false");
    BOOST_TEST(complaint("plain\n") == ":1: not of the form: name = value");
    BOOST_TEST(complaint("= true\n") == ":1: not of the form: name = value");
    BOOST_TEST(complaint("[relay]\n") == ":1: not of the form: name = value");
    BOOST_TEST(complaint("data = a b\n") == ":1: text with blanks in it needs double quotes");
    BOOST_TEST(complaint("data = \"a\" b\n") == ":1: text with blanks in it needs double quotes");
    BOOST_TEST(complaint("data = \"a\n") == ":1: the quotes have no end");
    BOOST_TEST(complaint("data = \"a\\\n") == ":1: the quotes have no end");
    BOOST_TEST(complaint("wire = true\n\nwire = true\n") == ":3: 'wire' stands here a second time");
    BOOST_TEST(complaint("emoji-width = 3\n") == ":1: the width of an emoji is 1 or 2");
    BOOST_TEST(complaint("pin = 12\n") == ":1: a pin is 64 hexadecimal digits");
    BOOST_TEST(holds(complaint("address = relay\n"), ":1: 'relay': the host is missing"));
    BOOST_TEST(complaint("\n# nothing\n   \n") == "nothing");
}

BOOST_AUTO_TEST_CASE(a_folder_is_no_file) {
    const auto settings = read({"--config", path.c_str()});
    BOOST_TEST_REQUIRE(!settings.has_value());
    BOOST_TEST(holds(settings.error().text, "it is a directory"));
}

BOOST_AUTO_TEST_CASE(the_manual_has_the_options_of_the_table) {
    const auto page = [](const std::string& name) {
        std::ifstream file(std::string(SOTTO_MANUAL) + "/" + name);
        return std::string(std::istreambuf_iterator<char>(file), {});
    };
    const std::string options = page("sotto.1");
    const std::string config = page("sotto-config.5");
    const std::size_t relay = config.find(".Sh OPTIONS OF SOTTO-RELAY");
    const std::string client = config.substr(0, relay);
    for (const OptionRow& row : option_table()) {
        const std::string name(row.name);
        if (name != "address") {
            const std::string argument =
                row.argument.empty() ? "" : " Ar " + std::string(row.argument);
            BOOST_TEST(holds(options, "\n.It Fl -" + name + argument + "\n"), name);
        }
        BOOST_TEST(holds(client, "\n.It Li " + name + "\n") == row.in_file, name);
    }
}

BOOST_AUTO_TEST_SUITE_END()
