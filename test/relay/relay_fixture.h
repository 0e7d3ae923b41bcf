#pragma once

#include "crypto/identity.h"
#include "net/wire/envelope.h"
#include "relay/core/hub.h"
#include "relay/core/relay.h"
#include "test/sim/memory_registry.h"
#include "test/support/seeded_random.h"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sotto::test {

/// The relay core with a fake clock, a registry in memory and no socket. Each call
/// hands in one event and keeps what the core wants done about it.
class RelayHouse {
  public:
    using Id = relay::ConnectionId;

    explicit RelayHouse(std::size_t page_names = 1'000);

    void restart();  ///< a new relay on the same registry
    void open(Id id, relay::Time accepted);
    void open(Id id) { open(id, now); }
    void say(Id id, const std::string& text);
    void end(Id id);
    void tick();

    /// hello, then what the relay answered as its nonce.
    base::RelayNonce greet(Id id);
    /// A register message as a client would sign it on connection `id`.
    [[nodiscard]] std::string registration(const std::string& user, Id id,
                                           const base::RelayNonce& nonce);
    /// open, hello, register.
    void join(Id id, const std::string& user);

    [[nodiscard]] crypto::Identity& identity(const std::string& owner);
    [[nodiscard]] static base::Exporter exporter(Id id);

    /// Of the last event only.
    [[nodiscard]] std::vector<std::string> sent(Id id) const;
    [[nodiscard]] std::vector<Id> forwarded() const;
    [[nodiscard]] std::vector<relay::Forward> forwards() const;
    [[nodiscard]] std::vector<relay::Bounce> bounces() const;
    [[nodiscard]] std::optional<wire::CloseCode> closed(Id id) const;
    [[nodiscard]] std::optional<wire::ErrorMessage> error(Id id) const;
    [[nodiscard]] std::optional<relay::Time> paused(Id id) const;  ///< until then
    /// How often the limit has held somebody back since the restart.
    [[nodiscard]] std::uint64_t held_back(relay::Limit limit) const {
        return relay->counters().limited[limit];
    }
    [[nodiscard]] std::optional<wire::UserList> list(Id id, std::int64_t since,
                                                     const std::string& prefix = "");

    relay::Time now{std::chrono::seconds(5)};
    base::Pin pin{};
    sim::MemoryRegistry registry;
    std::map<Id, std::size_t> queued;
    relay::Relay::Options options;      ///< taken by the next restart
    relay::Hub::Options hub_options;    ///< the same
    std::string address = "127.0.0.1";  ///< of connections opened from now on
    std::string signer;                 ///< signs the registrations; empty: the owner of the name
    std::unique_ptr<relay::Hub> hub;
    std::unique_ptr<relay::Relay> relay;
    relay::Actions out;

  private:
    SeededRandom random_{7};
    std::map<std::string, crypto::Identity> identities_;
};

/// A well-formed message of `type` with id 7 and the chat of sixteen zero bytes.
[[nodiscard]] std::string message(const std::string& type, const std::string& from,
                                  const std::string& to);
inline const std::string kChat = "AAAAAAAAAAAAAAAAAAAAAA==";

}  // namespace sotto::test
