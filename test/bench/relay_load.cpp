// `make bench-relay`: what a message costs sotto-relay, against websocketpp as it comes
// and against a forwarder of raw TLS, all on one processor with this load generator on
// the other. The runs are interleaved, and each figure is the median of its rounds.
#include "crypto/secret.h"
#include "net/io/loop.h"
#include "test/bench/relay_child.h"
#include "test/bench/relay_user.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace sotto;
using namespace sotto::bench;
using Clock = net::Loop::Clock;
using Seconds = std::chrono::duration<double>;

struct Peer {
    std::string name;
    Speech speech;
    std::vector<std::string> command;
};

/// One run's figures.
struct Result {
    double cpu_us = 0;  ///< of the relay, per message
    double rate = 0;    ///< messages per second
    double p50 = 0;     ///< milliseconds from send to receipt
    double p99 = 0;
    double p999 = 0;
    double busy = 0;  ///< of this generator's processor
};

struct Shape {
    std::string name;
    std::size_t size = 0;  ///< raw payload bytes
    std::size_t pairs = 0;
    std::size_t window = 0;  ///< messages under way, per pair
    double per_second = 0;   ///< open loop, in all; 0: as fast as the window lets
};

double own_cpu() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

double quantile(std::vector<double>& values, double which) {
    if (values.empty()) {
        return 0;
    }
    const auto at = static_cast<std::size_t>(which * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at),
                     values.end());
    return values[at];
}

template <class Done>
void run_until(net::Loop& loop, const Done& done, const char* what) {
    const auto deadline = Clock::now() + std::chrono::seconds(60);
    while (!done()) {
        loop.run_for(std::chrono::milliseconds(20));
        if (Clock::now() > deadline) {
            throw std::runtime_error(std::string("timed out: ") + what);
        }
    }
}

/// Pairs of users who talk one way.
class Crowd {
  public:
    Crowd(net::Loop& loop, const Peer& peer, std::uint16_t port, const Shape& shape)
        : shape_(shape), pairs_(shape.pairs) {
        for (std::size_t i = 0; i < pairs_.size(); ++i) {
            Pair& pair = pairs_[i];
            const std::string from = "from" + std::to_string(i);
            const std::string to = "to" + std::to_string(i);
            pair.text = User::message(peer.speech, from, to, shape.size);
            pair.receiver = std::make_unique<User>(loop, peer.speech, port, to, from);
            pair.sender = std::make_unique<User>(loop, peer.speech, port, from, to);
            pair.receiver->message_size = pair.text.size();
            pair.receiver->on_messages = [this, &pair](std::size_t count) { came(pair, count); };
        }
        run_until(
            loop,
            [&] {
                return std::all_of(pairs_.begin(), pairs_.end(), [](const Pair& pair) {
                    return pair.receiver->joined() && pair.sender->joined();
                });
            },
            "joining");
    }

    void start() {
        for (Pair& pair : pairs_) {
            fill(pair);
        }
    }
    /// Open loop: what is due by now.
    void send_due(Clock::time_point since) {
        const double due = Seconds(Clock::now() - since).count() * shape_.per_second;
        while (static_cast<double>(sent_) < due) {
            send(pairs_[sent_ % pairs_.size()]);
        }
    }
    void forget_latencies() { latencies.clear(); }

    std::size_t received = 0;
    std::vector<double> latencies;

  private:
    struct Pair {
        std::unique_ptr<User> sender;
        std::unique_ptr<User> receiver;
        std::string text;
        std::deque<Clock::time_point> under_way;
    };
    void send(Pair& pair) {
        ++sent_;
        pair.under_way.push_back(Clock::now());
        pair.sender->send(pair.text);
    }
    void fill(Pair& pair) {
        while (shape_.per_second == 0 && pair.under_way.size() < shape_.window) {
            send(pair);
        }
    }
    void came(Pair& pair, std::size_t count) {
        received += count;
        const auto now = Clock::now();
        for (; count > 0 && !pair.under_way.empty(); --count) {
            latencies.push_back(Seconds(now - pair.under_way.front()).count() * 1'000);
            pair.under_way.pop_front();
        }
        fill(pair);
    }

    Shape shape_;
    std::vector<Pair> pairs_;
    std::size_t sent_ = 0;
};

Result measure(const Peer& peer, const Shape& shape, double seconds) {
    const Child relay(peer.command);
    net::Loop loop;
    Crowd crowd(loop, peer, relay.port(), shape);
    const auto began = Clock::now();
    crowd.start();
    const auto go = [&](double time) {
        const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(Seconds(time));
        while (Clock::now() < end) {
            if (shape.per_second > 0) {
                crowd.send_due(began);
            }
            loop.run_for(std::chrono::milliseconds(1));
        }
    };
    go(seconds / 4);  // warm-up
    crowd.forget_latencies();
    const double cpu = relay.cpu_seconds();
    const double own = own_cpu();
    const std::size_t received = crowd.received;
    const auto start = Clock::now();
    go(seconds);
    const double wall = Seconds(Clock::now() - start).count();
    const auto messages = static_cast<double>(crowd.received - received);
    Result out;
    out.cpu_us = (relay.cpu_seconds() - cpu) * 1e6 / std::max(messages, 1.0);
    out.rate = messages / wall;
    out.busy = (own_cpu() - own) / wall;
    out.p50 = quantile(crowd.latencies, 0.5);
    out.p99 = quantile(crowd.latencies, 0.99);
    out.p999 = quantile(crowd.latencies, 0.999);
    return out;
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

Result median_of(const std::vector<Result>& runs) {
    const auto of = [&](double Result::*field) {
        std::vector<double> values;
        for (const Result& run : runs) {
            values.push_back(run.*field);
        }
        return median(values);
    };
    return {of(&Result::cpu_us), of(&Result::rate), of(&Result::p50),
            of(&Result::p99),    of(&Result::p999), of(&Result::busy)};
}

/// KiB of the relay's memory for each of `count` idle connections that have joined.
double idle_kib(const Peer& peer, std::size_t count) {
    const Child relay(peer.command);
    net::Loop loop;
    std::deque<User> users;
    const auto add = [&](std::size_t many) {
        for (std::size_t i = 0; i < many; ++i) {
            const std::string name = "idle" + std::to_string(users.size());
            users.emplace_back(loop, peer.speech, relay.port(), name, "nobody");
            if (users.size() % 50 == 0 || i + 1 == many) {
                run_until(
                    loop,
                    [&] {
                        return std::all_of(
                            users.end() - static_cast<std::ptrdiff_t>(
                                              std::min<std::size_t>(50, users.size())),
                            users.end(), [](const User& user) { return user.joined(); });
                    },
                    "idle connections");
            }
        }
    };
    add(100);  // what is paid once
    const double before = relay.resident_bytes();
    add(count);
    return (relay.resident_bytes() - before) / 1'024 / static_cast<double>(count);
}

/// Microseconds of the relay's processor for a connection that joins and goes.
double handshake_us(const Peer& peer, std::size_t count) {
    const Child relay(peer.command);
    net::Loop loop;
    const auto once = [&](std::size_t number) {
        User user(loop, peer.speech, relay.port(), "user" + std::to_string(number), "nobody");
        run_until(
            loop, [&] { return user.joined(); }, "a handshake");
    };
    for (std::size_t i = 0; i < 20; ++i) {
        once(i);
    }
    const double before = relay.cpu_seconds();
    for (std::size_t i = 0; i < count; ++i) {
        once(i % 20);
    }
    return (relay.cpu_seconds() - before) * 1e6 / static_cast<double>(count);
}

std::string new_folder() {
    std::string folder = "/tmp/sotto-bench-XXXXXX";
    if (::mkdtemp(folder.data()) == nullptr) {
        throw std::runtime_error("no folder in /tmp");
    }
    return folder;
}

void print(const std::string& what, const std::vector<Peer>& peers,
           const std::map<std::string, std::vector<Result>>& runs) {
    std::printf("\n%s\n%-28s %12s %12s %9s %9s %9s %9s %8s\n", what.c_str(), "", "us CPU/msg",
                "messages/s", "p50 ms", "p99 ms", "p999 ms", "CPU ratio", "load");
    const double ours = median_of(runs.at(peers[0].name)).cpu_us;
    for (const Peer& peer : peers) {
        const Result mid = median_of(runs.at(peer.name));
        std::printf("%-28s %12.2f %12.0f %9.3f %9.3f %9.3f %9.2f %7.0f%%\n", peer.name.c_str(),
                    mid.cpu_us, mid.rate, mid.p50, mid.p99, mid.p999, mid.cpu_us / ours,
                    mid.busy * 100);
    }
    std::fflush(stdout);
}

struct Wish {
    bool quick = false;
    std::string only;  ///< part of the names of the runs that are wanted; empty: all
};

int compare(const std::string& sotto, const std::string& stock, const std::string& raw,
            const Wish& wish) {
    const bool quick = wish.quick;
    const std::string state = new_folder();
    const auto relay = [&](const std::string& program) {
        return std::vector<std::string>{program, "--address",     "127.0.0.1", "--port",
                                        "0",     "--state",       state,       "--log-level",
                                        "error", "--relay-bytes", "0",         "--registrations",
                                        "0",     "--new-names",   "0",         "--max-per-network",
                                        "0"};
    };
    // Another build of the relay in the second's place is measured like the first.
    const bool rival =
        std::filesystem::path(stock).filename().string().rfind("sotto-relay", 0) == 0;
    const std::vector<Peer> peers{
        {"sotto-relay", Speech::sotto, relay(sotto)},
        {rival ? "the other sotto-relay" : "websocketpp as it comes", Speech::sotto,
         rival ? relay(stock) : std::vector<std::string>{stock}},
        {"raw TLS, no WebSocket, JSON", Speech::raw, {raw}}};
    const std::vector<Shape> shapes{{"pipelined, 128 B", 128, 4, 256, 0},
                                    {"pipelined, 1 KiB", 1'024, 4, 128, 0},
                                    {"pipelined, 16 KiB", 16'384, 4, 16, 0},
                                    {"pipelined, 48 KiB", 48'000, 4, 6, 0},
                                    {"unbatched: 100 pairs, window 1, 128 B", 128, 100, 1, 0},
                                    {"open loop: 10,000/s, 100 pairs, 128 B", 128, 100, 0, 10'000}};
    const int rounds = quick ? 1 : 5;
    const double seconds = quick ? 0.5 : 2;
    for (const Shape& shape : shapes) {
        if (shape.name.find(wish.only) == std::string::npos) {
            continue;
        }
        std::map<std::string, std::vector<Result>> runs;
        for (int round = 0; round < rounds; ++round) {
            for (const Peer& peer : peers) {
                runs[peer.name].push_back(measure(peer, shape, seconds));
            }
        }
        print(shape.name, peers, runs);
    }
    if (std::string("idle").find(wish.only) == std::string::npos) {
        return 0;
    }
    const std::size_t idle = quick ? 500 : 9'000;
    std::printf("\n%-28s %22s %22s\n", "", "KiB/idle connection", "us CPU/handshake");
    for (const Peer& peer : peers) {
        std::vector<double> handshakes;
        for (int round = 0; round < rounds; ++round) {
            handshakes.push_back(handshake_us(peer, quick ? 50 : 300));
        }
        std::printf("%-28s %22.1f %22.0f\n", peer.name.c_str(), idle_kib(peer, idle),
                    median(handshakes));
        std::fflush(stdout);
    }
    std::filesystem::remove_all(state);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Wish wish;
    for (int i = 4; i < argc; ++i) {
        const std::string word = argv[i];
        if (word == "--quick") {
            wish.quick = true;
        } else {
            wish.only = word;
        }
    }
    if (argc < 4) {
        std::fprintf(stderr, "usage: relay_load SOTTO_RELAY STOCK RAW [--quick] [RUN]\n");
        return 2;
    }
    try {
        crypto::init();
        stay_on_processor(1);
        rlimit files{};
        ::getrlimit(RLIMIT_NOFILE, &files);
        files.rlim_cur = files.rlim_max;
        ::setrlimit(RLIMIT_NOFILE, &files);
        return compare(argv[1], argv[2], argv[3], wish);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "relay_load: %s\n", error.what());
        return 1;
    }
}
