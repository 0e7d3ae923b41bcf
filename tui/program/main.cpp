// sotto: options and first run; the rest is the driver's and the faces'.
#include "net/wire/contact_link.h"
#include "tui/client/memory_store.h"
#include "tui/faces/plain_face.h"
#include "tui/program/data_directory.h"
#include "tui/program/demo.h"
#include "tui/program/driver.h"
#include "tui/store/sqlite_store.h"

#include <CLI/CLI.hpp>
#include <sys/resource.h>
#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <iostream>

namespace {

using namespace sotto;

struct Options {
    std::string address;
    std::string data;
    std::string pin;
    bool demo = false;
    bool plain = false;
    bool incognito = false;
    bool trust_new_relay = false;
};

void add_options(CLI::App& app, Options& options) {
    app.set_version_flag("--version", "sotto 0.1.0");
    app.add_option("address", options.address, "NAME@HOST[:PORT]: who you are, on which relay");
    app.add_flag("--demo", options.demo, "a private relay and an automatic peer, on this machine");
    app.add_flag("--plain", options.plain, "line by line, for screen readers and pipes");
    app.add_flag("--incognito", options.incognito, "remember no contacts after this session");
    app.add_flag("--trust-new-relay", options.trust_new_relay,
                 "agree to the key of a relay never seen before");
    app.add_option("--pin", options.pin, "the relay's pin, 64 hex digits: decides alone")
        ->type_name("PIN");
    app.add_option("--data", options.data, "directory for identity, contacts and relay pins")
        ->type_name("DIRECTORY");
}

/// Reads a line without showing it; nothing if there is no terminal.
std::optional<std::string> ask_passphrase(const std::string& prompt) {
    if (::isatty(STDIN_FILENO) == 0) {
        return std::nullopt;
    }
    termios shown{};
    ::tcgetattr(STDIN_FILENO, &shown);
    termios hidden = shown;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    std::cerr << prompt << std::flush;
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    std::string line;
    const bool read = static_cast<bool>(std::getline(std::cin, line));
    ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    std::cerr << "\n";
    return read ? std::optional(line) : std::nullopt;
}

std::string ask_address() {
    std::string line;
    if (::isatty(STDIN_FILENO) != 0) {
        std::cerr << "Who are you, on which relay (NAME@HOST[:PORT])? " << std::flush;
        std::getline(std::cin, line);
    }
    if (line.empty()) {
        throw std::runtime_error("say who you are: sotto NAME@HOST[:PORT] (or try --demo)");
    }
    return line;
}

int chat(Options options) {
    crypto::init();
    if (options.address.empty()) {
        options.address = ask_address();
    }
    const auto address = wire::parse_address(options.address);
    if (!address || address->user.empty()) {
        throw std::runtime_error(
            "'" + options.address +
            "': " + (address ? "the user name is missing (NAME@HOST)" : address.error().what));
    }
    program::Driver::Relay relay{address->host, address->port, std::nullopt,
                                 options.trust_new_relay};
    if (!options.pin.empty()) {
        net::Pin pin{};
        if (!net::from_hex(options.pin, pin)) {
            throw std::runtime_error("--pin takes 64 hex digits");
        }
        relay.pin = pin;
    }
    const std::string data = program::open_data(options.data);
    const crypto::Identity identity = program::open_identity(data + "/identity", ask_passphrase);
    auto pins = net::PinStore::load(data + "/relays");
    if (!pins) {
        throw std::runtime_error(pins.error());
    }
    const bool ipv6 = address->host.find(':') != std::string::npos;
    client::Client::Options client_options;
    client_options.user = address->user;
    client_options.relay =
        (ipv6 ? "[" + address->host + "]" : address->host) + ":" + std::to_string(address->port);
    std::unique_ptr<client::Store> store;
    if (options.incognito) {
        store = std::make_unique<client::MemoryStore>();
    } else {
        store =
            std::make_unique<client::SqliteStore>(data + "/contacts.sqlite", client_options.relay);
    }
    crypto::SystemRandom random;
    net::Loop loop;
    program::Driver driver(
        loop, relay, *pins,
        std::make_unique<client::Client>(client_options, identity, *store, random),
        [&] { loop.stop(); });
    const auto sink = [&](const client::Command& command) { driver.execute(command); };
    tui::PlainFace face(STDIN_FILENO, STDOUT_FILENO, sink);
    driver.set_face(face);
    loop.on_signals({SIGINT, SIGTERM, SIGHUP},
                    [&](int) { driver.execute(client::command::Quit{}); });
    loop.post([&] { driver.execute(client::command::Connect{}); });
    loop.run();
    return face.exit_status();
}

}  // namespace

int main(int argc, char** argv) {
    const rlimit no_core{0, 0};  // a core dump would hold keys
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGPIPE, SIG_IGN);
    CLI::App app{"sotto: talk through a relay that can't read it", "sotto"};
    Options options;
    add_options(app, options);
    CLI11_PARSE(app, argc, argv);
    try {
        return options.demo
                   ? program::run_demo(::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0)
                   : chat(options);
    } catch (const std::exception& error) {
        std::cerr << "sotto: " << error.what() << "\n";
        return 1;
    }
}
