#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace sotto::net {

/// A proxy through which a client reaches its relay.
struct Proxy {
    enum class Kind {
        socks5,  ///< RFC 1928, user and password by RFC 1929
        http,    ///< CONNECT, RFC 9110 section 9.3.6
    };
    Kind kind = Kind::socks5;
    std::string host;  ///< an IPv6 address without its brackets
    std::uint16_t port = 0;
    std::string user;      ///< empty: none is given
    std::string password;  ///< at most 255 bytes, as the user
};

/// Reads `socks5://[USER:PASSWORD@]HOST[:PORT]` or `http://...`. `socks5h` means the same as
/// `socks5`: names are resolved by the proxy in any case. The port is 1080 or 8080 where none
/// is given. User and password may be percent-encoded. On failure, a sentence that holds
/// neither of them.
[[nodiscard]] tl::expected<Proxy, std::string> parse_proxy(std::string_view text);

}  // namespace sotto::net
