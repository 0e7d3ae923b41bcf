// The relay when the memory for its connections is short: on real sockets, in this process.
#include "net/tls/certificate.h"
#include "relay/broker/broker.h"
#include "test/abuse/person.h"
#include "test/net/raw_client.h"
#include "test/sim/memory_registry.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <fstream>
#include <thread>

using namespace sotto;
using abuse::Person;
using Use = net::MemoryBudget::Use;

namespace {

/// A relay with little memory, two users who talk, and one who does not read.
struct ShortOfMemory : test::TemporaryFolder {
    static constexpr std::size_t kBound = 16U << 20U;

    ShortOfMemory() {
        BOOST_REQUIRE(until([this] { return alice.joined() && bob.joined(); }));
        bob.on_relay = [this](const wire::Relay&) { ++heard; };
        meanwhile([this] { abuse::join(deaf, "deaf", key); });
    }
    template <class Done>
    bool until(const Done& done) {
        const auto deadline = net::Loop::Clock::now() + std::chrono::seconds(60);
        while (!done() && net::Loop::Clock::now() < deadline) {
            loop.run_for(std::chrono::milliseconds(1));
        }
        return done();
    }
    void meanwhile(const std::function<void()>& client_side) {
        std::atomic<bool> done{false};
        std::thread other([&] {
            client_side();
            done = true;
        });
        const bool finished = until([&] { return done.load(); });
        other.join();
        BOOST_REQUIRE(finished);
    }
    void say(const std::string& to) {
        alice.say(abuse::record("alice", to, wire::Bytes(24'000, 1)));
    }
    /// How often alice heard it, once all that she has said is answered.
    [[nodiscard]] std::size_t busy_by_now() {
        const std::size_t answers = alice.answers();
        alice.say(wire::encode(wire::GetPubkey{1, "bob"}));
        BOOST_TEST(until([&] { return alice.answers() > answers; }));
        return alice.refused("busy");
    }
    net::ServerEndpoint::Options options() const {
        const auto pair = net::make_self_signed("relay.example");
        net::ServerEndpoint::Options out;
        out.certificate_file = (path / "certificate.pem").string();
        out.key_file = (path / "key.pem").string();
        std::ofstream(out.certificate_file) << pair.certificate;
        std::ofstream(out.key_file) << pair.key;
        out.memory = budget;
        return out;
    }

    std::shared_ptr<net::MemoryBudget> budget = std::make_shared<net::MemoryBudget>(kBound);
    net::Loop loop;
    sim::MemoryRegistry registry;
    relay::Broker broker{
        loop, registry, {options(), {}, 1}, [](relay::Note::Level, const std::string&) {}};
    std::uint16_t port = broker.listen("127.0.0.1", 0).value();
    crypto::Identity key = abuse::new_identity();
    Person alice{loop, port, "alice", key};
    Person bob{loop, port, "bob", key};
    net::RawClient deaf{port};
    std::size_t heard = 0;  ///< by bob
};

}  // namespace

BOOST_FIXTURE_TEST_CASE(
    senders_hear_busy_below_the_mark_when_memory_is_short_and_not_once_it_is_read, ShortOfMemory) {
    BOOST_REQUIRE(until([&] {
        say("deaf");
        return alice.refused("busy") > 0;
    }));
    BOOST_TEST(broker.metrics().queued_bytes < relay::Limits().busy_mark);
    BOOST_TEST(budget->used(Use::queued) <= budget->share(Use::queued) / 4);

    say("bob");  // who reads
    BOOST_TEST(until([&] { return heard == 1; }));

    const std::size_t before = busy_by_now();
    meanwhile([&] {
        while (budget->used(Use::queued) != 0) {
            (void)deaf.read_frame();
        }
    });
    say("deaf");
    BOOST_TEST(busy_by_now() == before);
    BOOST_TEST(alice.refused("") == before);
    BOOST_TEST(broker.metrics().totals.cut_memory == 0U);
    BOOST_TEST(!alice.ended());
}
