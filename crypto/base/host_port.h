#pragma once

#include "crypto/base/error.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::base {

/// Where somebody listens: `HOST`, `HOST:PORT`, and IPv6 in brackets.
struct HostPort {
    std::string host;  ///< in lower case, without the brackets of IPv6
    std::optional<std::uint16_t> port;
};

/// The one place where such a text is read. The host is judged by its characters only: whether
/// it exists is for the resolver to say. Errors are `drop`, with a sentence for the person.
/// A port is from `least_port` to 65535.
[[nodiscard]] Expected<HostPort> parse_host_port(std::string_view text,
                                                 std::uint16_t least_port = 1);

/// `HOST:PORT`, the way back: IPv6 gets its brackets.
[[nodiscard]] std::string host_port(std::string_view host, std::uint16_t port);
/// The host alone, as it stands before a port.
[[nodiscard]] std::string bracketed(std::string_view host);

}  // namespace sotto::base
