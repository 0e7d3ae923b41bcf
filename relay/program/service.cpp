#include "relay/program/service.h"

#include "crypto/base/hex.h"
#include "net/tls/certificate.h"
#include "net/tls/tls_context.h"
#include "relay/program/log.h"
#include "relay/program/notify.h"
#include "relay/program/validity.h"

#include <sched.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <iostream>
#include <stdexcept>
#include <utility>

namespace sotto::relay {

namespace {

constexpr auto kWatchEvery = std::chrono::seconds(2);  // two stat calls
constexpr auto kRenewAgain = std::chrono::seconds(5);

/// What systemd wants with RELOADING=1, so that it can tell one reload from the next.
std::string reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return "RELOADING=1\nMONOTONIC_USEC=" +
           std::to_string(now.tv_sec * 1'000'000LL + now.tv_nsec / 1'000);
}

/// Processors that this process may run on, or as many loops as there may be.
std::size_t processors() {
    cpu_set_t set{};
    const bool known = ::sched_getaffinity(0, sizeof set, &set) == 0;
    const auto count = static_cast<std::size_t>(known ? CPU_COUNT(&set) : 1);
    return std::clamp<std::size_t>(count, 1, kMostThreads);
}

Broker::Options broker_options(const Options& options) {
    return {options.endpoint, options.limits,
            options.threads == 0 ? processors() : options.threads};
}

/// `step`, whose failure is told with the place in the configuration file.
template <class Step>
auto placed(const std::string& place, const Step& step) {
    try {
        return step();
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(place + error.what());
    }
}

Options with_certificate(Options options, const StateDirectory& state) {
    try {
        choose_certificate(options, state);
        (void)net::make_server_context(options.certificate, options.key);
    } catch (const std::runtime_error& error) {
        throw std::runtime_error(place_of(error.what(), options) + error.what());
    }
    options.endpoint.memory = std::make_shared<net::MemoryBudget>(options.max_memory);
    return options;
}

void say(Note::Level level, const std::optional<std::string>& news) {
    if (news) {
        log(level, *news);
    }
}

net::Validity validity_or_throw(const std::string& certificate) {
    const auto validity = net::validity_of_file(certificate);
    return validity ? *validity : throw std::runtime_error(validity.error());
}

}  // namespace

std::string place_of(const std::string& sentence, const Options& options) {
    const bool key = !options.key.empty() && sentence.find(options.key) != std::string::npos;
    return options.place(key ? "key" : "certificate");
}

void choose_certificate(Options& options, const StateDirectory& state) {
    if (options.certificate.empty()) {
        options.certificate = state.certificate();
        options.key = state.key();
        ensure_certificate(options.certificate, options.key);
    }
    check_key_mode(options.key);
    options.endpoint.certificate_file = options.certificate;
    options.endpoint.key_file = options.key;
}

Service::Service(Options options, Reread reread)
    : reread_(std::move(reread)),
      state_(placed(options.place("state"), [&] { return open_state(options.state); })),
      lock_(lock_state(state_)),
      registry_lost_(has_lost_registry(state_)),
      options_(with_certificate(std::move(options), state_)),
      asked_address_(options_.address),
      files_({options_.certificate, options_.key}),
      registry_(state_.registry()),
      broker_(loop_, registry_, broker_options(options_), log),
      timer_(loop_) {
    if (!options_.metrics.empty()) {
        placed(options_.place("metrics"),
               [this] { metrics_.emplace(loop_, options_.metrics, [this] { return metrics(); }); });
    }
}

Metrics Service::metrics() const {
    using Use = net::MemoryBudget::Use;
    Metrics now = broker_.metrics();
    const net::MemoryBudget& memory = *options_.endpoint.memory;
    for (const Use use : {Use::connections, Use::half_received, Use::queued}) {
        now.memory[use] = memory.used(use);
    }
    now.max_memory = memory.bound();
    now.limits = options_.limits;
    now.connection_limits = options_.endpoint.connections;
    now.cut_mark = options_.endpoint.max_queued_bytes;
    now.certificate_end = certificate_end_;
    now.failed_reloads = failed_reloads_;
    return now;
}

std::uint16_t Service::listen() {
    const auto port = broker_.listen(options_.address, options_.port);
    if (port) {
        return *port;
    }
    const std::string place = options_.place("address");
    const std::string why = (place.empty() ? options_.place("port") : place) + port.error();
    if (options_.address != "::") {
        throw std::runtime_error(why);
    }
    const auto without_ipv6 = broker_.listen("0.0.0.0", options_.port);
    if (!without_ipv6) {
        throw std::runtime_error(why + "; nor on 0.0.0.0, IPv4 only");
    }
    options_.address = "0.0.0.0";
    log(Note::Level::warning, why + "; it listens on 0.0.0.0, IPv4 only");
    return *without_ipv6;
}

void Service::introduce(std::uint16_t port) const {
    const std::string listening =
        "listening on " + options_.address + " port " + std::to_string(port);
    const std::string pin = "pin: " + base::hex(broker_.pin());
    const std::string connect = "to connect:  sotto NAME@HOST" +
                                (port == wire::kDefaultPort ? "" : ":" + std::to_string(port)) +
                                "   (and compare the pin that it shows)";
    if (options_.log_format == "json") {
        for (const std::string& line : {listening, pin, connect}) {
            announce_in_json(line);
        }
    } else {
        std::cout << "sotto-relay: " << listening << "\n" << pin << "\n" << connect << std::endl;
    }
}

void Service::run() {
    const std::uint16_t port = listen();
    loop_.on_signals({SIGINT, SIGTERM, SIGHUP}, [this](int signal) { on_signal(signal); });
    introduce(port);  // now at last: whoever reads it may send a signal at once
    if (registry_lost_) {
        log(Note::Level::warning,
            "there is a key in " + state_.path +
                ", but there was no registry: a new one was made, and anybody can claim any name; "
                "if the registry was lost, stop the relay and restore a backup");
    }
    watch_validity(validity_or_throw(options_.certificate));
    watch_certificate();
    notify_service_manager("READY=1");
    broker_.run();
    log(Note::Level::info, "stopped");
}

void Service::on_signal(int signal) {
    if (signal == SIGHUP && !stopping_) {
        notify_service_manager(reloading());
        reload();
        notify_service_manager("READY=1");
    } else if (signal != SIGHUP && std::exchange(stopping_, true)) {
        log(Note::Level::info, "asked twice to stop: exiting immediately");
        loop_.stop();
    } else if (signal != SIGHUP) {
        notify_service_manager("STOPPING=1");
        log(Note::Level::info, "stopping");
        broker_.shut_down([this] { loop_.stop(); });
    }
}

void Service::reload() {
    renewals_.begin();
    auto fresh = reread_();
    if (!fresh) {
        ++failed_reloads_;
        log(Note::Level::error, "configuration not reloaded: " + fresh.error());
        return;
    }
    const auto needs_restart = [](const char* option, bool differs) {
        if (differs) {
            log(Note::Level::warning,
                std::string("--") + option + " has changed; that needs a restart");
        }
    };
    needs_restart("address", fresh->address != asked_address_);
    needs_restart("port", fresh->port != options_.port);
    needs_restart("threads", fresh->threads != options_.threads);
    needs_restart("state", fresh->state != options_.state);
    needs_restart("metrics", fresh->metrics != options_.metrics);
    fresh->address = options_.address;
    fresh->port = options_.port;
    fresh->threads = options_.threads;
    fresh->state = options_.state;
    fresh->metrics = options_.metrics;
    if (const auto done = take_over(std::move(*fresh)); !done) {
        ++failed_reloads_;
        log(Note::Level::error, "not reloaded: " + done.error());
    }
}

tl::expected<void, std::string> Service::take_over(Options fresh) {
    const net::Pin before = broker_.pin();
    net::Validity validity;
    std::optional<FileStamps> files;
    try {
        choose_certificate(fresh, state_);
        files.emplace(
            std::vector{fresh.certificate, fresh.key});  // what changes from here on is news
        validity = validity_or_throw(fresh.certificate);
    } catch (const std::runtime_error& error) {
        return tl::unexpected(place_of(error.what(), fresh) + error.what());
    }
    fresh.endpoint.memory = options_.endpoint.memory;  // what is charged stays charged
    if (const auto done = broker_.reload(broker_options(fresh)); !done) {
        return tl::unexpected(place_of(done.error(), fresh) + done.error());
    }
    fresh.endpoint.memory->set_bound(fresh.max_memory);
    options_ = std::move(fresh);
    files_ = std::move(*files);
    renew_at_.reset();
    set_up_log(options_.log_level, options_.log_format);
    say(Note::Level::info, renewals_.taken_over());
    if (broker_.pin() != before) {
        log(Note::Level::warning, "the key is another one, its pin is " + base::hex(broker_.pin()) +
                                      "; clients that trust the old one will refuse it");
    }
    watch_validity(validity);
    return {};
}

void Service::watch_validity(const net::Validity& certificate) {
    certificate_end_ = std::chrono::system_clock::to_time_t(certificate.until);
    validity_.watch(certificate);
    note_validity();
}

void Service::note_validity() {
    say(Note::Level::warning, validity_.news(std::chrono::system_clock::now()));
}

void Service::watch_certificate() {
    timer_.at(net::Loop::Clock::now() + kWatchEvery, [this] {
        if (!stopping_) {
            renew_certificate();
            note_validity();
        }
        watch_certificate();
    });
}

void Service::renew_certificate() {
    if (const auto why = broker_.take_failure()) {
        on_failed_renewal(*why, true);
    } else if (!renew_at_) {
        say(Note::Level::info, renewals_.succeeded());
    }
    const bool changed = files_.settled();
    if (changed) {
        renewals_.begin();
        log(Note::Level::info, "the certificate's files have changed");
    }
    if (changed || (renew_at_ && *renew_at_ <= net::Loop::Clock::now())) {
        if (const auto done = take_over(options_); !done) {
            on_failed_renewal(done.error(), false);
        }
    }
}

void Service::on_failed_renewal(const std::string& why, bool another_loop) {
    ++failed_reloads_;
    renew_at_ = net::Loop::Clock::now() + kRenewAgain;
    say(Note::Level::error, renewals_.failed(why, another_loop));
}

}  // namespace sotto::relay
