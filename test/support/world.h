#pragma once

#include "test/sim/network.h"
#include "test/sim/process.h"
#include "test/sim/relay_node.h"

#include <deque>
#include <functional>
#include <string>
#include <vector>

namespace sotto::test {

/// Clients and the real relay core in a simulated world whose network is perfect and takes no
/// time: what a test says happens, and nothing else. Deadlines run in `pass` only, in steps of
/// 250 ms.
class World : private sim::Weather {
  public:
    explicit World(std::uint64_t seed = 1);

    /// A client as its face sees it.
    struct Person : sim::Process {
        using Process::Process;

        bool reachable = true;
        bool confirmed_pin = true;             ///< false: the relay's key is not trusted yet
        std::vector<std::string> sent;         ///< all that its client gave to the wire
        std::vector<std::string> stored_pins;  ///< of the relay, in hex
        std::vector<std::uint16_t> closes;     ///< codes with which its client closed
        std::vector<client::Event> events;

        template <class T>
        [[nodiscard]] std::vector<T> all() const {
            std::vector<T> out;
            for (const client::Event& event : events) {
                if (const T* one = std::get_if<T>(&event.what)) {
                    out.push_back(*one);
                }
            }
            return out;
        }
        /// Texts of the peer that entered the conversation, in order.
        [[nodiscard]] std::vector<std::string> texts() const;
        [[nodiscard]] client::ChatState state(const std::string& user) const;
        [[nodiscard]] std::size_t delivered() const;
    };

    Person& add(const std::string& name);
    void tell(Person& person, const client::Command& command);
    /// Carries every message until nothing moves.
    void settle();
    void pass(std::chrono::milliseconds time);
    /// The connection breaks, and both ends know.
    void cut(Person& person);
    /// The network to this person is down: trying again fails until it is up.
    void set_reachable(Person& person, bool up);
    /// The process ends and another begins, with the same identity and store.
    void restart(Person& person);
    /// Hands a client a message as if it came from the relay.
    void inject(Person& person, const std::string& text);
    /// Two people who talk.
    void befriend(Person& one, Person& other);

    /// May change a message from the relay to a client, or drop it (false).
    std::function<bool(const std::string& to, std::string& text)> evil;
    /// The same for a message from a client to the relay.
    std::function<bool(const std::string& from, std::string& text)> evil_up;
    std::vector<std::string> forwarded;  ///< what the relay saw pass between people

    client::Client::Options client_options;  ///< of people added or restarted from now on
    sim::MemoryRegistry registry;

  private:
    [[nodiscard]] std::optional<client::LinkLoss> failure(const sim::Peer& peer) override;
    void note(Person& person, const client::Effect& effect);
    void start(Person& person);

    std::uint64_t seed_;
    sim::Scheduler scheduler_;
    sim::Network network_;

  public:
    client::Now& now = scheduler_.now;  ///< a test may set it forward
    sim::RelayNode relay;
    std::deque<Person> people;
};

}  // namespace sotto::test
