#include "net/proxy/proxy.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

namespace sotto::net {

namespace {

constexpr std::size_t kMostCredential = 255;  // RFC 1929: the length is one byte
constexpr std::size_t kMostHost = 255;        // RFC 1928: so is this

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '%') {
            out.push_back(text[at]);
            continue;
        }
        unsigned value = 0;
        const std::string_view digits = text.substr(at + 1, 2);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (digits.size() != 2 || read.ptr != digits.data() + 2) {
            return std::nullopt;
        }
        out.push_back(static_cast<char>(value));
        at += 2;
    }
    return out;
}

bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= kMostHost &&
           std::all_of(text.begin(), text.end(), [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_' || c == ':' ||
                      c == '%';
           });
}

tl::unexpected<std::string> bad(const std::string& why) {
    return tl::unexpected<std::string>("the proxy is not socks5://HOST:PORT or http://HOST:PORT: " +
                                       why);
}

/// `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`.
bool read_place(std::string_view text, Proxy& out) {
    std::string_view port;
    if (!text.empty() && text.front() == '[') {
        const auto end = text.find(']');
        if (end == std::string_view::npos) {
            return false;
        }
        out.host = std::string(text.substr(1, end - 1));
        port = text.substr(end + 1);
        if (out.host.find(':') == std::string::npos) {
            return false;
        }
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        out.host = std::string(text.substr(0, colon));
        port = text.substr(colon);
    }
    if (!is_host(out.host)) {
        return false;
    }
    if (port.empty()) {
        return true;
    }
    unsigned number = 0;
    const auto read = std::from_chars(port.data() + 1, port.data() + port.size(), number);
    if (port.front() != ':' || read.ptr != port.data() + port.size() || read.ec != std::errc() ||
        number == 0 || number > 65'535) {
        return false;
    }
    out.port = static_cast<std::uint16_t>(number);
    return true;
}

}  // namespace

tl::expected<Proxy, std::string> parse_proxy(std::string_view text) {
    Proxy out;
    const auto scheme_end = text.find("://");
    if (scheme_end == std::string_view::npos) {
        return bad("it does not begin with socks5:// or http://");
    }
    std::string scheme(text.substr(0, scheme_end));
    std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (scheme == "socks5" || scheme == "socks5h" || scheme == "socks") {
        out.kind = Proxy::Kind::socks5;
        out.port = 1080;
    } else if (scheme == "http") {
        out.kind = Proxy::Kind::http;
        out.port = 8080;
    } else {
        return bad("it does not begin with socks5:// or http://");
    }
    std::string_view rest = text.substr(scheme_end + 3);
    if (!rest.empty() && rest.back() == '/') {
        rest.remove_suffix(1);
    }
    if (const auto at = rest.rfind('@'); at != std::string_view::npos) {
        const std::string_view credentials = rest.substr(0, at);
        const auto colon = std::min(credentials.find(':'), credentials.size());
        const auto user = percent_decoded(credentials.substr(0, colon));
        const auto password = percent_decoded(
            colon < credentials.size() ? credentials.substr(colon + 1) : std::string_view());
        if (!user || !password || user->empty() || user->size() > kMostCredential ||
            password->size() > kMostCredential) {
            return bad("its user or password is not valid");
        }
        out.user = *user;
        out.password = *password;
        rest.remove_prefix(at + 1);
    }
    if (!read_place(rest, out)) {
        return bad("its host or port is not valid");
    }
    return out;
}

}  // namespace sotto::net
