#include "net/wire/contact_link.h"

#include "net/wire/base64.h"
#include "net/wire/user_name.h"

#include <algorithm>
#include <charconv>

namespace sotto::wire {

namespace {

constexpr std::string_view kScheme = "sotto://";
constexpr std::size_t kMaxHost = 253;

tl::unexpected<Error> wrong(std::string what) {
    return tl::unexpected(Error{Verdict::drop, std::move(what)});
}

/// By its characters only: whether it exists is for the resolver to say.
bool is_host(std::string_view host, bool bracketed) {
    const auto is_in = [](std::string_view characters) {
        return [characters](char c) { return characters.find(c) != std::string_view::npos; };
    };
    if (host.empty() || host.size() > kMaxHost) {
        return false;
    }
    if (bracketed) {
        return std::all_of(host.begin(), host.end(), is_in("0123456789abcdefABCDEF:.")) &&
               host.find(':') != std::string_view::npos;
    }
    return std::all_of(
               host.begin(), host.end(),
               is_in("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.")) &&
           host.front() != '-' && host.front() != '.' && host.find("..") == std::string_view::npos;
}

/// One spelling of a host, or each spelling would have pins and contacts of its own.
std::string lower(std::string_view host) {
    std::string out(host);
    std::transform(out.begin(), out.end(), out.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return out;
}

struct HostPort {
    std::string host;
    std::uint16_t port = kDefaultPort;
};

Expected<HostPort> parse_host_port(std::string_view text) {
    HostPort out;
    const bool bracketed = !text.empty() && text.front() == '[';
    const std::size_t end = bracketed ? text.find(']') : text.find(':');
    if (bracketed && end == std::string_view::npos) {
        return wrong("the bracket of the IPv6 address is not closed");
    }
    const std::string_view host =
        bracketed ? text.substr(1, end - 1) : text.substr(0, std::min(end, text.size()));
    std::string_view rest =
        end == std::string_view::npos ? std::string_view() : text.substr(bracketed ? end + 1 : end);
    if (!is_host(host, bracketed)) {
        return wrong("this is not a host name or address (IPv6 goes in brackets)");
    }
    out.host = lower(host);
    if (rest.empty()) {
        return out;
    }
    if (rest.front() != ':') {
        return wrong("something stands behind the host that is no port");
    }
    rest.remove_prefix(1);
    unsigned port = 0;
    const auto [at, error] = std::from_chars(rest.data(), rest.data() + rest.size(), port);
    if (error != std::errc() || at != rest.data() + rest.size() || port == 0 || port > 65'535) {
        return wrong("the port is not a number from 1 to 65535");
    }
    out.port = static_cast<std::uint16_t>(port);
    return out;
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

std::string host_port(const std::string& host, std::uint16_t port) {
    std::string out = host.find(':') == std::string::npos ? host : "[" + host + "]";
    return port == kDefaultPort ? out : out + ":" + std::to_string(port);
}

}  // namespace

Expected<ContactLink> parse_contact_link(std::string_view text) {
    if (text.substr(0, kScheme.size()) != kScheme) {
        return wrong("a contact link begins with sotto://");
    }
    text.remove_prefix(kScheme.size());
    const std::size_t slash = text.find('/');
    if (slash == std::string_view::npos) {
        return wrong("the link names no user");
    }
    const auto address = parse_host_port(text.substr(0, slash));
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
        return wrong("the link's user name is not one");
    }
    std::string_view rest =
        question == std::string_view::npos ? std::string_view() : text.substr(question + 1);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        if (!read_parameter(rest.substr(0, end), link)) {
            return wrong("the link's identity or pin is malformed or stands twice");
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return link;
}

std::string to_string(const ContactLink& link) {
    std::string out = std::string(kScheme) + host_port(link.host, link.port) + "/" + link.user;
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
            return wrong(
                "a user name is 1 to 32 of a-z, 0-9, '.', '_' and '-', and begins with a letter or "
                "digit");
        }
        text.remove_prefix(at + 1);
    }
    auto address = parse_host_port(text);
    if (!address) {
        return tl::unexpected(address.error());
    }
    out.host = std::move(address->host);
    out.port = address->port;
    return out;
}

}  // namespace sotto::wire
