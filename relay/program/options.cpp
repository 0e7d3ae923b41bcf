#include "relay/program/options.h"

#include "relay/program/option_values.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <utility>
#include <vector>

namespace sotto::relay {

namespace {

std::string environment(const char* name) {
    const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
    return value == nullptr ? "" : value;
}

std::string default_file() {
    const std::string xdg = environment("XDG_CONFIG_HOME");
    const std::string home = environment("HOME");
    const std::string own = !xdg.empty()    ? xdg + "/sotto/relay.conf"
                            : !home.empty() ? home + "/.config/sotto/relay.conf"
                                            : "";
    const std::string all = "/etc/sotto/relay.conf";
    for (const std::string& file : {own, all}) {
        if (!file.empty() && ::access(file.c_str(), F_OK) == 0) {
            return file;
        }
    }
    return all;
}

std::string text_of(double number) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.10g", number);
    return text.data();
}

/// An option `PER_SECOND:BURST`, or 0 for no limit.
void add_rate(CLI::App& app, const std::string& name, Rate& rate, const std::string& what) {
    const auto read = [&rate, name](const std::string& text) {
        const auto said = rate_in(text);
        if (!said) {
            throw CLI::ValidationError(name, "'" + text + "' is not PER_SECOND:BURST, nor 0");
        }
        rate = *said;
    };
    app.add_option_function<std::string>(name, read, what)
        ->type_name("PER_SECOND:BURST")
        ->default_str(text_of(rate.per_second) + ":" + text_of(rate.burst));
}

/// A whole number from 0 to `most`. The library takes an empty text for 0, -1 for the largest
/// number that there is and 010 for 8.
template <class Number>
void add_number(CLI::App& app, const std::string& name, Number& number, const std::string& what,
                std::uint64_t most = kMostOfAny) {
    const auto read = [&number, name, most](const std::string& text) {
        const auto said = whole_number(text, most);
        if (!said) {
            throw CLI::ValidationError(
                name, "'" + text + "' is not a whole number from 0 to " + std::to_string(most));
        }
        number = static_cast<Number>(*said);
    };
    app.add_option_function<std::string>(name, read, what)
        ->type_name("UINT")
        ->default_str(std::to_string(number));
}

constexpr std::size_t kMostThreads = 256;
constexpr std::size_t kLeastMemory = 16U << 20U;  // its shares still hold several messages

void add_limits(CLI::App& app, Options& options) {
    auto& endpoint = options.endpoint;
    endpoint.connections = {20'000, 1'000};
    add_number(app, "--max-connections", endpoint.connections.in_all,
               "connections at a time; 0: no limit");
    add_number(app, "--max-per-network", endpoint.connections.per_network,
               "connections at a time from one IPv4 address or IPv6 /64; 0: no limit");
    add_number(app, "--busy-mark", options.limits.busy_mark,
               "bytes waiting for a reader past which senders are told busy");
    add_number(app, "--cut-mark", endpoint.max_queued_bytes,
               "bytes waiting for a reader past which it is cut");
    add_number(app, "--max-memory", options.max_memory,
               "bytes of memory for all connections; 0: no bound");
    add_rate(app, "--lookups", options.limits.lookups, "lookups of one connection");
    add_rate(app, "--requests", options.limits.requests, "chat requests of one connection");
    add_rate(app, "--relay-bytes", options.limits.relay_bytes,
             "bytes relayed for one connection, past which it is not read for a while");
    add_rate(app, "--refusals", options.limits.refusals,
             "errors that answer one connection, past which it is not read for a while");
    add_rate(app, "--registrations", options.limits.registrations,
             "registrations from one network");
    add_rate(app, "--new-names", options.limits.new_names, "new names from one network");
    add_number(app, "--max-names", options.limits.max_names,
               "names in all, past which no new one is taken; 0: no limit");
}

void add_options(CLI::App& app, Options& options) {
    app.set_version_flag("--version", "sotto-relay 0.1.0");
    app.set_config("--config", default_file(), "read options from this file (TOML: port = 7443)");
    app.allow_config_extras(CLI::config_extras_mode::error);  // a misspelt line is not ignored
    app.add_option("--address", options.address, "IP address to listen on")->capture_default_str();
    add_number(app, "--port", options.port, "port to listen on; 0 lets the kernel choose", 65'535);
    add_number(app, "--threads", options.threads,
               "loops to share the work; 0: one per processor that it may run on", kMostThreads);
    app.add_option("--certificate", options.certificate, "PEM certificate chain (default: its own)")
        ->type_name("FILE");
    app.add_option("--key", options.key, "PEM key of the certificate")->type_name("FILE");
    app.add_option("--state", options.state, "directory for certificate, key and registry")
        ->type_name("DIRECTORY");
    app.add_option("--log-level", options.log_level, "how much to log")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();
    app.add_option("--log-format", options.log_format, "plain, or one JSON object per line")
        ->check(CLI::IsMember({"plain", "json"}))
        ->capture_default_str();
    app.add_option("--metrics", options.metrics, "serve figures for Prometheus here")
        ->type_name("ADDRESS:PORT");
    app.add_flag_callback(
        "--print-pin", [&options] { options.task = Task::print_pin; },
        "print the pin of the certificate and exit");
    add_limits(app, options);
}

/// A subcommand that sets the task; the options of the program may stand behind it, too.
CLI::App& add_task(CLI::App& above, Options& options, Task task,
                   const std::pair<std::string, std::string>& name_and_help) {
    CLI::App& made = *above.add_subcommand(name_and_help.first, name_and_help.second);
    made.fallthrough();
    made.callback([&options, task] { options.task = task; });
    return made;
}

void add_tasks(CLI::App& app, Options& options) {
    app.require_subcommand(0, 1);
    add_task(app, options, Task::check, {"check", "say what is wrong, and where, and exit"});
    add_task(app, options, Task::backup, {"backup", "copy the registry, also while a relay runs"})
        .add_option("FILE", options.subject, "the copy; must not be there")
        ->required();
    CLI::App& names = *app.add_subcommand("names", "look at the names, and change whose they are");
    names.fallthrough();
    names.require_subcommand(1);
    add_task(names, options, Task::list, {"list", "print every name that is owned or blocked"});
    const std::array<std::pair<Task, std::pair<std::string, std::string>>, 4> of_one{
        {{Task::show, {"show", "print whose a name is"}},
         {Task::release, {"release", "let any key register the name"}},
         {Task::block, {"block", "let nobody register the name, not even its owner"}},
         {Task::unblock, {"unblock", "let it be registered again"}}}};
    for (const auto& [task, name_and_help] : of_one) {
        add_task(names, options, task, name_and_help)
            .add_option("NAME", options.subject, "the user's name")
            ->required();
    }
}

std::string trimmed(const std::string& text) {
    const auto first = text.find_first_not_of(" \t\r\"'");
    const auto last = text.find_last_not_of(" \t\r\"'");
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// Whether `text` names the option as CLI11 does.
bool names_option(const std::string& text, const std::string& name) {
    const std::string option = "--" + name;
    const auto at = text.find(option);
    const auto end = at + option.size();
    return at != std::string::npos &&
           (end == text.size() ||
            (std::isalnum(static_cast<unsigned char>(text[end])) == 0 && text[end] != '-'));
}

/// CLI11's complaint; with file and line if it is about a line of the configuration file.
std::string complaint(const CLI::ParseError& error, const std::vector<std::string>& command_line,
                      const std::string& file) {
    const std::string what = error.what();
    const std::string unknown = "INI was not able to parse ";
    const bool is_unknown = what.rfind(unknown, 0) == 0;
    std::ifstream in(file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
        const std::string name = trimmed(line.substr(0, line.find('=')));
        const auto said = [&](const std::string& word) { return names_option(word, name); };
        const bool overridden = std::any_of(command_line.begin(), command_line.end(), said);
        if (!name.empty() && !overridden &&
            (is_unknown ? what == unknown + name : names_option(what, name))) {
            return file + ":" + std::to_string(number) + ": " +
                   (is_unknown ? "there is no option '" + name + "'" : what);
        }
    }
    return is_unknown ? file + ": " + what : what;
}

/// One reading of command line and file.
class Reading {
  public:
    Reading() {
        add_options(app_, options_);
        add_tasks(app_, options_);
    }
    /// Throws CLI::ParseError, which may be no error but a call for help.
    const Options& read(int argc, const char* const* argv) {
        command_line_.assign(argv, argv + argc);
        app_.parse(argc, argv);
        if (options_.certificate.empty() != options_.key.empty()) {
            throw CLI::ValidationError("--certificate and --key go together");
        }
        if (options_.limits.busy_mark >= options_.endpoint.max_queued_bytes) {
            throw CLI::ValidationError("--busy-mark must be below --cut-mark");
        }
        if (options_.max_memory != 0 && options_.max_memory < kLeastMemory) {
            throw CLI::ValidationError("--max-memory must be 0, or at least " +
                                       std::to_string(kLeastMemory));
        }
        if (const std::string name = file(); ::access(name.c_str(), F_OK) == 0) {
            options_.file = name;
        }
        return options_;
    }
    [[nodiscard]] std::string what_is_wrong(const CLI::ParseError& error) const {
        return complaint(error, command_line_, file());
    }
    /// The status to exit with, after what there is to print.
    [[nodiscard]] int leave(const CLI::ParseError& error) const {
        if (error.get_exit_code() == 0) {
            return app_.exit(error);
        }
        std::cerr << "sotto-relay: " << what_is_wrong(error)
                  << "\nRun with --help for more information.\n";
        return app_.got_subcommand("check") ? 1 : 2;
    }

  private:
    [[nodiscard]] std::string file() const { return app_.get_config_ptr()->as<std::string>(); }

    CLI::App app_{"sotto-relay: passes on what it can't read", "sotto-relay"};
    Options options_;
    std::vector<std::string> command_line_;
};

}  // namespace

std::variant<Options, Leave> read_options(int argc, const char* const* argv) {
    Reading reading;
    try {
        return reading.read(argc, argv);
    } catch (const CLI::ParseError& error) {
        return Leave{reading.leave(error)};
    }
}

tl::expected<Options, std::string> reread_options(int argc, const char* const* argv) {
    Reading reading;
    try {
        return reading.read(argc, argv);
    } catch (const CLI::ParseError& error) {
        return tl::unexpected(reading.what_is_wrong(error));
    }
}

}  // namespace sotto::relay
