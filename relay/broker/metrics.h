#pragma once

#include "crypto/base/enum_table.h"
#include "net/websocket/server_endpoint.h"
#include "relay/broker/histogram.h"
#include "relay/core/counters.h"
#include "relay/core/limits.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace sotto::relay {

/// How the relay is, for the operator: no names, no addresses.
struct Metrics {
    Counters counters;
    net::ServerEndpoint::Totals totals;
    std::size_t connections = 0;
    std::size_t half_open = 0;
    std::size_t queued_bytes = 0;                                 ///< towards all readers
    base::EnumArray<net::MemoryBudget::Use, std::size_t> memory;  ///< bytes
    std::size_t max_memory = 0;                                   ///< 0: no bound
    net::ConnectionLimiter::Refusals turned_away;
    Limits limits;
    net::ConnectionLimiter::Limits connection_limits;
    std::size_t cut_mark = 0;
    std::int64_t certificate_end = 0;  ///< of the one in use, seconds since 1970
    std::uint64_t failed_reloads = 0;
    Histogram handshakes;        ///< from accept to the end of the upgrade
    Histogram forwards;          ///< from the turn that reads a message to the kernel's having it
    std::size_t registered = 0;  ///< names
    std::size_t online = 0;
    bool stopping = false;

    Metrics& operator+=(const Metrics& other);
};

/// In Prometheus' text format (version 0.0.4), the process's memory and CPU included.
[[nodiscard]] std::string to_prometheus(const Metrics& metrics);

}  // namespace sotto::relay
