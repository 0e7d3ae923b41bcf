#pragma once

#include "net/io/server_endpoint.h"
#include "relay/core/registry.h"
#include "relay/core/relay.h"
#include "relay/program/figures.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace sotto::relay {

/// Joins the server endpoint, the relay core and a registry on one loop: performs
/// the core's actions. Used by sotto-relay and, in process, by `sotto --demo` and tests.
class Broker {
  public:
    using Log = std::function<void(Note::Level, const std::string&)>;
    /// Sees every message that a client sends, as it passed. For the demo's `/wire`
    /// and for tests only: sotto-relay sets none.
    using Observer = std::function<void(std::string_view)>;

    /// `loop` and `registry` must outlive the broker. Throws std::runtime_error with a
    /// sentence if the certificate or key can't be used.
    Broker(net::Loop& loop, Registry& registry, const net::ServerEndpoint::Options& options,
           Log log, Observer observer = {}, const Limits& limits = {});

    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen(const std::string& address,
                                                                  std::uint16_t port);
    [[nodiscard]] const net::Pin& pin() const { return endpoint_.pin(); }
    /// Takes over certificate, key and limits, and drops nobody; new connections get the
    /// certificate. A sentence on failure; nothing has changed then.
    [[nodiscard]] tl::expected<void, std::string> reload(
        const net::ServerEndpoint::Options& options, const Limits& limits);
    [[nodiscard]] Figures figures() const;
    /// Tells everyone `shutting_down`, closes; calls `done` once all are gone, or after 5 s.
    void shut_down(std::function<void()> done);

  private:
    [[nodiscard]] static Time now();
    void perform(net::ServerEndpoint::Message* message);
    void pause(const Pause& pause);
    void resume_paused();
    void tick();
    void give_back_memory();
    void wait_for_the_last();

    Log log_;
    Observer observer_;
    net::ServerEndpoint endpoint_;
    Relay relay_;
    net::Loop::Timer timer_;
    net::Loop::Timer resume_;
    std::multimap<Time, ConnectionId> paused_;  ///< by when they are read again
    Actions actions_;                           ///< reused: a forward allocates nothing
    std::function<void()> done_;
    bool stopping_ = false;
    Time deadline_{};
    std::size_t most_connections_ = 0;  ///< since memory was given back
};

}  // namespace sotto::relay
