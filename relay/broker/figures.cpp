#include "relay/broker/figures.h"

#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

namespace sotto::relay {

namespace {

constexpr std::array<std::string_view, net::MemoryBudget::kUses> kMemoryUses{
    "connections", "half_received", "queued"};  // as MemoryBudget::Use

/// A number as text that gives the same number back: by itself a stream keeps six digits, and
/// what is counted in seconds stands still once there are many.
template <class Number>
std::string exact(Number value) {
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// One metric: its head, then its samples.
class Metric {
  public:
    Metric(std::ostream& out, std::string_view type, std::string_view name, std::string_view help)
        : out_(out), name_(name) {
        out_ << "# HELP sotto_" << name << ' ' << help << "\n# TYPE sotto_" << name << ' ' << type
             << '\n';
    }
    template <class Number>
    Metric& is(Number value) {
        out_ << "sotto_" << name_ << ' ' << exact(value) << '\n';
        return *this;
    }
    Metric& is(const Histogram& times) {
        for (std::size_t i = 0; i < Histogram::kBounds.size(); ++i) {
            out_ << "sotto_" << name_ << "_bucket{le=\"" << Histogram::kBounds[i] << "\"} "
                 << times.up_to(i) << '\n';
        }
        out_ << "sotto_" << name_ << "_bucket{le=\"+Inf\"} " << times.count() << '\n'
             << "sotto_" << name_ << "_sum " << exact(times.sum()) << '\n'
             << "sotto_" << name_ << "_count " << times.count() << '\n';
        return *this;
    }
    template <class Number>
    Metric& of(std::string_view label, std::string_view which, Number value) {
        out_ << "sotto_" << name_ << '{' << label << "=\"" << which << "\"} " << exact(value)
             << '\n';
        return *this;
    }

  private:
    std::ostream& out_;
    std::string_view name_;
};

void add_limits(std::ostream& out, const Figures& figures) {
    const Limits& limits = figures.limits;
    Metric(out, "gauge", "limit", "Limits set by the operator, by option; 0: no limit.")
        .of("limit", "max-connections", figures.connection_limits.in_all)
        .of("limit", "max-per-network", figures.connection_limits.per_network)
        .of("limit", "max-names", limits.max_names)
        .of("limit", "busy-mark", limits.busy_mark)
        .of("limit", "cut-mark", figures.cut_mark);
    const std::array<std::pair<std::string_view, Rate>, 6> rates{
        {{"registrations", limits.registrations},
         {"new-names", limits.new_names},
         {"lookups", limits.lookups},
         {"requests", limits.requests},
         {"relay-bytes", limits.relay_bytes},
         {"refusals", limits.refusals}}};
    Metric per_second(out, "gauge", "limit_per_second", "Rates allowed; 0: no limit.");
    for (const auto& [name, rate] : rates) {
        per_second.of("limit", name, rate.per_second);
    }
    Metric burst(out, "gauge", "limit_burst", "Largest burst; 0: no limit.");
    for (const auto& [name, rate] : rates) {
        burst.of("limit", name, rate.burst);
    }
    Metric reached(out, "counter", "limited_total", "How often a limit applied.");
    reached.of("limit", "max-connections", figures.turned_away.in_all)
        .of("limit", "max-per-network", figures.turned_away.per_network);
    for (std::size_t i = 0; i < figures.counters.limited.size(); ++i) {
        reached.of("limit", Counters::kLimits[i], figures.counters.limited[i]);
    }
}

std::size_t resident_bytes() {
    std::ifstream file("/proc/self/statm");
    std::size_t total = 0;
    std::size_t resident = 0;
    file >> total >> resident;
    return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

}  // namespace

Figures& Figures::operator+=(const Figures& other) {
    counters += other.counters;
    totals.accepted += other.totals.accepted;
    totals.refused += other.totals.refused;
    totals.refused_memory += other.totals.refused_memory;
    totals.failed += other.totals.failed;
    totals.cut_slow += other.totals.cut_slow;
    totals.cut_silent += other.totals.cut_silent;
    totals.cut_memory += other.totals.cut_memory;
    connections += other.connections;
    half_open += other.half_open;
    queued_bytes += other.queued_bytes;
    handshakes += other.handshakes;
    forwards += other.forwards;
    registered += other.registered;
    online += other.online;
    stopping = stopping || other.stopping;
    return *this;
}

std::string to_prometheus(const Figures& figures) {
    std::ostringstream out;
    const Counters& counters = figures.counters;
    const auto& totals = figures.totals;
    Metric(out, "gauge", "connections", "Open connections.")
        .of("state", "open", figures.connections)
        .of("state", "handshake", figures.half_open);
    Metric(out, "gauge", "users_online", "Users online.").is(figures.online);
    Metric(out, "gauge", "names_registered", "Names that belong to a key.").is(figures.registered);
    Metric(out, "gauge", "queued_bytes", "Bytes queued for readers.").is(figures.queued_bytes);
    Metric(out, "counter", "connections_total", "Connections accepted or refused, by outcome.")
        .of("outcome", "accepted", totals.accepted)
        .of("outcome", "refused", totals.refused)
        .of("outcome", "refused_memory", totals.refused_memory)
        .of("outcome", "failed_handshake", totals.failed)
        .of("outcome", "cut_slow", totals.cut_slow)
        .of("outcome", "cut_silent", totals.cut_silent)
        .of("outcome", "cut_memory", totals.cut_memory);
    Metric memory(out, "gauge", "budget_bytes", "Memory of connections, by use.");
    for (std::size_t i = 0; i < figures.memory.size(); ++i) {
        memory.of("use", kMemoryUses[i], figures.memory[i]);
    }
    Metric(out, "gauge", "budget_bound_bytes", "Maximum memory for connections; 0: no limit.")
        .is(figures.max_memory);
    Metric(out, "gauge", "certificate_expiry_timestamp_seconds",
           "When the certificate in use expires, in seconds since 1970.")
        .is(figures.certificate_end);
    Metric(out, "counter", "failed_reloads_total",
           "How often configuration, certificate or key could not be loaded.")
        .is(figures.failed_reloads);
    Metric messages(out, "counter", "received_messages_total", "Messages from clients, by type.");
    for (std::size_t i = 0; i < counters.received.size(); ++i) {
        messages.of("type", Counters::kTypes[i], counters.received[i].messages);
    }
    Metric bytes(out, "counter", "received_bytes_total",
                 "Bytes of messages from clients, by type.");
    for (std::size_t i = 0; i < counters.received.size(); ++i) {
        bytes.of("type", Counters::kTypes[i], counters.received[i].bytes);
    }
    Metric(out, "counter", "forwarded_messages_total", "Messages forwarded.")
        .is(counters.forwarded.messages);
    Metric(out, "counter", "forwarded_bytes_total", "Bytes of messages forwarded.")
        .is(counters.forwarded.bytes);
    Metric refusals(out, "counter", "refusals_total", "Error answers, by code.");
    for (const auto& row : wire::error_table()) {
        refusals.of("code", row.name, counters.refused[static_cast<std::size_t>(row.code)]);
    }
    Metric(out, "counter", "registrations_total", "Users who came online.")
        .is(counters.registrations);
    Metric(out, "counter", "new_names_total", "Names registered for the first time.")
        .is(counters.new_names);
    Metric(out, "counter", "pauses_total",
           "How often the relay stopped reading from a sender for a while.")
        .is(counters.pauses);
    add_limits(out, figures);
    Metric(out, "histogram", "handshake_seconds",
           "Time from accepting a connection to the end of its upgrade.")
        .is(figures.handshakes);
    Metric(out, "histogram", "forwarding_seconds",
           "Time from reading a message until the kernel has it.")
        .is(figures.forwards);
    Metric(out, "gauge", "resident_memory_bytes", "Memory in use.").is(resident_bytes());
    Metric(out, "counter", "cpu_seconds_total", "Processor time used.").is(cpu_seconds());
    return out.str();
}

}  // namespace sotto::relay
