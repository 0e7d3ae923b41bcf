// sotto-relay: options, logging, signals; the rest is Broker's.
#include "crypto/secret.h"
#include "net/wire/limits.h"
#include "relay/program/broker.h"
#include "relay/program/state_directory.h"
#include "relay/store/sqlite_registry.h"

#include <CLI/CLI.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/resource.h>

#include <csignal>
#include <iostream>
#include <map>

namespace {

using sotto::relay::Note;

struct Options {
    std::string address = "::";
    std::uint16_t port = sotto::wire::kDefaultPort;
    std::string certificate;
    std::string key;
    std::string state;
    std::string level = "info";
    std::string format = "plain";
    bool print_pin = false;
};

void add_options(CLI::App& app, Options& options) {
    app.set_version_flag("--version", "sotto-relay 0.1.0");
    app.set_config("--config", "", "read options from this file (TOML: port = 7443)")
        ->type_name("FILE");
    app.allow_config_extras(CLI::config_extras_mode::error);  // a misspelt line is not ignored
    app.add_option("--address", options.address, "IP address to listen on")->capture_default_str();
    app.add_option("--port", options.port, "port to listen on; 0 lets the kernel choose")
        ->capture_default_str();
    app.add_option("--certificate", options.certificate, "PEM certificate chain (default: its own)")
        ->type_name("FILE");
    app.add_option("--key", options.key, "PEM key of the certificate")->type_name("FILE");
    app.add_option("--state", options.state, "directory for certificate, key and registry")
        ->type_name("DIRECTORY");
    app.add_option("--log-level", options.level, "how much to log")
        ->check(CLI::IsMember({"debug", "info", "warn", "error"}))
        ->capture_default_str();
    app.add_option("--log-format", options.format, "plain, or one JSON object per line")
        ->check(CLI::IsMember({"plain", "json"}))
        ->capture_default_str();
    app.add_flag("--print-pin", options.print_pin, "print the pin of the certificate and exit");
}

void set_up_log(const Options& options) {
    auto logger = spdlog::stderr_logger_st("sotto-relay");
    logger->set_level(spdlog::level::from_str(options.level));
    logger->set_pattern(options.format == "json"
                            ? R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":"%v"})"
                            : "%Y-%m-%d %H:%M:%S %l: %v");
    spdlog::set_default_logger(std::move(logger));
}

void log(Note::Level level, const std::string& text) {
    static const std::map<Note::Level, spdlog::level::level_enum> levels{
        {Note::Level::debug, spdlog::level::debug},
        {Note::Level::info, spdlog::level::info},
        {Note::Level::warning, spdlog::level::warn},
        {Note::Level::error, spdlog::level::err}};
    spdlog::log(levels.at(level), "{}", text);
}

void introduce(const Options& options, std::uint16_t port, const sotto::net::Pin& pin) {
    std::cout << "sotto-relay: listening on " << options.address << " port " << port << "\n"
              << "pin: " << sotto::net::to_hex(pin) << "\n"
              << "to connect:  sotto NAME@HOST";
    if (port != sotto::wire::kDefaultPort) {
        std::cout << ":" << port;
    }
    std::cout << "   (and compare the pin that it shows)\n" << std::flush;
}

int serve(Options options) {
    sotto::crypto::init();
    const auto state = sotto::relay::open_state(options.state);
    if (options.certificate.empty() != options.key.empty()) {
        throw std::runtime_error("--certificate and --key go together");
    }
    if (options.certificate.empty()) {
        options.certificate = state.certificate();
        options.key = state.key();
        sotto::relay::ensure_certificate(options.certificate, options.key);
    }
    sotto::net::Loop loop;
    sotto::relay::SqliteRegistry registry(state.registry());
    sotto::net::ServerEndpoint::Options endpoint;
    endpoint.certificate_file = options.certificate;
    endpoint.key_file = options.key;
    sotto::relay::Broker broker(loop, registry, endpoint, log);
    if (options.print_pin) {
        std::cout << sotto::net::to_hex(broker.pin()) << "\n";
        return 0;
    }
    auto port = broker.listen(options.address, options.port);
    if (!port && options.address == "::") {  // a machine without IPv6
        options.address = "0.0.0.0";
        port = broker.listen(options.address, options.port);
    }
    if (!port) {
        throw std::runtime_error(port.error());
    }
    introduce(options, *port, broker.pin());
    bool stopping = false;
    loop.on_signals({SIGINT, SIGTERM, SIGHUP}, [&](int signal) {
        if (signal == SIGHUP) {
            const auto reloaded = broker.reload_certificate();
            log(reloaded ? Note::Level::info : Note::Level::error,
                reloaded ? "certificate reloaded" : reloaded.error());
        } else if (!std::exchange(stopping, true)) {
            log(Note::Level::info, "stopping");
            broker.shut_down([&] { loop.stop(); });
        }
    });
    loop.run();
    log(Note::Level::info, "stopped");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app{"sotto-relay: passes on what it can't read", "sotto-relay"};
    Options options;
    add_options(app, options);
    CLI11_PARSE(app, argc, argv);
    try {
        set_up_log(options);
        return serve(options);
    } catch (const std::exception& error) {
        std::cerr << "sotto-relay: " << error.what() << "\n";
        return 1;
    }
}
