#include "tui/startup/settings.h"

#include "crypto/base/hex.h"
#include "crypto/base/protocol_values.h"
#include "net/proxy/proxy.h"
#include "net/tls/link_facts.h"
#include "net/wire/contact_link.h"
#include "net/wire/user_name.h"
#include "tui/startup/config_file.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <vector>

namespace sotto::program {

namespace {

std::string anything(const std::string& /*value*/) {
    return "";
}

std::string as_address(const std::string& value) {
    const auto address = wire::parse_address(value);
    if (!address) {
        return "'" + value + "': " + address.error().what;
    }
    if (address->user.empty() && value.find_first_of(".:[") == std::string::npos) {
        return "'" + value + "': the host is missing (NAME@HOST)";
    }
    return address->user.empty() ? "'" + value + "': the user name is missing (NAME@HOST)" : "";
}

std::string as_name(const std::string& value) {
    return wire::is_user_name(value) ? "" : "'" + value + "' is not a user name";
}

std::string as_pin(const std::string& value) {
    return base::from_hex<base::Pin>(value) ? "" : "a pin is 64 hexadecimal digits";
}

std::string as_width(const std::string& value) {
    return value == "1" || value == "2" ? "" : "the width of an emoji is 1 or 2";
}

std::string as_proxy(const std::string& value) {
    const auto proxy =
        value == kNoProxy ? tl::expected<net::Proxy, std::string>() : net::parse_proxy(value);
    return proxy ? "" : proxy.error();
}

constexpr std::array kTable{
    OptionRow{"address", "NAME@HOST[:PORT]", "your name and your relay; without it, the last ones",
              true, &Settings::address, as_address},
    OptionRow{"demo", "", "try sotto with a private relay and an automatic peer, on this machine",
              false, &Settings::demo, anything},
    OptionRow{"plain", "", "work line by line, for screen readers and pipes", true,
              &Settings::plain, anything},
    OptionRow{"json", "", "write an event and read a command per line as JSON, for programs", false,
              &Settings::json, anything},
    OptionRow{"send", "NAME", "send standard input to NAME, and exit", false, &Settings::send,
              as_name},
    OptionRow{"wire", "", "show the messages between this client and the relay", true,
              &Settings::wire, anything},
    OptionRow{"incognito", "", "remember only the identity and the relay's pin", true,
              &Settings::incognito, anything},
    OptionRow{"trust-new-relay", "", "store the pin of a new relay without asking", true,
              &Settings::trust_new_relay, anything},
    OptionRow{"pin", "PIN", "the relay's pin, 64 hexadecimal digits; it alone decides", true,
              &Settings::pin, as_pin},
    OptionRow{"proxy", "URL",
              "reach the relay through socks5://HOST:PORT or http://HOST:PORT; 'none': directly",
              true, &Settings::proxy, as_proxy},
    OptionRow{"data", "DIRECTORY", "keep identity, contacts and relay pins here", true,
              &Settings::data, anything},
    OptionRow{"passphrase-file", "FILE",
              "read the identity's passphrase from the first line of FILE", true,
              &Settings::passphrase_file, anything},
    OptionRow{"emoji-width", "COLUMNS", "how wide this terminal draws an emoji: 1 or 2 columns",
              true, &Settings::emoji_width, as_width},
    OptionRow{"config", "FILE", "read options from FILE", false, &Settings::config, anything},
};

using Options = std::vector<CLI::Option*>;  ///< in the order of the table

Options declare(CLI::App& app, Settings& settings) {
    Options out;
    for (const OptionRow& row : kTable) {
        const bool positional = row.name == "address";
        const std::string name = (positional ? "" : "--") + std::string(row.name);
        const std::string help(row.help);
        if (const auto* text = std::get_if<std::string Settings::*>(&row.member)) {
            CLI::Option* option = app.add_option(name, settings.*(*text), help);
            option->type_name(std::string(row.argument));
            option->check(
                CLI::Validator([&row](std::string& value) { return row.complaint(value); }, ""));
            out.push_back(option);
        } else {
            out.push_back(
                app.add_flag(name, settings.*std::get<bool Settings::*>(row.member), help));
        }
    }
    return out;
}

/// Only one way to use the client can be chosen.
std::string contradiction(const Settings& settings) {
    const int ways =
        int{settings.demo} + int{settings.json} + int{settings.plain} + int{!settings.send.empty()};
    return ways > 1 ? "--demo, --json, --plain and --send exclude each other" : "";
}

std::string default_config() {
    const char* xdg = std::getenv("XDG_CONFIG_HOME");  // NOLINT(concurrency-mt-unsafe)
    const char* home = std::getenv("HOME");            // NOLINT(concurrency-mt-unsafe)
    std::string path;
    if (xdg != nullptr && *xdg != '\0') {
        path = std::string(xdg) + "/sotto/config";
    } else if (home != nullptr && *home != '\0') {
        path = std::string(home) + "/.config/sotto/config";
    }
    return path.empty() || ::access(path.c_str(), F_OK) != 0 ? "" : path;
}

/// Expands a leading ~, because no shell does it here.
std::string at_home(const std::string& name, const std::string& value) {
    const bool path = name == "data" || name == "passphrase-file";
    const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
    const bool mine = value == "~" || value.rfind("~/", 0) == 0;
    return path && mine && home != nullptr ? home + value.substr(1) : value;
}

/// Applies one line of the file unless the command line overrides it; returns what is wrong.
std::string apply(const ConfigLine& line, const Options& options, Settings& settings) {
    const auto row = std::find_if(kTable.begin(), kTable.end(),
                                  [&](const OptionRow& one) { return one.name == line.name; });
    if (row == kTable.end()) {
        return "there is no option '" + line.name + "'";
    }
    if (!row->in_file) {
        return "'" + line.name + "' is for the command line only";
    }
    const bool said = options[static_cast<std::size_t>(row - kTable.begin())]->count() > 0;
    if (const auto* text = std::get_if<std::string Settings::*>(&row->member)) {
        const std::string wrong = row->complaint(line.value);
        if (wrong.empty() && !said) {
            settings.*(*text) = at_home(line.name, line.value);
        }
        return wrong;
    }
    if (line.value != "true" && line.value != "false") {
        return "'" + line.name + "' is true or false";
    }
    if (!said) {
        settings.*std::get<bool Settings::*>(row->member) = line.value == "true";
    }
    return "";
}

/// Returns what is wrong with the configuration file, if there is one.
std::string read_file(const Options& options, Settings& settings) {
    const std::string path = settings.config.empty() ? default_config() : settings.config;
    if (path.empty()) {
        return "";
    }
    const auto lines = read_config(path);
    if (!lines) {
        return lines.error();
    }
    for (const ConfigLine& line : *lines) {
        if (const std::string wrong = apply(line, options, settings); !wrong.empty()) {
            return path + ":" + std::to_string(line.number) + ": " + wrong;
        }
    }
    return "";
}

/// What the environment says if neither the command line nor the file does. A proxy that can't be
/// used is an error: somebody meant that nothing goes around it.
std::string take_proxy_of_environment(Settings& settings) {
    for (const char* name : {"ALL_PROXY", "all_proxy"}) {
        const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
        if (settings.proxy.empty() && value != nullptr && *value != '\0') {
            settings.proxy = value;
            const std::string wrong = as_proxy(settings.proxy);
            return wrong.empty()
                       ? ""
                       : std::string(name) + ": " + wrong + "; --proxy none connects without it";
        }
    }
    return "";
}

tl::unexpected<NoSettings> usage(const std::string& why) {
    return tl::unexpected(NoSettings{kUsage, why});
}

}  // namespace

gsl::span<const OptionRow> option_table() noexcept {
    return kTable;
}

tl::expected<Settings, NoSettings> read_settings(int argc, const char* const* argv) {
    Settings settings;
    CLI::App app{"sotto: encrypted chat through a relay that can't read it", "sotto"};
    app.set_version_flag("--version", "sotto 0.1.0");
    const Options options = declare(app, settings);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& end) {
        std::ostringstream text;
        const bool asked = app.exit(end, text, text) == 0;  // for --help and --version
        return tl::unexpected(asked ? NoSettings{kOk, text.str()} : NoSettings{kUsage, end.what()});
    }
    if (const std::string wrong = contradiction(settings); !wrong.empty()) {
        return usage(wrong);
    }
    if (const std::string wrong = read_file(options, settings); !wrong.empty()) {
        return usage(wrong);
    }
    if (const std::string wrong = take_proxy_of_environment(settings); !wrong.empty()) {
        return usage(wrong);
    }
    return settings;
}

}  // namespace sotto::program
