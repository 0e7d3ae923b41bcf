// What it costs the relay to check a message: the one-pass scan against a DOM; and the
// base64 that a client needs for each payload.
#include "net/wire/base64.h"
#include "net/wire/envelope.h"
#include "net/wire/envelope_scan.h"
#include "net/wire/strict_json.h"

#include <benchmark/benchmark.h>

#include <string>

namespace sotto::wire {
namespace {

std::string relay_message(const benchmark::State& state) {
    Relay message{{"alice", "bob", {1, 2, 3}, 9}, "record", {}};
    message.payload.assign(static_cast<std::size_t>(state.range(0)), 0xA5);
    return encode(message);
}

/// Counts payload bytes, so that the figures are comparable whatever the encoding adds.
void per_message(benchmark::State& state) {
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * state.range(0));
}

void scan(benchmark::State& state) {
    const std::string text = relay_message(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(scan_from_client(text));
    }
    per_message(state);
}
BENCHMARK(scan)->Arg(128)->Arg(1024)->Arg(16384);

void strict_check(benchmark::State& state) {
    const std::string text = relay_message(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(check_strict_json(text));
    }
    per_message(state);
}
BENCHMARK(strict_check)->Arg(128)->Arg(1024)->Arg(16384);

/// The alternative that the relay does not use: strict check, JsonCpp, one field.
void dom(benchmark::State& state) {
    const std::string text = relay_message(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(type_of(text));
    }
    per_message(state);
}
BENCHMARK(dom)->Arg(128)->Arg(1024)->Arg(16384);

void client_decode(benchmark::State& state) {
    const std::string text = relay_message(state);
    for (auto _ : state) {
        benchmark::DoNotOptimize(decode_from_relay(text));
    }
    per_message(state);
}
BENCHMARK(client_decode)->Arg(128)->Arg(1024)->Arg(16384);

void to_base64(benchmark::State& state) {
    const Bytes bytes(static_cast<std::size_t>(state.range(0)), 0xA5);
    for (auto _ : state) {
        benchmark::DoNotOptimize(base64(bytes));
    }
    per_message(state);
}
BENCHMARK(to_base64)->Arg(128)->Arg(1024)->Arg(16384);

void of_base64(benchmark::State& state) {
    const std::string text = base64(Bytes(static_cast<std::size_t>(state.range(0)), 0xA5));
    for (auto _ : state) {
        benchmark::DoNotOptimize(from_base64(text));
    }
    per_message(state);
}
BENCHMARK(of_base64)->Arg(128)->Arg(1024)->Arg(16384);

}  // namespace
}  // namespace sotto::wire

BENCHMARK_MAIN();
