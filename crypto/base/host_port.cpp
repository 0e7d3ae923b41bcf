#include "crypto/base/host_port.h"

#include "crypto/base/ascii.h"

#include <algorithm>
#include <charconv>

namespace sotto::base {

namespace {

constexpr std::size_t kMaxHost = 253;  // of a DNS name

bool consists_of(std::string_view text, std::string_view characters) {
    return text.find_first_not_of(characters) == std::string_view::npos;
}

bool is_host(std::string_view host, bool in_brackets) {
    if (host.empty() || host.size() > kMaxHost) {
        return false;
    }
    if (in_brackets) {
        return consists_of(host, "0123456789abcdefABCDEF:.") &&
               host.find(':') != std::string_view::npos;
    }
    return consists_of(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") &&
           host.front() != '-' && host.front() != '.' && host.find("..") == std::string_view::npos;
}

std::optional<std::uint16_t> parse_port(std::string_view text, std::uint16_t least) {
    std::uint16_t port = 0;
    const char* const end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, port);
    if (text.empty() || error != std::errc() || at != end || port < least) {
        return std::nullopt;
    }
    return port;
}

}  // namespace

Expected<HostPort> parse_host_port(std::string_view text, std::uint16_t least_port) {
    const bool in_brackets = !text.empty() && text.front() == '[';
    const std::size_t end = in_brackets ? text.find(']') : text.find(':');
    if (in_brackets && end == std::string_view::npos) {
        return drop("the bracket of the IPv6 address is not closed");
    }
    const std::string_view host = in_brackets ? text.substr(1, end - 1) : text.substr(0, end);
    std::string_view rest = end == std::string_view::npos
                                ? std::string_view()
                                : text.substr(end + (in_brackets ? 1 : 0));
    if (!is_host(host, in_brackets)) {
        return drop("this is not a host name or address (IPv6 goes in brackets)");
    }
    HostPort out{lower_case(host), std::nullopt};
    if (rest.empty()) {
        return out;
    }
    if (rest.front() != ':') {
        return drop("something stands behind the host that is no port");
    }
    rest.remove_prefix(1);
    out.port = parse_port(rest, least_port);
    if (!out.port) {
        return drop("the port is not a number from " + std::to_string(least_port) + " to 65535");
    }
    return out;
}

std::string bracketed(std::string_view host) {
    const bool ipv6 = host.find(':') != std::string_view::npos;
    return ipv6 ? "[" + std::string(host) + "]" : std::string(host);
}

std::string host_port(std::string_view host, std::uint16_t port) {
    return bracketed(host) + ":" + std::to_string(port);
}

}  // namespace sotto::base
