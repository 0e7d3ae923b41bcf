#include "relay/broker/metrics.h"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

namespace sotto::relay {

namespace {

using Use = net::MemoryBudget::Use;
struct UseRow {
    Use key;
    std::string_view name;
};
constexpr base::EnumTable<Use, UseRow> kMemoryUses({
    {Use::connections, "connections"},
    {Use::half_received, "half_received"},
    {Use::queued, "queued"},
});

/// A number as text that gives the same number back: by itself a stream keeps six digits, and
/// what is counted in seconds stands still once there are many.
template <class Number>
std::string exact(Number value) {
    std::array<char, 32> text{};
    return {text.data(), std::to_chars(text.data(), text.data() + text.size(), value).ptr};
}

/// One metric: its head, then its samples.
class Family {
  public:
    Family(std::ostream& out, std::string_view type, std::string_view name, std::string_view help)
        : out_(out), name_(name) {
        out_ << "# HELP sotto_" << name << ' ' << help << "\n# TYPE sotto_" << name << ' ' << type
             << '\n';
    }
    template <class Number>
    Family& is(Number value) {
        out_ << "sotto_" << name_ << ' ' << exact(value) << '\n';
        return *this;
    }
    Family& is(const Histogram& times) {
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
    Family& of(std::string_view label, std::string_view which, Number value) {
        out_ << "sotto_" << name_ << '{' << label << "=\"" << which << "\"} " << exact(value)
             << '\n';
        return *this;
    }

  private:
    std::ostream& out_;
    std::string_view name_;
};

void add_limits(std::ostream& out, const Metrics& metrics) {
    const Limits& limits = metrics.limits;
    Family(out, "gauge", "limit", "Limits set by the operator, by option; 0: no limit.")
        .of("limit", "max-connections", metrics.connection_limits.in_all)
        .of("limit", "max-per-network", metrics.connection_limits.per_network)
        .of("limit", "max-names", limits.max_names)
        .of("limit", "busy-mark", limits.busy_mark)
        .of("limit", "cut-mark", metrics.cut_mark);
    const auto add_rates = [&](Family family, double Rate::*part) {
        for (const LimitRow& row : kLimitTable) {
            if (row.rate != nullptr) {
                family.of("limit", row.name, limits.*row.rate.*part);
            }
        }
    };
    add_rates({out, "gauge", "limit_per_second", "Rates allowed; 0: no limit."}, &Rate::per_second);
    add_rates({out, "gauge", "limit_burst", "So many at once; 0: no limit."}, &Rate::burst);
    Family reached(out, "counter", "limited_total", "Times that a limit held somebody back.");
    reached.of("limit", "max-connections", metrics.turned_away.in_all)
        .of("limit", "max-per-network", metrics.turned_away.per_network);
    for (const LimitRow& row : kLimitTable) {
        reached.of("limit", row.name, metrics.counters.limited[row.key]);
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

Metrics& Metrics::operator+=(const Metrics& other) {
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

std::string to_prometheus(const Metrics& metrics) {
    std::ostringstream out;
    const Counters& counters = metrics.counters;
    const auto& totals = metrics.totals;
    Family(out, "gauge", "connections", "Open connections.")
        .of("state", "open", metrics.connections)
        .of("state", "handshake", metrics.half_open);
    Family(out, "gauge", "users_online", "Users online.").is(metrics.online);
    Family(out, "gauge", "names_registered", "Names that belong to a key.").is(metrics.registered);
    Family(out, "gauge", "queued_bytes", "Bytes queued for readers.").is(metrics.queued_bytes);
    Family(out, "counter", "connections_total", "Connections accepted or refused, by outcome.")
        .of("outcome", "accepted", totals.accepted)
        .of("outcome", "refused", totals.refused)
        .of("outcome", "refused_memory", totals.refused_memory)
        .of("outcome", "failed_handshake", totals.failed)
        .of("outcome", "cut_slow", totals.cut_slow)
        .of("outcome", "cut_silent", totals.cut_silent)
        .of("outcome", "cut_memory", totals.cut_memory);
    Family memory(out, "gauge", "budget_bytes", "Memory of connections, by use.");
    for (const UseRow& row : kMemoryUses) {
        memory.of("use", row.name, metrics.memory[row.key]);
    }
    Family(out, "gauge", "budget_bound_bytes", "Maximum memory for connections; 0: no limit.")
        .is(metrics.max_memory);
    Family(out, "gauge", "certificate_expiry_timestamp_seconds",
           "When the certificate in use expires, in seconds since 1970.")
        .is(metrics.certificate_end);
    Family(out, "counter", "failed_reloads_total",
           "How often configuration, certificate or key could not be loaded.")
        .is(metrics.failed_reloads);
    Family messages(out, "counter", "received_messages_total", "Messages from clients, by type.");
    for (const auto& row : kMessageTypes) {
        messages.of("type", row.name, counters.received[row.key].messages);
    }
    Family bytes(out, "counter", "received_bytes_total",
                 "Bytes of messages from clients, by type.");
    for (const auto& row : kMessageTypes) {
        bytes.of("type", row.name, counters.received[row.key].bytes);
    }
    Family(out, "counter", "forwarded_messages_total", "Messages forwarded.")
        .is(counters.forwarded.messages);
    Family(out, "counter", "forwarded_bytes_total", "Bytes of messages forwarded.")
        .is(counters.forwarded.bytes);
    Family refusals(out, "counter", "refusals_total", "Error answers, by code.");
    for (const auto& row : wire::error_table()) {
        refusals.of("code", row.name, counters.refused[row.key]);
    }
    Family(out, "counter", "registrations_total", "Users who came online.")
        .is(counters.registrations);
    Family(out, "counter", "new_names_total", "Names registered for the first time.")
        .is(counters.new_names);
    Family(out, "counter", "pauses_total",
           "How often the relay stopped reading from a sender for a while.")
        .is(counters.pauses);
    add_limits(out, metrics);
    Family(out, "histogram", "handshake_seconds",
           "Time from accepting a connection to the end of its upgrade.")
        .is(metrics.handshakes);
    Family(out, "histogram", "forwarding_seconds",
           "Time from reading a message until the kernel has it.")
        .is(metrics.forwards);
    Family(out, "gauge", "resident_memory_bytes", "Memory in use.").is(resident_bytes());
    Family(out, "counter", "cpu_seconds_total", "Processor time used.").is(cpu_seconds());
    return out.str();
}

}  // namespace sotto::relay
