#include "relay/program/options.h"

#include "relay/program/config_lines.h"
#include "relay/program/log.h"
#include "relay/program/option_values.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <memory>
#include <set>
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

constexpr std::size_t kLeastMemory = 16U << 20U;  // its shares still hold several messages

void add_limits(CLI::App& app, Options& options) {
    auto& endpoint = options.endpoint;
    endpoint.connections = {20'000, 1'000};
    add_number(app, "--max-connections", endpoint.connections.in_all,
               "simultaneous connections; 0: no limit");
    add_number(app, "--max-per-network", endpoint.connections.per_network,
               "simultaneous connections from one IPv4 address or IPv6 /64; 0: no limit");
    add_number(app, "--busy-mark", options.limits.busy_mark,
               "bytes queued for a reader above which its senders get busy");
    add_number(app, "--cut-mark", endpoint.max_queued_bytes,
               "bytes queued for a reader above which it is cut");
    add_number(app, "--max-memory", options.max_memory,
               "bytes of memory for all connections; 0: no limit");
    add_rate(app, "--lookups", options.limits.lookups, "lookups of one user");
    add_rate(app, "--requests", options.limits.requests, "chat requests of one user");
    add_rate(app, "--stranger-requests", options.limits.stranger_requests,
             "chat requests to one user, from users that they have not written to");
    add_rate(app, "--relay-bytes", options.limits.relay_bytes,
             "bytes forwarded for one user; above, their connection is not read for a while");
    add_rate(app, "--refusals", options.limits.refusals,
             "error replies to one user; above, their connection is not read for a while");
    add_rate(app, "--registrations", options.limits.registrations,
             "registrations from one network");
    add_rate(app, "--new-names", options.limits.new_names, "new names from one network");
    add_number(app, "--max-names", options.limits.max_names,
               "names in total; above, new ones are refused; 0: no limit");
}

void add_options(CLI::App& app, Options& options) {
    app.set_version_flag("--version", "sotto-relay 0.1.0");
    app.set_config("--config", default_file(), "read options from this file (TOML: port = 7443)");
    app.allow_config_extras(CLI::config_extras_mode::error);  // a misspelt line is not ignored
    app.add_option("--address", options.address, "IP address to listen on")->capture_default_str();
    add_number(app, "--port", options.port, "port to listen on; 0 lets the kernel choose", 65'535);
    add_number(app, "--threads", options.threads,
               "event loops; 0: one per processor that it may run on", kMostThreads);
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
    app.add_option("--metrics", options.metrics, "serve metrics for Prometheus here")
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
    add_task(app, options, Task::check, {"check", "report what is wrong, and where, and exit"});
    add_task(app, options, Task::backup, {"backup", "copy the registry, even while a relay runs"})
        .add_option("FILE", options.subject, "the copy; must not exist yet")
        ->required();
    CLI::App& names = *app.add_subcommand("names", "show the names, and change their owners");
    names.fallthrough();
    names.require_subcommand(1);
    add_task(names, options, Task::list, {"list", "print every name that is owned or blocked"});
    const std::array<std::pair<Task, std::pair<std::string, std::string>>, 4> of_one{
        {{Task::show, {"show", "print the owner of a name"}},
         {Task::release, {"release", "let any key register the name"}},
         {Task::block, {"block", "let nobody register the name, not even its owner"}},
         {Task::unblock, {"unblock", "allow the name to be registered again"}}}};
    for (const auto& [task, name_and_help] : of_one) {
        add_task(names, options, task, name_and_help)
            .add_option("NAME", options.subject, "the user's name")
            ->required();
    }
}

/// What is wrong with a line of the configuration file by itself; empty: nothing.
std::string wrong_with(const CLI::ConfigItem& item) {
    Options ignored;
    CLI::App app;
    add_options(app, ignored);
    const std::string name = item.fullname();
    CLI::Option* option = app.get_option_no_throw("--" + name);
    const bool is_flag = option != nullptr && option->get_expected_min() == 0;
    if (option == nullptr) {
        return "there is no option '" + name + "'";
    }
    if (name == "help" || name == "version" || name == "config") {
        return "'" + name + "' is for the command line alone";
    }
    if (item.inputs.size() != 1) {
        return "--" + name + " takes one value; text with blanks or commas needs double quotes";
    }
    const std::string& value = item.inputs.front();
    if (is_flag) {
        const bool known = value == "true" || value == "false";
        return known ? "" : "--" + name + ": '" + value + "' is neither true nor false";
    }
    try {
        option->add_result(value);
        option->run_callback();
        return "";
    } catch (const CLI::ParseError& error) {
        return error.what();
    }
}

/// Options that don't go together, or not with what the relay needs: of each an option that
/// may stand in the file, and the sentence.
std::vector<std::pair<std::string, std::string>> contradictions(const Options& options) {
    std::vector<std::pair<std::string, std::string>> out;
    if (options.certificate.empty() != options.key.empty()) {
        out.emplace_back(options.key.empty() ? "certificate" : "key",
                         "--certificate and --key go together");
    }
    if (options.limits.busy_mark >= options.endpoint.max_queued_bytes) {
        out.emplace_back(options.place("busy-mark").empty() ? "cut-mark" : "busy-mark",
                         "--busy-mark must be below --cut-mark");
    }
    if (options.max_memory != 0 && options.max_memory < kLeastMemory) {
        out.emplace_back("max-memory",
                         "--max-memory must be 0, or at least " + std::to_string(kLeastMemory));
    }
    return out;
}

/// One reading of command line and file.
class Reading {
  public:
    Reading() {
        add_options(app_, options_);
        add_tasks(app_, options_);
        app_.config_formatter(lines_);
    }
    /// What is wrong, but for a command line that can't be read, is in the options' own
    /// complaints. Throws CLI::ParseError for that, which may be no error but a call for help.
    const Options& read(int argc, const char* const* argv) {
        app_.parse(argc, argv);
        const std::string name = app_.get_config_ptr()->as<std::string>();
        if (::access(name.c_str(), F_OK) == 0) {
            options_.file = name;
        }
        for (const auto& [option, line] : lines_->lines()) {
            if (overridden_.count(option) == 0) {
                options_.lines[option] = line;
            }
        }
        options_.complaints = complaints();
        return options_;
    }
    /// What `error` says, and what is wrong with the file as far as it was read.
    [[nodiscard]] std::vector<std::string> complaints(const CLI::ParseError& error) const {
        std::vector<std::string> out = complaints();
        out.insert(out.begin(), error.what());
        return out;
    }
    /// Prints help or the version, if that was asked for.
    [[nodiscard]] bool was_help(const CLI::ParseError& error) const {
        return error.get_exit_code() == 0 && app_.exit(error) == 0;
    }
    /// Says them as the log would; the status to exit with.
    [[nodiscard]] Leave complain(const std::vector<std::string>& complaints) const {
        for (const std::string& complaint : complaints) {
            log_failure(complaint, options_.log_format);
        }
        if (options_.log_format != "json") {
            std::cerr << "Run with --help for more information.\n";
        }
        return {app_.got_subcommand("check") ? 1 : 2};
    }

  private:
    /// Of the command line first, then in the order of the file.
    [[nodiscard]] std::vector<std::string> complaints() const {
        std::multimap<int, std::string> by_line(lines_->complaints().begin(),
                                                lines_->complaints().end());
        for (const auto& [option, sentence] : contradictions(options_)) {
            const auto at = options_.lines.find(option);
            by_line.emplace(at == options_.lines.end() ? 0 : at->second, sentence);
        }
        std::vector<std::string> out;
        if (!options_.file.empty() && ::access(options_.file.c_str(), R_OK) != 0) {
            out.push_back("can't read " + options_.file + ": " + std::strerror(errno));
        }
        for (const auto& [line, sentence] : by_line) {
            const std::string place = options_.file + ":" + std::to_string(line) + ": ";
            out.push_back((line == 0 ? "" : place) + sentence);
        }
        return out;
    }

    CLI::App app_{"sotto-relay: forwards messages that it can't read", "sotto-relay"};
    Options options_;
    std::set<std::string> overridden_;  ///< lines of the file whose option the command line has
    std::shared_ptr<ConfigLines> lines_ =
        std::make_shared<ConfigLines>([this](const CLI::ConfigItem& item) {
            const auto* option = app_.get_option_no_throw("--" + item.fullname());
            if (option != nullptr && option->count() > 0) {
                overridden_.insert(item.fullname());
            }
            return wrong_with(item);
        });
};

}  // namespace

std::string Options::place(const std::string& option) const {
    const auto at = lines.find(option);
    return at == lines.end() ? "" : file + ":" + std::to_string(at->second) + ": ";
}

std::variant<Options, Leave> read_options(int argc, const char* const* argv) {
    Reading reading;
    try {
        Options options = reading.read(argc, argv);
        if (!options.complaints.empty() && options.task != Task::check) {
            return reading.complain(options.complaints);
        }
        return options;
    } catch (const CLI::ParseError& error) {
        return reading.was_help(error) ? Leave{0} : reading.complain(reading.complaints(error));
    }
}

tl::expected<Options, std::string> reread_options(int argc, const char* const* argv) {
    Reading reading;
    std::vector<std::string> complaints;
    try {
        Options options = reading.read(argc, argv);
        if (options.complaints.empty()) {
            return options;
        }
        complaints = options.complaints;
    } catch (const CLI::ParseError& error) {
        complaints = reading.complaints(error);
    }
    std::string all;
    for (const std::string& complaint : complaints) {
        all += (all.empty() ? "" : "; ") + complaint;
    }
    return tl::unexpected(all);
}

}  // namespace sotto::relay
