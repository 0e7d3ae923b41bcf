// sotto-relay on several loops: who talks with whom does not depend on where they landed.
#include "test/abuse/person.h"
#include "test/support/child_process.h"
#include "test/support/temporary_folder.h"

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <deque>
#include <memory>
#include <string>
#include <vector>

using namespace sotto;
using abuse::Person;
using test::ChildProcess;
using Clock = net::Loop::Clock;

namespace {

constexpr std::size_t kPeople = 16;

/// A relay on three loops, and people who have registered with it: the kernel spreads them.
struct Crowd {
    Crowd() {
        relay = run({"--port", "0", "--state", path});
        const std::string said = relay->read_until("listening on");
        port = static_cast<std::uint16_t>(std::stoi(said.substr(said.find(" port ") + 6)));
        relay->read_until("to connect");
        for (std::size_t i = 0; i < kPeople; ++i) {
            keys.push_back(abuse::new_identity());
        }
        for (std::size_t i = 0; i < kPeople; ++i) {
            people.push_back(std::make_unique<Person>(loop, port, name(i), keys[i]));
        }
        BOOST_REQUIRE(until([this] {
            return std::all_of(people.begin(), people.end(),
                               [](const auto& person) { return person->joined(); });
        }));
    }
    [[nodiscard]] std::unique_ptr<ChildProcess> run(std::vector<std::string> words) const {
        words.insert(words.end(), {"--address", "127.0.0.1", "--threads", "3", "--relay-bytes", "0",
                                   "--registrations", "0", "--new-names", "0"});
        return std::make_unique<ChildProcess>(
            SOTTO_RELAY_PROGRAM,
            ChildProcess::Options{std::move(words), {{"XDG_CONFIG_HOME", path}, {"HOME", path}}});
    }
    static std::string name(std::size_t number) { return "person" + std::to_string(number); }
    template <class Done>
    bool until(const Done& done) {
        const auto deadline = Clock::now() + std::chrono::seconds(60);
        while (!done() && Clock::now() < deadline) {
            loop.run_for(std::chrono::milliseconds(10));
        }
        return done();
    }
    void say(std::size_t from, std::size_t to, std::int64_t number) {
        const wire::Bytes payload(static_cast<std::size_t>(number) % 300, 'x');
        people[from]->say(abuse::record(name(from), name(to), payload, number));
    }

    test::TemporaryFolder folder;
    std::string path = folder.path.string();
    std::unique_ptr<ChildProcess> relay;
    std::uint16_t port = 0;
    net::Loop loop;
    std::deque<crypto::Identity> keys;
    std::vector<std::unique_ptr<Person>> people;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(loops_of_the_program, Crowd)

BOOST_AUTO_TEST_CASE(all_that_everybody_sends_to_everybody_comes_in_order) {
    constexpr std::int64_t kMessages = 60;
    std::map<std::pair<std::string, std::string>, std::int64_t> last;
    std::size_t received = 0;
    std::size_t wrong = 0;
    for (const auto& person : people) {
        person->on_relay = [&, me = person->name()](const wire::Relay& message) {
            wrong += message.route.id == ++last[{message.route.from, me}] ? 0 : 1;
            ++received;
        };
    }
    for (std::int64_t number = 1; number <= kMessages; ++number) {
        for (std::size_t from = 0; from < kPeople; ++from) {
            for (std::size_t to = 0; to < kPeople; ++to) {
                if (from != to) {
                    say(from, to, number);
                }
            }
        }
    }
    const std::size_t all = kMessages * kPeople * (kPeople - 1);
    BOOST_TEST(until([&] { return received == all; }));
    BOOST_TEST(received == all);
    BOOST_TEST(wrong == 0U);
    for (const auto& person : people) {
        BOOST_TEST(person->refused("") == 0U);
    }
}

BOOST_AUTO_TEST_CASE(who_registers_again_anywhere_replaces_the_older_connection) {
    for (std::size_t i = 0; i < kPeople; ++i) {
        Person again(loop, port, name(i), keys[i]);
        BOOST_TEST(until([&] { return again.joined() && people[i]->ended(); }));
        BOOST_TEST(people[i]->refused("replaced") == 1U);
    }
}

BOOST_AUTO_TEST_CASE(sigterm_tells_everybody_on_every_loop) {
    relay->send_signal(SIGTERM);
    BOOST_TEST(until([this] {
        return std::all_of(people.begin(), people.end(),
                           [](const auto& person) { return person->ended(); });
    }));
    for (const auto& person : people) {
        BOOST_TEST(person->refused("shutting_down") == 1U, person->name());
    }
    BOOST_TEST(relay->wait() == 0);
}

BOOST_AUTO_TEST_CASE(a_port_that_another_relay_shares_among_its_loops_is_in_use) {
    const auto second = run({"--port", std::to_string(port), "--state", path + "/second"});
    BOOST_TEST(second->wait() == 1);
    BOOST_TEST(second->complained().find("Address already in use") != std::string::npos,
               second->complained());
}

BOOST_AUTO_TEST_SUITE_END()
