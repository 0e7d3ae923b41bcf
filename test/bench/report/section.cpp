#include "test/bench/report/section.h"

#include "test/bench/report/growth.h"
#include "test/bench/report/number.h"

#include <stdexcept>
#include <vector>

namespace sotto::bench {

namespace {

constexpr const char* kNone = "-";
constexpr const char* kFullMark = " †";

struct Column {
    std::string title;
    const char* run;
    const char* quantity;
};
using Columns = std::vector<Column>;
using Cell = std::string (*)(const Figures&, const std::string& relay, const Column&);

std::string value(const Figures& figures, const std::string& relay, const Column& column) {
    const auto measured = figures.median(column.run, relay, column.quantity);
    return measured ? rounded(*measured) : kNone;
}

/// A cost, and how many times ours it is.
std::string cost(const Figures& figures, const std::string& relay, const Column& column) {
    const auto ratio = figures.ratio(column.run, relay, kOurs, column.quantity);
    const std::string text = value(figures, relay, column);
    return ratio && relay != kOurs ? text + " (" + rounded(*ratio) + "x)" : text;
}

/// A rate or a latency, marked if the load generator limited it.
std::string shared(const Figures& figures, const std::string& relay, const Column& column) {
    const bool full = generator_was_full(figures, column.run, relay);
    return value(figures, relay, column) + (full ? kFullMark : "");
}

std::string head(const std::string& corner, const std::vector<std::string>& titles) {
    std::string names = "| " + corner + " |";
    std::string rule = "\n|---|";
    for (const std::string& title : titles) {
        names += " " + title + " |";
        rule += "--:|";
    }
    return names + rule + "\n";
}

/// A row for each relay with a measurement.
std::string table(const std::string& corner, const Figures& figures, const Columns& columns,
                  Cell cell) {
    std::vector<std::string> titles;
    for (const Column& column : columns) {
        titles.push_back(column.title);
    }
    std::string text = head(corner, titles);
    for (const std::string& relay : figures.relays()) {
        text += "| " + relay + " |";
        for (const Column& column : columns) {
            text += " " + cell(figures, relay, column) + " |";
        }
        text += "\n";
    }
    return text;
}

std::string growth_table(const Figures& growth) {
    std::vector<std::string> titles;
    for (const std::string& users : growth::users()) {
        titles.push_back(decimal(std::stod(users), 0));
    }
    std::string text = head("ns per operation, by number of users", titles);
    for (const growth::Operation& operation : growth::operations()) {
        text += std::string("| ") + operation.title + " |";
        for (const std::string& users : growth::users()) {
            text += " " + value(growth, users, {"", operation.run, growth::kTime}) + " |";
        }
        text += "\n";
    }
    return text;
}

/// How busy the load generator was, for the runs that it limited; empty if none.
std::string where_it_was_full(const Figures& figures) {
    std::string text;
    for (const char* run :
         {run::kBytes128, run::kKib1, run::kKib16, run::kKib48, run::kUnbatched, run::kOpenLoop}) {
        std::string relays;
        for (const std::string& relay : figures.relays()) {
            if (generator_was_full(figures, run, relay)) {
                const double busy = *figures.median(run, relay, quantity::kBusy);
                relays +=
                    (relays.empty() ? "" : ", ") + relay + " " + decimal(busy * 100, 0) + " %";
            }
        }
        if (!relays.empty()) {
            text += (text.empty() ? "" : "; ") + std::string(run) + ": " + relays;
        }
    }
    return text.empty() ? text
                        : "\n† The load generator's processor was busy for more than 95 % of the "
                          "time, so it limits these figures too: the relay can do more. " +
                              text + ".\n";
}

std::string measured_on(const Machine& machine) {
    return "Measured on " + machine.date + " with " + std::to_string(machine.processors) +
           (machine.processors == 1 ? " processor" : " processors") +
           (machine.model.empty() ? "" : " (" + machine.model + ")") + ", OpenSSL " +
           machine.openssl + (machine.system.empty() ? "" : " and " + machine.system) +
           ",\nby `make bench-relay`, which writes this section.";
}

/// The cost of a message, messages per second, and latencies.
std::string about_messages(const Figures& figures) {
    const Columns costs{{"128 B", run::kBytes128, quantity::kCpu},
                        {"1 KiB", run::kKib1, quantity::kCpu},
                        {"16 KiB", run::kKib16, quantity::kCpu},
                        {"48 KiB", run::kKib48, quantity::kCpu},
                        {"unbatched", run::kUnbatched, quantity::kCpu},
                        {"open loop", run::kOpenLoop, quantity::kCpu}};
    Columns rates = costs;
    for (Column& column : rates) {
        column.quantity = quantity::kRate;
    }
    const Columns waits{{"unbatched p50", run::kUnbatched, quantity::kP50},
                        {"p99", run::kUnbatched, quantity::kP99},
                        {"p999", run::kUnbatched, quantity::kP999},
                        {"open loop p50", run::kOpenLoop, quantity::kP50},
                        {"p99", run::kOpenLoop, quantity::kP99},
                        {"p999", run::kOpenLoop, quantity::kP999}};
    return "Four pairs of users with 16 messages in flight each; unbatched: 100 pairs with one "
           "message of\n128 B each; open loop: 100 pairs with 10,000 messages of 128 B per second "
           "in total. `-`: the relay\nstalls, or was not measured.\n\n" +
           table("us of the relay's processor per message", figures, costs, cost) + '\n' +
           table("messages per second", figures, rates, shared) + '\n' +
           table("ms from sender to receiver", figures, waits, shared) + where_it_was_full(figures);
}

std::string about_users(const Figures& figures) {
    const Columns columns{{"connect, us", run::kConnect, quantity::kCpu},
                          {"connect and sign in, us", run::kJoin, quantity::kCpu},
                          {"idle, KiB", run::kIdle, quantity::kMemory}};
    return "The cost of a user: the relay's processor time for a connection, and for a connection "
           "that also\nsigns in; and the memory of an idle user.\n\n" +
           table("one user", figures, columns, cost);
}

}  // namespace

std::string performance_section(const Measurement& measured, const std::string& plot) {
    const Figures& figures = measured.figures;
    if (!figures.median(run::kBytes128, kOurs, quantity::kCpu)) {
        throw std::runtime_error(std::string(kOurs) + " was not measured");
    }
    if (measured.growth.relays().empty()) {
        throw std::runtime_error("the growth of the directory was not measured");
    }
    return "## Performance\n\n"
           "Each relay runs on one processor and the load generator on another, over loopback with "
           "TLS 1.3.\nAll relays carry the same text from one user to another: a `relay` envelope "
           "with a base64 payload\nof the given size. The relays alternate, each figure is the "
           "median of all rounds, and the number in\nbrackets is the median ratio to sotto-relay. "
           "The raw TLS forwarder has no WebSocket, no JSON and no\nchecks.\n" +
           measured_on(measured.machine) +
           "\n\n![Processor time per message, and per operation of the directory](" + plot +
           ")\n\n" + about_messages(figures) + '\n' + about_users(figures) +
           "\nHow the cost of the relay's directory operations grows with the number of users, "
           "without network.\nEach figure is for the same user every time.\n\n" +
           growth_table(measured.growth) + '\n';
}

std::string with_section(const std::string& page, const std::string& section) {
    const std::string begin = "<!-- performance -->\n";
    const std::string end = "<!-- /performance -->";
    const std::size_t from = page.find(begin);
    const std::size_t to = page.find(end);
    if (from == std::string::npos || to == std::string::npos || to < from) {
        throw std::runtime_error("the page lacks its two performance comments");
    }
    return page.substr(0, from + begin.size()) + section + page.substr(to);
}

}  // namespace sotto::bench
