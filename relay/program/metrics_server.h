#pragma once

#include "net/loop/http_server.h"
#include "relay/broker/metrics.h"

#include <cstdint>
#include <functional>
#include <string>

namespace sotto::relay {

/// Answers GET /metrics, /healthz (200 while the loop turns) and /readyz (503 once it is
/// stopping) over plain HTTP. For the operator's own network: it asks nobody who they are.
class MetricsServer {
  public:
    using Source = std::function<Metrics()>;

    /// `where` is ADDRESS:PORT, IPv6 in brackets; port 0 lets the kernel choose. Throws
    /// std::runtime_error with a sentence for the operator if it can't listen there.
    MetricsServer(net::Loop& loop, const std::string& where, Source source);

    [[nodiscard]] std::uint16_t port() const { return port_; }

  private:
    net::HttpServer server_;
    std::uint16_t port_ = 0;
};

/// The answer to a request's first line.
[[nodiscard]] std::string answer_to(const std::string& request_line,
                                    const MetricsServer::Source& source);

}  // namespace sotto::relay
