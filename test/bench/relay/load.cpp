// The load generator of `make bench-relay`: what a message, a connection and an idle user
// cost sotto-relay and the relays it is compared with, each on one processor with this
// program on the other. Rounds of the relays alternate, and each figure is their median. The
// rounds are many and short, because the speed of a shared machine changes every second.
#include "crypto/secret.h"
#include "test/bench/relay/measure.h"

#include <CLI/CLI.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <functional>
#include <set>
#include <string>
#include <vector>

namespace {

using namespace sotto::bench;

struct Options {
    Programs programs;
    std::string only;                 ///< part of the names of the runs to do; empty: all
    std::vector<std::string> relays;  ///< the same for relays; empty: all available
    std::string out;
    /// Messages in flight between two users in batched runs: as many as sotto-relay queues at
    /// 48 KiB without answering `busy`.
    std::size_t window = 16;
    int rounds = 11;
    bool quick = false;
};

/// A run that every relay does in turn.
struct Run {
    std::string name;
    std::string title;
    int rounds;
    std::size_t size;  ///< raw payload bytes
    std::function<void(const Peer&, Figures&)> measure;
};

std::vector<Run> runs_of(const Options& options) {
    const bool quick = options.quick;
    const int rounds = quick ? 1 : options.rounds;
    const double seconds = quick ? 0.5 : 1;
    const std::size_t window = options.window;
    const auto talk = [=](const std::string& title, const Shape& shape) {
        return Run{shape.name, title, rounds, shape.size, [=](const Peer& peer, Figures& figures) {
                       measure_talk(peer, shape, seconds, figures);
                   }};
    };
    const auto arrivals = [=](const char* name, const char* title, Speech::Step goal) {
        return Run{name, title, rounds, 0, [=](const Peer& peer, Figures& figures) {
                       measure_arrivals(peer, goal, quick ? 100 : 250, figures);
                   }};
    };
    const std::size_t idle = quick ? 1'000 : 10'000;
    return {
        talk("128 B, pipelined", {run::kBytes128, 128, 4, window, 0}),
        talk("1 KiB, pipelined", {run::kKib1, 1'024, 4, window, 0}),
        talk("16 KiB, pipelined", {run::kKib16, 16'384, 4, window, 0}),
        talk("48 KiB, pipelined", {run::kKib48, 48'000, 4, window, 0}),
        talk("128 B, unbatched: 100 pairs, one message under way each",
             {run::kUnbatched, 128, 100, 1, 0}),
        talk("128 B, open loop: 10,000 a second by 100 pairs",
             {run::kOpenLoop, 128, 100, 0, 10'000}),
        arrivals(run::kConnect, "a connection: TLS and upgrade", Speech::Step::connected),
        arrivals(run::kJoin, "a connection that signs in, too", Speech::Step::joined),
        {run::kIdle, "memory of idle users: " + std::to_string(idle), 1, 0,
         [=](const Peer& peer, Figures& figures) { measure_idle(peer, idle, figures); }},
    };
}

struct Column {
    const char* title;
    const char* quantity;
    int digits;
    double scale;
};

constexpr Column kColumns[] = {
    {"us CPU", quantity::kCpu, 2, 1},    {"a second", quantity::kRate, 0, 1},
    {"p50 ms", quantity::kP50, 3, 1},    {"p99 ms", quantity::kP99, 3, 1},
    {"p999 ms", quantity::kP999, 3, 1},  {"KiB", quantity::kMemory, 1, 1},
    {"load %", quantity::kBusy, 0, 100},
};

/// A line per relay: the measurement, its ratio to the first relay's cost, and whether this
/// program was the limit rather than the relay.
void print(const Run& run, const std::vector<Peer>& peers, const Figures& figures) {
    std::printf("\n%s\n%-30s", run.title.c_str(), "");
    for (const Column& column : kColumns) {
        std::printf("%12s",
                    figures.median(run.name, peers[0].name, column.quantity) ? column.title : "");
    }
    std::printf("%12s\n", "ratio");
    for (const Peer& peer : peers) {
        std::printf("%-30s", peer.name.c_str());
        for (const Column& column : kColumns) {
            const auto value = figures.median(run.name, peer.name, column.quantity);
            value ? std::printf("%12.*f", column.digits, *value * column.scale)
                  : std::printf("%12s", "");
        }
        const char* cost = run.name == run::kIdle ? quantity::kMemory : quantity::kCpu;
        const auto ratio = figures.ratio(run.name, peer.name, peers[0].name, cost);
        ratio ? std::printf("%11.2fx", *ratio) : std::printf("%12s", "-");
        std::puts(generator_was_full(figures, run.name, peer.name) ? "  generator full" : "");
    }
    std::fflush(stdout);
}

std::vector<Peer> present(std::vector<Peer> peers, const std::vector<std::string>& wanted) {
    std::vector<Peer> found;
    for (Peer& peer : peers) {
        const auto is_part = [&](const std::string& part) {
            return peer.name.find(part) != std::string::npos;
        };
        if (!wanted.empty() && std::none_of(wanted.begin(), wanted.end(), is_part)) {
            continue;
        }
        if (peer.missing.empty()) {
            found.push_back(std::move(peer));
        } else {
            std::printf("%s is left out: %s\n", peer.name.c_str(), peer.missing.c_str());
        }
    }
    return found;
}

/// A signal asks it to stop: it does after the round, and removes its relays and files.
volatile std::sig_atomic_t stopped = 0;

void end_at_a_signal() {
    for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
        std::signal(signal, [](int /*signal*/) { stopped = 1; });
    }
}

void compare(const Options& options) {
    const Scratch scratch;
    const std::vector<Peer> peers = present(all_peers(options.programs, scratch), options.relays);
    if (peers.empty()) {
        throw std::runtime_error("no such relay");
    }
    Figures figures;
    for (const Run& run : runs_of(options)) {
        if (run.name.find(options.only) == std::string::npos) {
            continue;
        }
        std::set<std::string> given_up;
        // Forwards and backwards: a relay measured after an idle one may get a faster machine.
        std::vector<Peer> turns = peers;
        for (int round = 0; round < run.rounds; ++round, std::reverse(turns.begin(), turns.end())) {
            for (const Peer& peer : turns) {
                if (stopped != 0) {
                    throw std::runtime_error("stopped by a signal");
                }
                if (run.size > peer.largest || given_up.count(peer.name) != 0) {
                    continue;
                }
                try {
                    run.measure(peer, figures);
                } catch (const std::runtime_error& error) {
                    std::printf("%s, %s: %s\n", run.title.c_str(), peer.name.c_str(), error.what());
                    given_up.insert(peer.name);
                }
            }
        }
        print(run, peers, figures);
    }
    if (!options.out.empty()) {
        figures.write(options.out);
    }
}

/// 10,000 connections need as many descriptors, here and in the relay.
void raise_descriptors() {
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    if (files.rlim_cur < 10'200) {
        std::printf("only %ju descriptors: too few for 10,000 connections\n",
                    static_cast<std::uintmax_t>(files.rlim_cur));
    }
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    CLI::App app("Measures sotto-relay beside other relays.");
    app.add_option("--sotto", options.programs.sotto, "sotto-relay")->required();
    app.add_option("--rival", options.programs.rival, "another build of sotto-relay");
    app.add_option("--stock", options.programs.stock, "ws_stock")->required();
    app.add_option("--raw", options.programs.raw, "ws_raw_tls")->required();
    app.add_option("--node", options.programs.node, "folder of relay.js and its packages");
    app.add_option("--out", options.out, "write the figures to this file");
    app.add_option("--window", options.window, "messages under way in the pipelined runs");
    app.add_option("--rounds", options.rounds, "of which each figure is the median")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    app.add_option("--relays", options.relays, "only those whose name has one of these in it");
    app.add_flag("--quick", options.quick, "one short round of everything");
    app.add_option("run", options.only, "only the runs whose name has this in it");
    CLI11_PARSE(app, argc, argv);
    try {
        sotto::crypto::init();
        end_at_a_signal();
        stay_on_processor(1);
        raise_descriptors();
        compare(options);
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "relay_load: %s\n", error.what());
        return 1;
    }
}
