#include "relay/program/check.h"

#include "crypto/base/hex.h"
#include "net/loop/listener.h"
#include "net/system/lock_file.h"
#include "net/tls/certificate.h"
#include "net/tls/tls_context.h"
#include "relay/broker/state_directory.h"
#include "relay/program/log.h"
#include "relay/program/metrics_server.h"
#include "relay/program/service.h"
#include "relay/program/validity.h"
#include "relay/store/registry_look.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace sotto::relay {

namespace {

using Kind = Finding::Kind;
using Findings = std::vector<Finding>;

constexpr std::size_t kOtherDescriptors = 64;  // registry, log, loop, listener

void check_state(const Options& options, const StateDirectory& state, Findings& out) {
    const std::string place = options.place("state");
    std::error_code error;
    std::filesystem::path at = state.path;
    const bool there = std::filesystem::exists(at, error);
    while (!std::filesystem::exists(at, error) && at.has_relative_path()) {
        at = at.parent_path();
    }
    at = at.empty() ? "." : at;
    if (!std::filesystem::is_directory(at, error)) {
        out.push_back({Kind::wrong, "state", place + at.string() + " is not a directory"});
        return;
    }
    try {
        require_room(at);
        out.push_back({Kind::fine, "state", state.path + (there ? "" : ", which will be created")});
    } catch (const std::runtime_error& problem) {
        out.push_back({Kind::wrong, "state", place + problem.what()});
    }
}

bool relay_runs_on(const StateDirectory& state) {
    const net::Descriptor file(::open(state.lock().c_str(), O_RDWR | O_CLOEXEC));
    return file.is_open() && net::try_lock(file) == net::Lock::in_use;
}

void check_registry(const StateDirectory& state, Findings& out) {
    const std::string file = state.registry();
    if (::access(file.c_str(), F_OK) != 0) {
        const bool lost = has_lost_registry(state);
        out.push_back({lost ? Kind::note : Kind::fine, "registry",
                       lost ? "none beside the key: if it was lost, every name is free"
                            : "none yet; it will be created"});
        return;
    }
    for (const std::string& part : {file, file + "-wal", file + "-shm"}) {
        if (::access(part.c_str(), R_OK | W_OK) != 0 && errno != ENOENT) {
            out.push_back({Kind::wrong, "registry",
                           "can't read and write " + part + ": " + std::strerror(errno)});
            return;
        }
    }
    try {
        const RegistryLook look = look_at_registry(file, relay_runs_on(state));
        out.push_back({Kind::fine, "registry",
                       std::to_string(look.names) + " names" +
                           (look.whole ? "" : ", without those in " + file + "-wal")});
    } catch (const std::runtime_error& error) {
        out.push_back({Kind::wrong, "registry", error.what()});
    }
}

void check_certificate(const Options& options, const StateDirectory& state, Findings& out) {
    const bool own = options.certificate.empty();
    const std::string certificate = own ? state.certificate() : options.certificate;
    const std::string key = own ? state.key() : options.key;
    const bool has_certificate = ::access(certificate.c_str(), F_OK) == 0;
    const bool has_key = ::access(key.c_str(), F_OK) == 0;
    if (own && !has_certificate && !has_key) {
        out.push_back({Kind::fine, "certificate", "none yet; it will be created"});
        return;
    }
    for (const auto& [file, there] : {std::pair(certificate, has_certificate), {key, has_key}}) {
        if (!there) {
            const std::string option = file == key ? "key" : "certificate";
            out.push_back(
                {Kind::wrong, option, options.place(option) + file + ": " + std::strerror(ENOENT)});
        }
    }
    if (!has_certificate || !has_key) {
        return;
    }
    try {
        check_key_mode(key);
    } catch (const std::runtime_error& error) {
        out.push_back({Kind::wrong, "key", options.place("key") + error.what()});
    }
    try {
        (void)net::make_server_context(certificate, key);
        const auto pin = net::pin_of_file(certificate).value();
        out.push_back({Kind::fine, "certificate", certificate + ", pin " + base::hex(pin)});
    } catch (const std::runtime_error& error) {
        const std::string what = error.what();
        out.push_back({Kind::wrong, "certificate", place_of(what, options) + what});
        return;
    }
    if (const auto validity = net::validity_of_file(certificate)) {
        if (const auto trouble = trouble_with(*validity, std::chrono::system_clock::now())) {
            out.push_back({Kind::note, "certificate", *trouble});
        }
    }
}

void check_ports(const Options& options, Findings& out) {
    net::Loop loop;
    net::Listener listener(
        loop, [](net::Descriptor, const net::Listener::Caller&) {}, nullptr);
    auto port = listener.listen(options.address, options.port, false);
    if (!port && options.address == "::") {  // as the relay itself would do
        port = listener.listen("0.0.0.0", options.port, false);
    }
    if (port) {
        out.push_back({Kind::fine, "port", options.address + " port " + std::to_string(*port)});
    } else {
        const std::string address = options.place("address");
        const std::string place = address.empty() ? options.place("port") : address;
        out.push_back({Kind::wrong, "port", place + port.error()});
    }
    if (!options.metrics.empty()) {
        try {
            const MetricsServer metrics(loop, options.metrics, [] { return Metrics(); });
            out.push_back({Kind::fine, "metrics", options.metrics});
        } catch (const std::runtime_error& error) {
            out.push_back({Kind::wrong, "metrics", options.place("metrics") + error.what()});
        }
    }
}

void check_descriptors(const Options& options, Findings& out) {
    rlimit limit{};
    const std::size_t wanted = options.endpoint.connections.in_all + kOtherDescriptors;
    if (::getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_max < wanted) {
        out.push_back({Kind::note, "max-connections",
                       "the system allows " + std::to_string(limit.rlim_max) +
                           " open files, and each connection takes one"});
    }
}

void check_memory(const Options& options, Findings& out) {
    using net::ServerEndpoint;
    const net::MemoryBudget budget(options.max_memory);
    const std::size_t room =
        budget.share(net::MemoryBudget::Use::connections) / ServerEndpoint::kOpenMemory;
    const std::size_t wanted = options.endpoint.connections.in_all;
    if (wanted == 0 || room >= wanted) {
        return;
    }
    out.push_back({Kind::note, "max-memory",
                   "half of " + std::to_string(options.max_memory) + " bytes is room for " +
                       std::to_string(room) + " connections, not for " + std::to_string(wanted)});
}

}  // namespace

std::vector<Finding> check(const Options& options) {
    Findings out;
    for (const std::string& complaint : options.complaints) {
        out.push_back({Kind::wrong, "configuration", complaint});
    }
    if (options.complaints.empty()) {
        out.push_back({Kind::fine, "configuration",
                       options.file.empty() ? "no file; the command line only" : options.file});
    }
    const StateDirectory state = find_state(options.state);
    check_state(options, state, out);
    check_registry(state, out);
    if (const std::string hint = service_hint(state); options.state.empty() && !hint.empty()) {
        out.push_back({Kind::note, "registry", hint});
    }
    check_certificate(options, state, out);
    if (relay_runs_on(state)) {
        out.push_back({Kind::note, "port", "not checked: a relay runs on this state directory"});
    } else {
        check_ports(options, out);
    }
    check_descriptors(options, out);
    check_memory(options, out);
    return out;
}

int print_check(const Options& options, std::ostream& out) {
    int status = 0;
    for (const Finding& finding : check(options)) {
        const bool wrong = finding.kind == Kind::wrong;
        out << (wrong                        ? "WRONG "
                : finding.kind == Kind::note ? "note  "
                                             : "ok    ")
            << finding.where << ": " << plain_escaped(finding.what) << '\n';
        status = wrong ? 1 : status;
    }
    return status;
}

}  // namespace sotto::relay
