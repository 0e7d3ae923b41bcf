#include "relay/program/options.h"

#include <CLI/CLI.hpp>
#include <unistd.h>

#include <array>
#include <cstdlib>

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
        const auto colon = text.find(':');
        double per_second = 0;
        double burst = 0;
        const bool numbers = colon != std::string::npos &&
                             CLI::detail::lexical_cast(text.substr(0, colon), per_second) &&
                             CLI::detail::lexical_cast(text.substr(colon + 1), burst);
        if (text == "0") {
            rate = {};
        } else if (numbers && per_second > 0 && burst >= 1 && per_second < 1e15 && burst < 1e15) {
            rate = {per_second, burst};
        } else {
            throw CLI::ValidationError(name, "'" + text + "' is not PER_SECOND:BURST, nor 0");
        }
    };
    app.add_option_function<std::string>(name, read, what)
        ->type_name("PER_SECOND:BURST")
        ->default_str(text_of(rate.per_second) + ":" + text_of(rate.burst));
}

void add_limits(CLI::App& app, Options& options) {
    auto& endpoint = options.endpoint;
    endpoint.max_connections = 20'000;
    endpoint.max_per_network = 1'000;
    app.add_option("--max-connections", endpoint.max_connections,
                   "connections at a time; 0: no limit")
        ->capture_default_str();
    app.add_option("--max-per-network", endpoint.max_per_network,
                   "connections at a time from one IPv4 address or IPv6 /64; 0: no limit")
        ->capture_default_str();
    app.add_option("--busy-mark", options.limits.busy_mark,
                   "bytes waiting for a reader past which senders are told busy")
        ->capture_default_str();
    app.add_option("--cut-mark", endpoint.max_queued_bytes,
                   "bytes waiting for a reader past which it is cut")
        ->capture_default_str();
    add_rate(app, "--lookups", options.limits.lookups, "lookups of one connection");
    add_rate(app, "--requests", options.limits.requests, "chat requests of one connection");
    add_rate(app, "--relay-bytes", options.limits.relay_bytes,
             "bytes relayed for one connection, past which it is not read for a while");
    add_rate(app, "--registrations", options.limits.registrations,
             "registrations from one network");
    add_rate(app, "--new-names", options.limits.new_names, "new names from one network");
}

void add_options(CLI::App& app, Options& options) {
    app.set_version_flag("--version", "sotto-relay 0.1.0");
    app.set_config("--config", default_file(), "read options from this file (TOML: port = 7443)");
    app.allow_config_extras(CLI::config_extras_mode::error);  // a misspelt line is not ignored
    app.add_option("--address", options.address, "IP address to listen on")->capture_default_str();
    app.add_option("--port", options.port, "port to listen on; 0 lets the kernel choose")
        ->capture_default_str();
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
    app.add_flag("--print-pin", options.print_pin, "print the pin of the certificate and exit");
    add_limits(app, options);
}

}  // namespace

std::variant<Options, Leave> read_options(int argc, const char* const* argv) {
    CLI::App app{"sotto-relay: passes on what it can't read", "sotto-relay"};
    Options options;
    add_options(app, options);
    try {
        app.parse(argc, argv);
        if (options.certificate.empty() != options.key.empty()) {
            throw CLI::ValidationError("--certificate and --key go together");
        }
        if (options.limits.busy_mark >= options.endpoint.max_queued_bytes) {
            throw CLI::ValidationError("--busy-mark must be below --cut-mark");
        }
    } catch (const CLI::ParseError& error) {
        return Leave{app.exit(error) == 0 ? 0 : 2};
    }
    return options;
}

}  // namespace sotto::relay
