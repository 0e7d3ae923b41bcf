// sotto-relay: signals and what stands around the Broker, which does the rest.
#include "crypto/secret.h"
#include "net/io/certificate.h"
#include "relay/program/broker.h"
#include "relay/program/log.h"
#include "relay/program/metrics.h"
#include "relay/program/notify.h"
#include "relay/program/options.h"
#include "relay/program/state_directory.h"
#include "relay/store/sqlite_registry.h"

#include <sys/resource.h>

#include <csignal>
#include <iostream>
#include <memory>
#include <optional>

namespace {

using sotto::relay::Note;
using sotto::relay::Options;

void introduce(const Options& options, std::uint16_t port, const sotto::net::Pin& pin) {
    std::cout << "sotto-relay: listening on " << options.address << " port " << port << "\n"
              << "pin: " << sotto::net::to_hex(pin) << "\n"
              << "to connect:  sotto NAME@HOST";
    if (port != sotto::wire::kDefaultPort) {
        std::cout << ":" << port;
    }
    std::cout << "   (and compare the pin that it shows)\n" << std::flush;
}

/// Certificate and key: the operator's, or the relay's own.
void choose_certificate(Options& options, const sotto::relay::StateDirectory& state) {
    if (options.certificate.empty()) {
        options.certificate = state.certificate();
        options.key = state.key();
        sotto::relay::ensure_certificate(options.certificate, options.key);
    }
    sotto::relay::check_key_mode(options.key);
    options.endpoint.certificate_file = options.certificate;
    options.endpoint.key_file = options.key;
}

/// As many descriptors as the system allows: each connection takes one.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &limit);
    }
}

std::uint16_t listen(sotto::relay::Broker& broker, Options& options) {
    auto port = broker.listen(options.address, options.port);
    if (!port && options.address == "::") {  // a machine without IPv6
        options.address = "0.0.0.0";
        port = broker.listen(options.address, options.port);
    }
    if (!port) {
        throw std::runtime_error(port.error());
    }
    return *port;
}

int serve(Options options) {
    sotto::crypto::init();
    const auto state = sotto::relay::open_state(options.state);
    if (options.print_pin) {
        choose_certificate(options, state);
        const auto pin = sotto::net::pin_of_file(options.certificate);
        std::cout << (pin ? sotto::net::to_hex(*pin) : throw std::runtime_error(pin.error()))
                  << "\n";
        return 0;
    }
    const auto lock = sotto::relay::lock_state(state);
    choose_certificate(options, state);
    raise_descriptor_limit();
    sotto::net::Loop loop;
    sotto::relay::SqliteRegistry registry(state.registry());
    sotto::relay::Broker broker(loop, registry, options.endpoint, sotto::relay::log, {},
                                options.limits);
    std::optional<sotto::relay::MetricsServer> metrics;
    if (!options.metrics.empty()) {
        metrics.emplace(loop, options.metrics, [&] { return broker.figures(); });
    }
    const std::uint16_t port = listen(broker, options);
    introduce(options, port, broker.pin());
    bool stopping = false;
    loop.on_signals({SIGINT, SIGTERM, SIGHUP}, [&](int signal) {
        if (signal == SIGHUP) {
            const auto reloaded = broker.reload_certificate();
            sotto::relay::log(reloaded ? Note::Level::info : Note::Level::error,
                              reloaded ? "certificate reloaded" : reloaded.error());
        } else if (!std::exchange(stopping, true)) {
            sotto::relay::notify_service_manager("STOPPING=1");
            sotto::relay::log(Note::Level::info, "stopping");
            broker.shut_down([&] { loop.stop(); });
        }
    });
    sotto::relay::notify_service_manager("READY=1");
    loop.run();
    sotto::relay::log(Note::Level::info, "stopped");
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const rlimit no_core{0, 0};
    ::setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGPIPE, SIG_IGN);
    auto options = sotto::relay::read_options(argc, argv);
    if (const auto* leave = std::get_if<sotto::relay::Leave>(&options)) {
        return leave->status;
    }
    try {
        auto& said = std::get<Options>(options);
        sotto::relay::set_up_log(said.log_level, said.log_format);
        return serve(std::move(said));
    } catch (const std::exception& error) {
        std::cerr << "sotto-relay: " << error.what() << "\n";
        return 1;
    }
}
