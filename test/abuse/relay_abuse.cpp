// `abuse`: every attack in turn against a real relay, while two honest users go on
// talking. Nothing of theirs may be lost or late, the relay's memory stays bounded, and
// its descriptors are back afterwards. Attackers are processes of their own.
#include "crypto/secret.h"
#include "net/io/loop.h"
#include "test/abuse/attacks.h"
#include "test/bench/relay_child.h"
#include "test/bench/relay_user.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

using namespace sotto;
using Clock = net::Loop::Clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr auto kBetween = std::chrono::milliseconds(5);  // 200 messages a second
constexpr double kMemory = 256.0 * 1'024 * 1'024;

struct Bars {
    double seconds = 5;  ///< for each attack
    double p99 = 250;    ///< milliseconds
};

/// honest0 talks to honest1, and every message is waited for.
class Honest {
  public:
    Honest(net::Loop& loop, std::uint16_t port)
        : loop_(loop),
          receiver_(loop, bench::Speech::sotto, port, "honest1", ""),
          sender_(loop, bench::Speech::sotto, port, "honest0", "") {
        text_ = bench::User::message(bench::Speech::sotto, "honest0", "honest1", 256);
        receiver_.on_messages = [this](std::size_t count) {
            for (; count > 0 && !under_way_.empty(); --count) {
                late_.push_back(Milliseconds(Clock::now() - under_way_.front()).count());
                under_way_.pop_front();
            }
        };
        wait([this] { return sender_.joined() && receiver_.joined(); });
    }

    /// Talks for a while; what was late and what never came.
    void talk(double seconds) {
        late_.clear();
        const auto end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                                            std::chrono::duration<double>(seconds));
        auto next = Clock::now();
        while (Clock::now() < end) {
            if (Clock::now() >= next) {
                under_way_.push_back(Clock::now());
                sender_.send(text_);
                next += kBetween;
            }
            loop_.run_for(std::chrono::milliseconds(1));
        }
        wait([this] { return under_way_.empty(); });
    }
    [[nodiscard]] std::size_t lost() const { return under_way_.size(); }
    [[nodiscard]] double p99() {
        std::sort(late_.begin(), late_.end());
        return late_.empty() ? 1e9 : late_[late_.size() * 99 / 100];
    }
    [[nodiscard]] std::size_t received() const { return late_.size(); }

  private:
    template <class Done>
    void wait(const Done& done) {
        const auto deadline = Clock::now() + std::chrono::seconds(10);
        while (!done() && Clock::now() < deadline) {
            loop_.run_for(std::chrono::milliseconds(5));
        }
    }

    net::Loop& loop_;
    bench::User receiver_;
    bench::User sender_;
    std::string text_;
    std::deque<Clock::time_point> under_way_;
    std::vector<double> late_;
};

int attack(const std::string& name, const std::string& port, const std::string& seconds) {
    for (const abuse::Attack& one : abuse::attacks()) {
        if (one.name == name) {
            one.run(static_cast<std::uint16_t>(std::stoi(port)), std::stod(seconds));
            return 0;
        }
    }
    return 2;
}

/// The attack's process; ended and waited for with the object.
class Attacker {
  public:
    Attacker(const std::string& program, std::string_view name, std::uint16_t port,
             double seconds) {
        const std::vector<std::string> words{program, "--attack", std::string(name),
                                             std::to_string(port), std::to_string(seconds)};
        pid_ = ::fork();
        if (pid_ == 0) {
            std::vector<char*> raw;
            for (const std::string& word : words) {
                raw.push_back(const_cast<char*>(word.c_str()));
            }
            raw.push_back(nullptr);
            ::execv(raw[0], raw.data());
            ::_exit(127);
        }
    }
    ~Attacker() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    Attacker(const Attacker&) = delete;
    Attacker& operator=(const Attacker&) = delete;

  private:
    pid_t pid_ = -1;
};

/// Few descriptors: that they run out is a part of it.
std::vector<std::string> relay_command(const std::string& relay, const std::string& state) {
    return {"/bin/sh", "-c",
            "ulimit -n 400; exec \"$0\" --address 127.0.0.1 --port 0 --log-level error --state "
            "\"$1\" 2>/dev/null",
            relay, state};
}

int all_of(const std::string& program, const std::string& relay, const Bars& bars) {
    std::string state = "/tmp/sotto-abuse-XXXXXX";
    if (::mkdtemp(state.data()) == nullptr) {
        throw std::runtime_error("no folder in /tmp");
    }
    int bad = 0;
    {
        const bench::Child child(relay_command(relay, state));
        net::Loop loop;
        Honest honest(loop, child.port());
        const std::size_t descriptors = child.descriptors();
        std::printf("%-30s %9s %6s %9s %9s\n", "", "p99 ms", "lost", "messages", "MiB");
        for (const abuse::Attack& one : abuse::attacks()) {
            {
                const Attacker attacker(program, one.name, child.port(), bars.seconds);
                honest.talk(bars.seconds);
            }
            const double memory = child.resident_bytes();
            const bool good = honest.lost() == 0 && honest.received() > 0 &&
                              honest.p99() <= bars.p99 && memory <= kMemory;
            std::printf("%-30s %9.1f %6zu %9zu %9.1f %s\n", std::string(one.name).c_str(),
                        honest.p99(), honest.lost(), honest.received(), memory / 1'024 / 1'024,
                        good ? "" : "  <-- bad");
            std::fflush(stdout);
            bad += good ? 0 : 1;
        }
        const auto deadline = Clock::now() + std::chrono::seconds(15);
        while (child.descriptors() > descriptors && Clock::now() < deadline) {
            honest.talk(0.2);
        }
        const bool back = child.descriptors() <= descriptors;
        std::printf("descriptors: %zu before, %zu after%s\n", descriptors, child.descriptors(),
                    back ? "" : "  <-- bad");
        bad += back ? 0 : 1;
    }
    std::filesystem::remove_all(state);
    std::printf("%zu passed, %d failed\n",
                abuse::attacks().size() + 1 - static_cast<std::size_t>(bad), bad);
    return bad == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv, argv + argc);
    try {
        crypto::init();
        if (words.size() == 5 && words[1] == "--attack") {
            return attack(words[2], words[3], words[4]);
        }
        if (words.size() != 2 && words.size() != 4) {
            std::fprintf(stderr, "usage: relay_abuse SOTTO_RELAY [SECONDS P99_MS]\n");
            return 2;
        }
        Bars bars;
        if (words.size() == 4) {
            bars = {std::stod(words[2]), std::stod(words[3])};
        }
        return all_of("/proc/self/exe", words[1], bars);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "relay_abuse: %s\n", error.what());
        return 1;
    }
}
