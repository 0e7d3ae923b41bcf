#include "net/wire/contact_link.h"

#include "crypto/base/host_port.h"
#include "net/wire/base64.h"
#include "net/wire/user_name.h"

#include <algorithm>
#include <utility>

namespace sotto::wire {

namespace {

constexpr std::string_view kScheme = "sotto://";

/// Where a relay is, with the default port where the text has none.
struct RelayAt {
    std::string host;
    std::uint16_t port = kDefaultPort;
};

Expected<RelayAt> parse_relay(std::string_view text) {
    return base::parse_host_port(text).map([](base::HostPort read) {
        return RelayAt{std::move(read.host), read.port.value_or(kDefaultPort)};
    });
}

template <class Octets>
bool read_octets(std::string_view value, std::optional<Octets>& out) {
    const auto bytes = from_base64url(value);
    if (out || !bytes) {
        return false;
    }
    out = Octets::from(*bytes);
    return out.has_value();
}

bool read_parameter(std::string_view parameter, ContactLink& link) {
    const std::size_t equals = parameter.find('=');
    const std::string_view name = parameter.substr(0, equals);
    const std::string_view value =
        equals == std::string_view::npos ? std::string_view() : parameter.substr(equals + 1);
    if (name == "identity") {
        return read_octets(value, link.identity);
    }
    return name != "pin" || read_octets(value, link.pin);
}

/// Without the default port.
std::string short_form(const std::string& host, std::uint16_t port) {
    return port == kDefaultPort ? base::bracketed(host) : base::host_port(host, port);
}

}  // namespace

Expected<ContactLink> parse_contact_link(std::string_view text) {
    if (text.substr(0, kScheme.size()) != kScheme) {
        return base::drop("a contact link begins with sotto://");
    }
    text.remove_prefix(kScheme.size());
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        return base::drop("the link names no user");
    }
    const auto address = parse_relay(text.substr(0, slash));
    if (!address) {
        return tl::unexpected(address.error());
    }
    ContactLink link;
    link.host = address->host;
    link.port = address->port;
    text.remove_prefix(slash + 1);
    const std::size_t question = text.find('?');
    link.user = text.substr(0, question);
    if (!is_user_name(link.user)) {
        return base::drop("the link's user name is not one");
    }
    std::string_view rest =
        question == std::string_view::npos ? std::string_view() : text.substr(question + 1);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        if (!read_parameter(rest.substr(0, end), link)) {
            return base::drop("the link's identity or pin is malformed or stands twice");
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return link;
}

std::string to_string(const ContactLink& link) {
    std::string out = std::string(kScheme) + short_form(link.host, link.port) + "/" + link.user;
    char separator = '?';
    const auto add = [&](std::string_view name, const auto& octets) {
        if (octets) {
            out += separator;
            out += name;
            out += '=';
            out += base64url(*octets);
            separator = '&';
        }
    };
    add("identity", link.identity);
    add("pin", link.pin);
    return out;
}

Expected<Address> parse_address(std::string_view text) {
    Address out;
    const std::size_t at = text.find('@');
    if (at != std::string_view::npos) {
        out.user = text.substr(0, at);
        if (!is_user_name(out.user)) {
            return base::drop(
                "a user name is 1 to 32 of a-z, 0-9, '.', '_' and '-', and begins with a letter or "
                "digit");
        }
        text.remove_prefix(at + 1);
    }
    auto address = parse_relay(text);
    if (!address) {
        return tl::unexpected(address.error());
    }
    out.host = std::move(address->host);
    out.port = address->port;
    return out;
}

}  // namespace sotto::wire
