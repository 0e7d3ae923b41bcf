#pragma once

#include "crypto/identity.h"
#include "relay/core/relay.h"
#include "test/support/seeded_random.h"
#include "tui/client/client.h"
#include "tui/client/memory_store.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace sotto::test {

/// A registry that lives in memory.
class MemoryRegistry final : public relay::Registry {
  public:
    [[nodiscard]] std::vector<Name> all() override { return names; }
    [[nodiscard]] tl::expected<std::vector<relay::IdentityKey>, std::string> claim(
        const std::vector<Name>& claims) override {
        if (disk_full) {
            return tl::unexpected(std::string("disk full"));
        }
        std::vector<relay::IdentityKey> owners;
        for (const Name& claim : claims) {
            const auto at = std::find_if(names.begin(), names.end(),
                                         [&](const Name& name) { return name.user == claim.user; });
            owners.push_back(at == names.end() ? names.emplace_back(claim).key : at->key);
        }
        return owners;
    }
    [[nodiscard]] tl::expected<std::int64_t, std::string> reserve_versions(
        std::int64_t at_least) override {
        if (disk_full) {
            return tl::unexpected(std::string("disk full"));
        }
        reserved = std::max(reserved, at_least);
        return reserved;
    }

    [[nodiscard]] std::vector<std::string> blocked() override { return blocked_names; }
    [[nodiscard]] tl::expected<std::vector<Standing>, std::string> changes() override {
        if (unreadable) {
            return tl::unexpected(std::string("disk broken"));
        }
        for (const Standing& changed : standing) {
            if (!changed.key) {
                names.erase(
                    std::remove_if(names.begin(), names.end(),
                                   [&](const Name& name) { return name.user == changed.user; }),
                    names.end());
            }
        }
        return std::exchange(standing, {});
    }

    std::vector<Name> names;
    std::vector<std::string> blocked_names;  ///< at the start
    std::vector<Standing> standing;          ///< what an operator did and nobody asked for yet
    std::int64_t reserved = 1;
    bool disk_full = false;
    bool unreadable = false;
};

/// Hands the registry's part of `actions` to hub and relay, as the registrar's thread and the
/// glue would; what the relay wants done about it is appended.
void settle_claims(relay::Hub& hub, relay::Relay& relay, relay::Actions& actions);
/// The hub's second: what an operator did, and the versions.
void attend(relay::Hub& hub, relay::Relay& relay, relay::Actions& actions);

/// Clients and the real relay core on an in-memory wire, with one clock and one seed.
class World {
  public:
    explicit World(std::uint64_t seed = 1);

    /// A client as its face sees it.
    struct Person {
        std::string name;
        std::unique_ptr<SeededRandom> random;
        std::unique_ptr<crypto::Identity> identity;
        std::unique_ptr<client::MemoryStore> store;
        std::unique_ptr<client::Client> client;
        relay::ConnectionId connection = 0;  ///< 0: not connected
        bool reachable = true;
        bool connect_failed = false;           ///< to be told at the next turn
        bool confirmed_pin = true;             ///< false: the relay's key is not trusted yet
        std::vector<std::string> sent;         ///< all that its client gave to the wire
        std::vector<std::string> stored_pins;  ///< of the relay, in hex
        std::vector<std::uint16_t> closes;     ///< codes with which its client closed
        std::vector<client::Event> events;

        template <class T>
        [[nodiscard]] std::vector<T> all() const {
            std::vector<T> out;
            for (const client::Event& event : events) {
                if (const T* one = std::get_if<T>(&event)) {
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
    /// The relay's end of the connection breaks.
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
    client::Now now{std::chrono::milliseconds(1'000'000), 1'700'000'000'000};
    MemoryRegistry registry;
    std::unique_ptr<relay::Hub> hub;
    std::unique_ptr<relay::Relay> relay;
    std::deque<Person> people;

  private:
    struct Item {
        std::string to;
        std::string text;
    };
    void take(Person& person);
    void start(Person& person);
    [[nodiscard]] Person& named(const std::string& name);
    void connect(Person& person);
    void perform(relay::Actions& actions, std::string_view current);
    Person* by_connection(relay::ConnectionId id);

    relay::ConnectionId last_connection_ = 0;
    std::deque<Item> to_clients_;
    std::deque<std::pair<relay::ConnectionId, std::string>> to_relay_;
    std::unique_ptr<SeededRandom> random_;
    std::uint64_t seed_;
};

}  // namespace sotto::test
