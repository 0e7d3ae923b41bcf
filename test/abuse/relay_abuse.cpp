// `make abuse`: every attack in turn against a real relay while two honest users talk.
// None of their messages may be lost or late, the relay's memory must stay bounded, and it
// must free descriptors and memory afterwards. Then a relay gets little memory, runs out of
// descriptors, is killed again and again, and gets a full disk.
#include "crypto/secret.h"
#include "test/abuse/attacker.h"
#include "test/abuse/crashes.h"
#include "test/abuse/honest_pair.h"
#include "test/abuse/scratch.h"
#include "test/bench/relay_child.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <deque>
#include <exception>

namespace {

using namespace sotto;
using namespace sotto::abuse;

constexpr double kMiB = 1'024 * 1'024;

// A sanitizer keeps freed memory and a shadow of the rest: the relay is not charged for it.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kSanitizer = 1'024;  // MiB
#else
constexpr double kSanitizer = 0;
#endif

/// How long it takes, and the limits for the relay.
struct Form {
    double seconds = 5;  ///< for each attack
    double p99 = 250;    ///< milliseconds
    std::size_t crowd = 10'000;
    int kills = 40;
    double memory = 640;      ///< MiB, at any time
    double memory_left = 96;  ///< MiB more than before, afterwards
    std::string only{};       ///< the name of the only attack to run; empty: all
};

class Report {
  public:
    Report() {
        std::printf("%-28s %7s %7s %7s %5s %5s %6s  %s\n", "", "p50 ms", "p99 ms", "most", "lost",
                    "wrong", "MiB", "what was done");
    }
    void row(std::string_view name, const HonestPair::Figures& honest, double mib,
             const Outcome& outcome, bool good) {
        std::printf("%-28s %7.1f %7.1f %7.1f %5zu %5zu %6.0f  ", std::string(name).c_str(),
                    honest.p50, honest.p99, honest.most, honest.lost, honest.wrong, mib);
        finish(outcome.done, good && outcome.good);
    }
    void line(std::string_view name, const Outcome& outcome) {
        std::printf("%-28s %44s", std::string(name).c_str(), "");
        finish(outcome.done, outcome.good);
    }
    [[nodiscard]] int end() const {
        std::printf("%d passed, %d failed\n", passed_, failed_);
        return failed_ == 0 ? 0 : 1;
    }

  private:
    void finish(const std::string& done, bool good) {
        std::printf("%s%s\n", done.c_str(), good ? "" : "   <-- bad");
        std::fflush(stdout);
        ++(good ? passed_ : failed_);
    }
    int passed_ = 0;
    int failed_ = 0;
};

/// A relay, the honest users on it, and a watch over its memory.
struct Scene {
    Scene(const std::vector<std::string>& command, const Form& as)
        : form(as), child(command), honest(loop, child.port()) {
        honest.talk_for(0.3);  // one-time allocations are done by then
        descriptors = child.descriptors();
        memory = mib();
    }
    [[nodiscard]] double mib() const { return child.resident_bytes() / kMiB; }
    [[nodiscard]] Target target() const { return {child.port(), form.seconds, form.crowd}; }
    [[nodiscard]] bool is_well(const HonestPair::Figures& figures) const {
        return figures.received > 0 && figures.lost == 0 && figures.wrong == 0 &&
               figures.p99 <= form.p99;
    }
    /// Talks while the attack `one` runs.
    void suffer(std::string_view name, Attacker& one, Report& report) {
        double most = mib();
        const Until patience(form.seconds + 60);
        int turns = 0;
        honest.talk_until([&] { return one.done() || !patience.left(); },
                          [&] { most = ++turns % 16 == 0 ? std::max(most, mib()) : most; });
        const auto figures = honest.figures();
        report.row(name, figures, most, one.outcome(),
                   is_well(figures) && most <= form.memory + kSanitizer);
    }
    /// After the attacks.
    Outcome afterwards() {
        const Until patience(20);
        const auto back = [&] {
            return child.descriptors() <= descriptors &&
                   mib() <= memory + form.memory_left + kSanitizer;
        };
        honest.talk_until([&] { return back() || !patience.left(); }, [] {});
        char text[128];
        std::snprintf(text, sizeof text, "descriptors %zu, then %zu; MiB %.0f, then %.0f",
                      descriptors, child.descriptors(), memory, mib());
        return {text, back()};
    }

    const Form& form;
    bench::Child child;
    net::Loop loop{};
    HonestPair honest;
    std::size_t descriptors = 0;
    double memory = 0;
};

void all_attacks(const std::string& relay, const Form& form, Report& report) {
    const Scratch scratch;
    Scene scene(relay_command(relay, scratch), form);
    scene.honest.talk_for(form.seconds);
    report.row("(none)", scene.honest.figures(), scene.mib(), {}, true);
    std::deque<std::pair<std::string_view, Attacker>> throughout;
    for (const Attack& one : attacks_on_the_transport()) {
        if (one.throughout && (form.only.empty() || form.only == one.name)) {
            throughout.emplace_back(std::piecewise_construct, std::forward_as_tuple(one.name),
                                    std::forward_as_tuple(one.name, scene.target()));
        }
    }
    for (const auto* all :
         {&attacks_on_the_transport(), &attacks_on_tls(), &attacks_on_the_protocol()}) {
        for (const Attack& one : *all) {
            if (!one.throughout && (form.only.empty() || form.only == one.name)) {
                Attacker attacker(one.name, scene.target());
                scene.suffer(one.name, attacker, report);
            }
        }
    }
    for (auto& [name, attacker] : throughout) {
        Attacker& one = attacker;
        const Until patience(60);
        scene.honest.talk_until([&] { return one.done() || !patience.left(); }, [] {});
        report.line(name, one.outcome());
    }
    report.line("afterwards", scene.afterwards());
}

/// Partial messages and unread queues of so many clients that only a bound for all of them
/// together helps.
void little_memory(const std::string& relay, const Form& as, Report& report) {
    Form form = as;
    form.memory = 64 + 24;  // the bound, and the relay itself
    const Scratch scratch;
    Scene scene(relay_command(relay, scratch, {"--max-memory", "67108864"}), form);
    for (const Attack& one : attacks_on_the_memory()) {
        if (form.only.empty() || form.only == one.name) {
            Attacker attacker(one.name, scene.target());
            scene.suffer(one.name, attacker, report);
        }
    }
    report.line("afterwards", scene.afterwards());
}

void few_descriptors(const std::string& relay, const Form& form, Report& report) {
    const Scratch scratch;
    Scene scene(relay_command(relay, scratch, {}, "ulimit -n 64;"), form);
    {
        Attacker attacker("a crowd", {scene.child.port(), form.seconds, 500});
        scene.suffer("no descriptors left", attacker, report);
    }
    report.line("afterwards", scene.afterwards());
    Attacker latecomer("early data", {scene.child.port(), 0.1, 1});
    scene.suffer("and who comes then", latecomer, report);
}

int all_of(const std::string& relay, const Form& form) {
    Report report;
    all_attacks(relay, form, report);
    little_memory(relay, form, report);
    if (form.only.empty()) {
        few_descriptors(relay, form, report);
        report.line("SIGKILL, then again", kill_and_restart(relay, form.kills));
        report.line("a full disk", fill_the_disk(relay));
    }
    return report.end();
}

}  // namespace

int main(int argc, char** argv) {
    std::signal(SIGPIPE, SIG_IGN);
    const std::vector<std::string> words(argv, argv + argc);
    try {
        crypto::init();
        if (words.size() == 6 && words[1] == "--attack") {
            return Attacker::carry_out(words);
        }
        if (words.size() == 2) {
            return all_of(words[1], {});
        }
        if (words.size() == 4 && words[2] == "--short") {
            return all_of(words[1], {0.3, std::stod(words[3]), 600, 6, 256, 16, {}});
        }
        if (words.size() == 4 && words[2] == "--only") {
            Form form;
            form.only = words[3];
            return all_of(words[1], form);
        }
        std::fprintf(stderr, "usage: relay_abuse SOTTO_RELAY [--short P99_MS | --only ATTACK]\n");
        return 2;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "relay_abuse: %s\n", error.what());
        return 1;
    }
}
