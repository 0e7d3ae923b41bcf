// The cost of the relay's core per message and per directory operation, without TLS,
// WebSocket and sockets: those are measured end to end.
#include "crypto/identity.h"
#include "crypto/secret.h"
#include "net/wire/envelope.h"
#include "relay/core/hub.h"
#include "relay/core/relay.h"
#include "test/sim/memory_registry.h"
#include "test/sim/settle_claims.h"
#include "test/support/seeded_random.h"

#include <benchmark/benchmark.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace {

using namespace sotto;
using relay::Directory;

void join(relay::Hub& hub, relay::Relay& core, test::SeededRandom& random, relay::ConnectionId id,
          const std::string& user) {
    relay::Actions out;
    core.on_open({id, {}, "", {}}, {}, out);
    core.on_message(id, R"({"type":"hello","versions":[1],"software":"bench"})", {}, out);
    const auto identity = crypto::Identity::generate(random);
    crypto::Bytes rest{0, 0, 0, 32};  // pin, nonce and exporter are all zeros here
    rest.resize(36);
    rest.insert(rest.end(), {0, 0, 0, static_cast<std::uint8_t>(user.size())});
    rest.insert(rest.end(), user.begin(), user.end());
    rest.insert(rest.end(), identity.public_key().begin(), identity.public_key().end());
    rest.resize(rest.size() + 64);
    const auto signature = identity.sign("sotto/1 register", rest);
    core.on_message(id, wire::encode(wire::Register{{}, user, identity.public_key(), signature}),
                    {}, out);
    sim::settle_claims(hub, core, out);
    if (!hub.directory().find(user)) {
        throw std::runtime_error("the bench could not register");
    }
}

/// One `relay` message with a payload of range(0) raw bytes, in and out of the core.
void forward(benchmark::State& state) {
    crypto::init();
    sim::MemoryRegistry registry;
    test::SeededRandom random(1);
    relay::Hub hub(registry);
    relay::Relay::Options options;
    options.limits.relay_bytes = {};  // the clock stands still, so a bucket would never refill
    relay::Relay core(
        hub, options, [] { return base::RelayNonce{}; }, [](relay::ConnectionId) { return 0U; });
    join(hub, core, random, 1, "alice");
    join(hub, core, random, 2, "bob");
    wire::Relay message{{"alice", "bob", {}, 9}, "record", {}};
    message.payload.resize(static_cast<std::size_t>(state.range(0)), 0xA5);
    const std::string text = wire::encode(message);
    relay::Actions out;
    for (auto _ : state) {
        out.clear();
        core.on_message(1, text, {}, out);
        benchmark::DoNotOptimize(out.data());
    }
    if (out.size() != 1 || !std::holds_alternative<relay::Forward>(out.front())) {
        state.SkipWithError("the message was not forwarded");
    }
    state.SetItemsProcessed(state.iterations());
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text.size()));
}
BENCHMARK(forward)->Arg(128)->Arg(1'024)->Arg(16'384);

std::string name(std::int64_t number) {
    return "user" + std::to_string(number);
}

/// A directory with so many users, all online.
std::unique_ptr<Directory> crowd(std::int64_t users) {
    auto directory = std::make_unique<Directory>(1);
    directory->reserve(std::int64_t{1} << 40U);
    for (std::int64_t number = 0; number < users; ++number) {
        directory->add(name(number), {});
        if (!directory->arrive(name(number), {},
                               {0, 0, static_cast<relay::ConnectionId>(number + 1)})) {
            throw std::runtime_error("the bench has no users");
        }
    }
    return directory;
}

void lookup(benchmark::State& state) {
    const auto made = crowd(state.range(0));
    const Directory& directory = *made;
    const std::string who = name(state.range(0) / 2);
    for (auto _ : state) {
        benchmark::DoNotOptimize(directory.find(who));
    }
}

void idle_poll(benchmark::State& state) {
    const auto made = crowd(state.range(0));
    const Directory& directory = *made;
    for (auto _ : state) {
        benchmark::DoNotOptimize(directory.changes(directory.version(), 1'000, 0));
    }
}

void poll_of_ten_changes(benchmark::State& state) {
    const auto made = crowd(state.range(0));
    const Directory& directory = *made;
    for (auto _ : state) {
        benchmark::DoNotOptimize(directory.changes(directory.version() - 10, 1'000, 0));
    }
}

void leave_and_come_back(benchmark::State& state) {
    const auto made = crowd(state.range(0));
    Directory& directory = *made;
    const std::string who = name(0);
    for (auto _ : state) {
        directory.leave(who, {0, 0, 1});
        benchmark::DoNotOptimize(directory.arrive(who, {}, {0, 0, 1}));
    }
}

void last_page_of_a_search(benchmark::State& state) {
    const auto made = crowd(state.range(0));
    const Directory& directory = *made;
    for (auto _ : state) {
        benchmark::DoNotOptimize(directory.search("user", state.range(0) - 10, 1'000));
    }
}

void users(benchmark::internal::Benchmark* bench) {
    bench->RangeMultiplier(10)->Range(100, 100'000);
}
BENCHMARK(lookup)->Apply(users);
BENCHMARK(idle_poll)->Apply(users);
BENCHMARK(poll_of_ten_changes)->Apply(users);
BENCHMARK(leave_and_come_back)->Apply(users);
BENCHMARK(last_page_of_a_search)->Apply(users);

}  // namespace

BENCHMARK_MAIN();
