#include "crypto/secret.h"
#include "test/sim/simulation.h"

#include <CLI/CLI.hpp>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <iostream>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

using namespace sotto;

namespace {

struct Job {
    std::uint64_t first = 1;
    std::uint64_t count = 2'000;
    unsigned threads = 1;
    bool needs_all = false;  ///< every moment must be met
};

/// Runs the seed again, and tells its story.
bool replay(std::uint64_t seed) {
    sim::Story story(true);
    sim::Sometimes sometimes;
    std::string broken;
    try {
        sim::simulate(seed, story, sometimes);
    } catch (const std::exception& error) {
        broken = error.what();
    }
    for (const std::string& line : story.lines()) {
        std::cout << line << '\n';
    }
    std::cout << "seed " << seed << ", hash " << std::hex << story.hash() << std::dec << ": "
              << (broken.empty() ? "all is well" : broken) << '\n';
    return broken.empty();
}

/// All seeds of a job, on several threads; the lowest that failed.
class Sweep {
  public:
    explicit Sweep(const Job& job) : job_(job), next_(job.first), end_(job.first + job.count) {}

    std::optional<std::uint64_t> run() {
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < job_.threads; ++i) {
            threads.emplace_back([this] { work(); });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        return failed_;
    }

    sim::Sometimes sometimes;

  private:
    void work() {
        sim::Sometimes mine;
        for (std::uint64_t seed = next_++; seed < end_; seed = next_++) {
            try {
                sim::Story story;
                sim::simulate(seed, story, mine);
            } catch (const std::exception&) {
                const std::lock_guard lock(lock_);
                failed_ = std::min(failed_.value_or(seed), seed);
                end_ = std::min(end_.load(), seed);  // lower ones still run
            }
        }
        const std::lock_guard lock(lock_);
        sometimes += mine;
    }

    const Job& job_;
    std::atomic<std::uint64_t> next_;
    std::atomic<std::uint64_t> end_;
    std::mutex lock_;
    std::optional<std::uint64_t> failed_;
};

/// True if every moment was met.
bool print(const sim::Sometimes& sometimes) {
    bool all = true;
    for (std::size_t at = 0; at < base::enum_count<sim::Moment>; ++at) {
        const auto moment = static_cast<sim::Moment>(at);
        std::string name(base::enum_name(moment));
        std::replace(name.begin(), name.end(), '_', ' ');
        const auto count = sometimes.count(moment);
        std::printf("%12llu  %s\n", static_cast<unsigned long long>(count), name.c_str());
        all = all && count > 0;
    }
    return all;
}

int sweep(const Job& job) {
    const auto began = std::chrono::steady_clock::now();
    Sweep sweep(job);
    const auto failed = sweep.run();
    if (failed) {
        std::cout << std::flush;
        replay(*failed);
        std::cout << "again: simulate --seed " << *failed << " --story\n";
        return 1;
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    const bool all = print(sweep.sometimes);
    std::printf("%llu seeds in %.1f s, %.0f a second on %u threads\n",
                static_cast<unsigned long long>(job.count), took.count(),
                static_cast<double>(job.count) / took.count(), job.threads);
    if (job.needs_all && !all) {
        std::printf("a moment was never met: these seeds test less than they should\n");
        return 1;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Job job;
    job.threads = std::max(1U, std::thread::hardware_concurrency());
    std::optional<std::uint64_t> seed;
    bool story = false;
    CLI::App app("Runs simulated worlds of people, clients and relays, one from each seed.");
    app.add_option("--seeds", job.count, "how many seeds to run");
    app.add_option("--first", job.first, "the first of them");
    app.add_option("--threads", job.threads, "how many at a time");
    app.add_flag("--needs-all", job.needs_all, "fail if a rare moment was never met");
    app.add_option("--seed", seed, "run this one only");
    app.add_flag("--story", story, "with --seed: tell what happens (it does anyway)");
    CLI11_PARSE(app, argc, argv);
    crypto::init();
    if (seed) {
        return replay(*seed) ? 0 : 1;
    }
    return sweep(job);
}
