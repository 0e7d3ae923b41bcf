#pragma once

#include "crypto/identity.h"
#include "net/loop/loop.h"
#include "net/websocket/client_endpoint.h"
#include "net/wire/envelope.h"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace sotto::net {
class RawClient;
}

namespace sotto::abuse {

/// A registered user on the client's own endpoint, without the chat layer: the caller decides
/// what it sends. It connects and registers as soon as the loop runs.
class Person {
  public:
    Person(net::Loop& loop, std::uint16_t port, std::string name, const crypto::Identity& who);

    [[nodiscard]] bool joined() const { return joined_; }
    [[nodiscard]] bool ended() const { return ended_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    void say(std::string text) { endpoint_.send(std::move(text)); }
    [[nodiscard]] std::size_t queued() const { return endpoint_.queued_bytes(); }

    std::function<void(const wire::Relay&)> on_relay;
    /// How often the relay answered with this error code; the total for an empty code.
    [[nodiscard]] std::size_t refused(const std::string& code) const;
    [[nodiscard]] std::size_t answers() const { return answers_; }  ///< of any other kind

  private:
    void heard(std::string_view text);

    std::string name_;
    const crypto::Identity& who_;
    net::ClientEndpoint endpoint_;
    net::LinkFacts facts_;
    std::map<std::string, std::size_t> refused_;
    std::size_t answers_ = 0;
    bool joined_ = false;
    bool ended_ = false;
};

[[nodiscard]] crypto::Identity new_identity();

/// A `relay` message of kind `record`, as JSON.
[[nodiscard]] std::string record(const std::string& from, const std::string& to,
                                 const wire::Bytes& payload, std::int64_t id = 1);

/// The proof with which a connection registers `name` (section 2).
[[nodiscard]] std::string registration(const std::string& name, const crypto::Identity& who,
                                       const base::RelayNonce& nonce, const net::LinkFacts& facts);

/// Upgrades and registers; returns the relay's answer, empty if the connection ended before.
std::string join(net::RawClient& client, const std::string& name, const crypto::Identity& who);

}  // namespace sotto::abuse
