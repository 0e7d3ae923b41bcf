// The cost of a message for the two clients: encode, pad and seal; open and decode.
// And the cost of a handshake: signatures and the three steps.
#include "crypto/content.h"
#include "crypto/handshake.h"
#include "crypto/identity.h"
#include "crypto/random.h"
#include "crypto/secret.h"
#include "crypto/session.h"

#include <benchmark/benchmark.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace sotto::crypto {
namespace {

constexpr std::size_t kBatch = 256;

/// Two parties with everything that a handshake needs.
struct Parties {
    Parties() {
        alice_terms = {alice(), bob(), ConsentHash{1}};
        bob_terms = {bob(), alice(), ConsentHash{1}};
    }

    [[nodiscard]] Party alice() const { return {"alice", alice_key.public_key()}; }
    [[nodiscard]] Party bob() const { return {"bob", bob_key.public_key()}; }

    /// Steps 1 to 3; the initiator's session and the responder's.
    [[nodiscard]] std::pair<Session, Session> handshake(const SuitePolicy& policy) {
        auto a = Initiator::step1_begin(alice_key, alice_terms, policy, random);
        const auto step1 = step1_parse(a.message1(), bob(), alice());
        if (!step1 || !step1_verify(*step1, alice_key.public_key())) {
            throw std::logic_error("step 1");
        }
        auto b = Responder::step2_make(bob_key, bob_terms, policy, *step1, random);
        auto finished = a.step2_verify_step3_make(alice_key, b.value().message2());
        auto session = b->step3_verify(finished.value().message3);
        return {std::move(finished->session), std::move(session.value())};
    }

    struct Libraries {
        Libraries() { init(); }
    } libraries;  ///< first: keys live in libsodium's memory
    SystemRandom random;
    Identity alice_key = Identity::generate(random);
    Identity bob_key = Identity::generate(random);
    HandshakeTerms alice_terms;
    HandshakeTerms bob_terms;
};

Content text_of(const benchmark::State& state) {
    Text text;
    text.utf8.assign(static_cast<std::size_t>(state.range(0)), 'x');
    return text;
}

void per_message(benchmark::State& state, std::size_t messages) {
    using benchmark::Counter;
    state.counters["per_message"] =
        Counter(static_cast<double>(messages), Counter::kIsRate | Counter::kInvert);
    state.SetBytesProcessed(static_cast<std::int64_t>(messages) * state.range(0));
}

void seal(benchmark::State& state) {
    Parties parties;
    auto [sender, receiver] = parties.handshake({});
    const Content content = text_of(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(sender.seal(encode(content).value()).value());
    }
    per_message(state, static_cast<std::size_t>(state.iterations()));
}
BENCHMARK(seal)->Arg(128)->Arg(1024)->Arg(16384);

void open(benchmark::State& state) {
    Parties parties;
    auto [sender, receiver] = parties.handshake({});
    const Bytes padded = encode(text_of(state)).value();
    for (auto _ : state) {
        // A record opens only once: a batch is sealed while the timer is paused.
        state.PauseTiming();
        std::vector<Bytes> records;
        for (std::size_t i = 0; i < kBatch; ++i) {
            records.push_back(sender.seal(padded).value());
        }
        state.ResumeTiming();
        for (const Bytes& record : records) {
            benchmark::DoNotOptimize(decode(receiver.open(record).value()).value());
        }
    }
    per_message(state, static_cast<std::size_t>(state.iterations()) * kBatch);
}
BENCHMARK(open)->Arg(128)->Arg(1024)->Arg(16384);

void sign(benchmark::State& state) {
    const Parties parties;
    const Bytes rest(200, 1);
    for (auto _ : state) {
        benchmark::DoNotOptimize(parties.alice_key.sign("sotto/1 benchmark", rest));
    }
}
BENCHMARK(sign);

void verify_signature(benchmark::State& state) {
    const Parties parties;
    const Bytes rest(200, 1);
    const Signature signature = parties.alice_key.sign("sotto/1 benchmark", rest);
    for (auto _ : state) {
        benchmark::DoNotOptimize(
            verify(parties.alice_key.public_key(), "sotto/1 benchmark", rest, signature));
    }
}
BENCHMARK(verify_signature);

/// Both sides, all three steps; the argument is the suite.
void handshake(benchmark::State& state) {
    const auto suite = static_cast<Suite>(state.range(0));
    if (suite > best_suite()) {
        state.SkipWithError("this OpenSSL has no ML-KEM-768");
        return;
    }
    Parties parties;
    for (auto _ : state) {
        benchmark::DoNotOptimize(parties.handshake({suite, suite}));
    }
}
BENCHMARK(handshake)->Arg(1)->Arg(2)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace sotto::crypto

BENCHMARK_MAIN();
