#pragma once

#include "crypto/base/protocol_values.h"

#include <chrono>
#include <string>

namespace sotto::net {

using base::Exporter;
using base::Pin;

/// What is known of a connection once TLS and the upgrade are done.
struct LinkFacts {
    Pin pin{};            ///< of the relay's key that this connection was shown
    Exporter exporter{};  ///< label EXPORTER-Channel-Binding, empty context
    std::string remote;   ///< the other end's address, without port
    std::string network;  ///< whom limits count as one: the address, of IPv6 its /64
    std::string cipher;   ///< for `/status`
    std::chrono::steady_clock::time_point accepted;  ///< server side: when TCP was
};

}  // namespace sotto::net
