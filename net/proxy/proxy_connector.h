#pragma once

#include "net/loop/connector.h"
#include "net/proxy/proxy.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace sotto::net {

/// Connects to a host, through a proxy where one is set. Then nothing goes around it: the host
/// is neither looked up nor connected to from here. The proxy's own name is looked up.
class ProxyConnector {
  public:
    /// For what the proxy has to do: a circuit through Tor may take that long.
    static constexpr auto kDialogue = std::chrono::seconds(60);

    ProxyConnector(Loop& loop, std::optional<Proxy> proxy,
                   Resolver::LookUp look_up = look_up_addresses);
    ~ProxyConnector();
    ProxyConnector(const ProxyConnector&) = delete;
    ProxyConnector& operator=(const ProxyConnector&) = delete;

    /// As Connector::connect. The address of a result through a proxy is the proxy's.
    void connect(const std::string& host, std::uint16_t port, Connector::Done done);
    void cancel();
    [[nodiscard]] bool is_busy() const;
    /// As Connector::put_last; through a proxy it changes nothing.
    void put_last(const std::string& address);

  private:
    struct Talk;
    void talk(Connector::Result result, const std::string& host, std::uint16_t port);

    Loop& loop_;
    std::optional<Proxy> proxy_;
    Connector connector_;
    Connector::Done done_;
    std::shared_ptr<Talk> talk_;
};

}  // namespace sotto::net
