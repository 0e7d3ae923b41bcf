#include "test/bench/relay/measure.h"

#include <algorithm>
#include <deque>
#include <fstream>
#include <list>

namespace sotto::bench {

namespace {

using Clock = net::Loop::Clock;
using Seconds = std::chrono::duration<double>;

/// Seconds that this program, one thread, ran or waited for its processor: either way it had
/// no time left.
double own_time() {
    double ran = 0;
    double waited = 0;
    std::ifstream("/proc/self/schedstat") >> ran >> waited;  // nanoseconds
    return (ran + waited) / 1e9;
}

/// What a relay and this generator use from its creation on.
class Meter {
  public:
    explicit Meter(const Child& relay) : relay_(relay) {}
    struct Reading {
        double cpu;   ///< seconds of the relay's processor
        double wall;  ///< seconds
        double busy;  ///< share of the generator's processor
    };
    [[nodiscard]] Reading read() const {
        const double wall = Seconds(Clock::now() - start_).count();
        return {relay_.cpu_seconds() - cpu_, wall, (own_time() - own_) / wall};
    }

  private:
    const Child& relay_;
    double cpu_ = relay_.cpu_seconds();
    double own_ = own_time();
    Clock::time_point start_ = Clock::now();
};

double quantile(std::vector<double>& values, double which) {
    if (values.empty()) {
        return 0;
    }
    const auto at = static_cast<std::size_t>(which * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(at),
                     values.end());
    return values[at];
}

}  // namespace

void measure_talk(const Peer& peer, const Shape& shape, double seconds, Figures& figures) {
    const auto relay = peer.start();
    net::Loop loop;
    Crowd crowd(loop, peer, relay->port(), shape);
    const auto began = Clock::now();
    const auto go_on = [&](double time) {
        const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(Seconds(time));
        while (Clock::now() < end) {
            if (shape.per_second > 0) {
                crowd.send_due(began);
            }
            loop.run_for(std::chrono::milliseconds(1));
        }
    };
    crowd.start();
    go_on(seconds / 4);
    crowd.latencies.clear();
    const std::size_t before = crowd.received;
    const Meter meter(*relay);
    go_on(seconds);
    const Meter::Reading used = meter.read();
    if (crowd.received == before) {
        throw std::runtime_error("it stalls");
    }
    const auto messages = static_cast<double>(crowd.received - before);
    const auto add = [&](const char* quantity, double value) {
        figures.add(shape.name, peer.name, quantity, value);
    };
    add(quantity::kCpu, used.cpu * 1e6 / messages);
    add(quantity::kRate, messages / used.wall);
    add(quantity::kP50, quantile(crowd.latencies, 0.5));
    add(quantity::kP99, quantile(crowd.latencies, 0.99));
    add(quantity::kP999, quantile(crowd.latencies, 0.999));
    add(quantity::kBusy, used.busy);
}

void measure_idle(const Peer& peer, std::size_t count, Figures& figures) {
    constexpr std::size_t kAtOnce = 50;
    const auto relay = peer.start();
    net::Loop loop;
    std::deque<User> users;
    const auto add_up_to = [&](std::size_t all) {
        while (users.size() < all) {
            const std::size_t first = users.size();
            const std::size_t last = std::min(all, first + kAtOnce);
            for (std::size_t i = first; i < last; ++i) {
                users.emplace_back(loop, peer, relay->port(),
                                   Role{"idle" + std::to_string(i), "nobody", 1});
            }
            const auto joined = [&] {
                return std::all_of(
                    users.begin() + static_cast<std::ptrdiff_t>(first), users.end(),
                    [](const User& user) { return user.has_reached(Speech::Step::joined); });
            };
            run_until(loop, joined, "idle connections");
        }
    };
    add_up_to(100);  // one-time costs
    const double before = relay->resident_bytes();
    const std::size_t some = users.size();
    add_up_to(count);
    const double grown = relay->resident_bytes() - before;
    figures.add(run::kIdle, peer.name, quantity::kMemory,
                grown / 1'024 / static_cast<double>(count - some));
}

void measure_arrivals(const Peer& peer, Speech::Step goal, std::size_t count, Figures& figures) {
    constexpr std::size_t kAtOnce = 8;
    constexpr std::size_t kWarmUp = 40;  // includes registering new names, which costs more
    const auto relay = peer.start();
    net::Loop loop;
    std::list<User> users;
    std::size_t started = 0;
    std::size_t arrived = 0;
    const auto go_on = [&](std::size_t all) {
        const auto step = [&] {
            const std::size_t before = users.size();
            users.remove_if([&](const User& user) { return user.has_reached(goal); });
            arrived += before - users.size();
            while (started < all && users.size() < kAtOnce) {
                const std::string name = "user" + std::to_string(started++ % kWarmUp);
                users.emplace_back(loop, peer, relay->port(), Role{name, "nobody", 1});
            }
            return arrived == all;
        };
        const auto deadline = Clock::now() + std::chrono::minutes(1);
        while (!step()) {
            loop.run_for(std::chrono::milliseconds(1));
            if (Clock::now() > deadline) {
                throw std::runtime_error("timed out: arrivals");
            }
        }
    };
    go_on(kWarmUp);
    const Meter meter(*relay);
    go_on(kWarmUp + count);
    const Meter::Reading used = meter.read();
    const char* run = goal == Speech::Step::joined ? run::kJoin : run::kConnect;
    const auto many = static_cast<double>(count);
    figures.add(run, peer.name, quantity::kCpu, used.cpu * 1e6 / many);
    figures.add(run, peer.name, quantity::kRate, many / used.wall);
    figures.add(run, peer.name, quantity::kBusy, used.busy);
}

}  // namespace sotto::bench
