// sotto: settings, identity and address; the driver and the faces do the rest.
#include "crypto/base/hex.h"
#include "crypto/base/host_port.h"
#include "net/system/standard_descriptors.h"
#include "net/wire/contact_link.h"
#include "tui/client/memory_store.h"
#include "tui/demo/demo.h"
#include "tui/driver/driver.h"
#include "tui/driver/open_screen.h"
#include "tui/faces/json_face.h"
#include "tui/faces/plain_face.h"
#include "tui/faces/send_face.h"
#include "tui/startup/data_directory.h"
#include "tui/startup/data_lock.h"
#include "tui/startup/first_run.h"
#include "tui/startup/settings.h"
#include "tui/store/sqlite_store.h"

#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>

namespace {

using namespace sotto;
using program::Settings;

/// A sentence about a wrong command line.
class UsageError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

bool at_terminal() {
    return ::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0;
}

tui::ScreenFace::Options look_of(const Settings& settings) {
    tui::ScreenFace::Options look;
    look.wire = settings.wire;
    look.emoji = settings.emoji_width == "1" ? tui::EmojiWidth::one : tui::EmojiWidth::two;
    return look;
}

std::unique_ptr<tui::Face> make_face(const Settings& settings, net::Loop& loop,
                                     const client::Client::Options& options,
                                     const tui::Face::Sink& sink) {
    if (settings.json) {
        return std::make_unique<tui::JsonFace>(
            STDIN_FILENO, STDOUT_FILENO, sink,
            tui::JsonReady{1, options.software, options.user, options.relay});
    }
    if (!settings.send.empty()) {
        return std::make_unique<tui::SendFace>(STDIN_FILENO, STDERR_FILENO, settings.send, sink);
    }
    if (!settings.plain && at_terminal()) {
        return program::open_screen(loop, sink, look_of(settings));
    }
    tui::PlainFace::Options plain;
    plain.show_wire = settings.wire;
    plain.pipe = ::isatty(STDIN_FILENO) == 0;
    return std::make_unique<tui::PlainFace>(STDIN_FILENO, STDOUT_FILENO, sink, plain);
}

/// NAME@HOST[:PORT] as given, or remembered, or as the person answers.
wire::Address choose_address(const Settings& settings, const std::string& data,
                             const program::Prompt& prompt) {
    std::string text = settings.address;
    if (text.empty()) {
        text = program::remembered_address(data + "/address").value_or("");
    }
    const bool may_ask = !settings.json && settings.send.empty() && ::isatty(STDIN_FILENO) != 0 &&
                         prompt.somebody_there();
    if (text.empty() && may_ask) {
        const char* user = std::getenv("USER");  // NOLINT(concurrency-mt-unsafe)
        text = program::ask_address(prompt, user == nullptr ? "" : user);
    }
    if (text.empty()) {
        throw UsageError("say who you are: sotto NAME@HOST[:PORT] (or try: sotto --demo)");
    }
    return *wire::parse_address(text);  // each source was checked
}

program::Driver::Relay relay_of(const Settings& settings, const wire::Address& address) {
    program::Driver::Relay relay;
    relay.host = address.host;
    relay.port = address.port;
    relay.trust_new = settings.trust_new_relay;
    if (const auto proxy = net::parse_proxy(settings.proxy); proxy) {
        relay.proxy = *proxy;
    }
    relay.pin = base::from_hex<base::Pin>(settings.pin);
    return relay;
}

std::unique_ptr<client::Store> open_store(const Settings& settings, const std::string& data,
                                          const std::string& relay) {
    if (settings.incognito) {
        return std::make_unique<client::MemoryStore>();
    }
    return std::make_unique<client::SqliteStore>(data + "/contacts.sqlite", relay);
}

/// Remembers the address. A failure is only a warning.
void remember(const std::string& data, const client::Client::Options& options, tui::Face& face) {
    try {
        program::remember_address(data + "/address", options.user + "@" + options.relay);
    } catch (const std::exception& error) {
        face.on_event(
            client::event::Notice{
                client::event::Notice::Level::warning, {}, client::SafeText::from(error.what())},
            program::Driver::now().monotonic);
    }
}

int chat(const Settings& settings) {
    crypto::init();
    const program::Prompt prompt = program::find_prompt();
    const std::string data = program::open_data(settings.data);
    const program::DataLock lock(data);
    const wire::Address address = choose_address(settings, data, prompt);
    const crypto::Identity identity = program::open_identity(
        data + "/identity", program::passphrases(prompt, settings.passphrase_file));
    auto pins = net::PinStore::load(data + "/relays");
    if (!pins) {
        throw std::runtime_error(pins.error());
    }
    client::Client::Options options;
    options.user = address.user;
    options.relay = base::host_port(address.host, address.port);
    options.show_wire = settings.wire || (!settings.json && settings.send.empty());
    const auto store = open_store(settings, data, options.relay);
    crypto::SystemRandom random;
    net::Loop loop;
    program::Driver driver(loop, relay_of(settings, address), *pins,
                           std::make_unique<client::Client>(options, identity, *store, random),
                           [&] { loop.stop(); });
    prompt.show_typing();  // a face restores the terminal to the state that it finds
    const auto face = make_face(settings, loop, options,
                                [&](const client::Command& command) { driver.execute(command); });
    driver.set_face(*face);
    if (!settings.incognito) {
        driver.on_registered([&] { remember(data, options, *face); });
    }
    loop.on_signals({SIGINT, SIGTERM, SIGHUP}, [&](int signal) {
        if (signal != SIGINT || !face->on_interrupt(program::Driver::now().monotonic)) {
            driver.execute(client::command::Quit{});
        }
    });
    loop.post([&] { driver.execute(client::command::Connect{}); });
    loop.run();
    return face->exit_status();
}

int run(const Settings& settings) {
    try {
        return settings.demo ? program::run_demo(at_terminal()) : chat(settings);
    } catch (const program::Left&) {
        std::cerr << "sotto: left; nothing was done\n";
        return program::kFailure;
    } catch (const UsageError& error) {
        std::cerr << "sotto: " << error.what() << "\n";
        return program::kUsage;
    } catch (const std::exception& error) {
        std::cerr << "sotto: " << error.what() << "\n";
        return program::kFailure;
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (!net::open_standard_descriptors()) {
        return 1;  // and there is nobody to tell
    }
    const rlimit no_core{0, 0};  // a core dump would hold keys
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGPIPE, SIG_IGN);
    const auto settings = program::read_settings(argc, argv);
    if (settings) {
        return run(*settings);
    }
    if (settings.error().status == program::kOk) {
        std::cout << settings.error().text;
    } else {
        std::cerr << "sotto: " << settings.error().text << "\n(sotto --help lists the options)\n";
    }
    return settings.error().status;
}
