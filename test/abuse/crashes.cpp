#include "test/abuse/crashes.h"

#include "test/abuse/honest_pair.h"
#include "test/abuse/scratch.h"
#include "test/bench/relay_child.h"
#include "test/net/raw_client.h"

#include <chrono>
#include <memory>
#include <stdexcept>
#include <thread>

namespace sotto::abuse {

namespace {

constexpr const char* kNewKey = "127.0.7.1";  // an address of its own

std::string answer_to(std::uint16_t port, const std::string& name, const crypto::Identity& key) {
    net::RawClient client(port, kNewKey);
    return join(client, name, key);
}

bool accepts(std::uint16_t port, const std::string& name, const crypto::Identity& key) {
    return answer_to(port, name, key).find("\"ok\":true") != std::string::npos;
}

}  // namespace

Outcome kill_and_restart(const std::string& relay, int rounds) {
    const Scratch scratch;
    const crypto::Identity owner = new_identity();
    const crypto::Identity thief = new_identity();
    std::vector<std::string> kept;  // names whose registration was answered
    std::size_t tried = 0;
    for (int round = 0; round <= rounds; ++round) {
        auto child = std::make_unique<bench::Child>(
            relay_command(relay, scratch, {"--registrations", "0", "--new-names", "0"}));
        const std::uint16_t port = child->port();
        for (const std::string& name : kept) {
            if (accepts(port, name, thief) || !accepts(port, name, owner)) {
                return {name + " was lost in round " + std::to_string(round), false};
            }
        }
        if (round == rounds) {
            break;
        }
        // From another thread, so that it can interrupt anything.
        std::thread killer([&child, round] {
            std::this_thread::sleep_for(std::chrono::microseconds(30'000 + round * 7'919 % 90'000));
            child.reset();
        });
        try {
            for (bool answered = true; answered;) {
                const std::string name = "name-" + std::to_string(tried++);
                answered = accepts(port, name, owner);
                if (answered) {
                    kept.push_back(name);
                }
            }
        } catch (const std::runtime_error&) {  // the relay is gone
        }
        killer.join();
    }
    return {std::to_string(rounds) + " times, " + std::to_string(kept.size()) + " names kept",
            !kept.empty()};
}

Outcome fill_the_disk(const std::string& relay) {
    const Scratch scratch;
    // A write past the limit fails as on a full disk.
    const bench::Child child(relay_command(relay, scratch, {"--new-names", "0"}, "ulimit -f 128;"));
    net::Loop loop;
    HonestPair honest(loop, child.port());
    const crypto::Identity key = new_identity();
    std::size_t names = 0;
    std::string answer;
    while (names < 150 && (answer = answer_to(child.port(), "name-" + std::to_string(names), key))
                                  .find("\"ok\":true") != std::string::npos) {
        ++names;
    }
    const bool refused = answer.find("\"internal\"") != std::string::npos;
    const bool comes_back = names > 0 && accepts(child.port(), "name-0", key);
    honest.talk_for(0.5);
    const auto figures = honest.figures();
    const bool talking = figures.received > 0 && figures.lost == 0 && figures.wrong == 0;
    return {std::to_string(names) + " names fit; the next is " +
                (refused ? "refused" : "not refused: " + answer) + ", old ones " +
                (comes_back ? "come back" : "don't come back") + ", talk " +
                (talking ? "goes on" : "ends"),
            refused && comes_back && talking};
}

}  // namespace sotto::abuse
