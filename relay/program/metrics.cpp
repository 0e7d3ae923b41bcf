#include "relay/program/metrics.h"

#include <charconv>
#include <stdexcept>

namespace sotto::relay {

namespace {

std::string answer(const std::string& status, const std::string& type, const std::string& body) {
    return "HTTP/1.1 " + status + "\r\nContent-Type: " + type +
           "\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n" + body;
}

}  // namespace

std::string answer_to(const std::string& request_line, const MetricsServer::Source& source) {
    const std::string text = "text/plain; charset=utf-8";
    const auto asks = [&](const std::string& path) {
        return request_line.rfind("GET " + path + " HTTP/1.", 0) == 0;
    };
    if (asks("/metrics")) {
        return answer("200 OK", "text/plain; version=0.0.4; charset=utf-8",
                      to_prometheus(source()));
    }
    if (asks("/healthz")) {
        return answer("200 OK", text, "ok\n");
    }
    if (asks("/readyz")) {
        return source().stopping ? answer("503 Service Unavailable", text, "stopping\n")
                                 : answer("200 OK", text, "ready\n");
    }
    return answer("404 Not Found", text, "not here\n");
}

MetricsServer::MetricsServer(net::Loop& loop, const std::string& where, Source source)
    : server_(loop, [source = std::move(source)](const std::string& request_line) {
          return answer_to(request_line, source);
      }) {
    const auto colon = where.rfind(':');
    std::string address = where.substr(0, colon == std::string::npos ? 0 : colon);
    if (address.size() > 2 && address.front() == '[' && address.back() == ']') {
        address = address.substr(1, address.size() - 2);
    }
    std::uint16_t port = 0;
    const char* end = where.data() + where.size();
    const char* start = where.data() + (colon == std::string::npos ? where.size() : colon + 1);
    const auto read = std::from_chars(start, end, port);
    if (address.empty() || start == end || read.ec != std::errc() || read.ptr != end) {
        throw std::runtime_error("--metrics: '" + where + "' is not ADDRESS:PORT");
    }
    const auto listening = server_.listen(address, port);
    if (!listening) {
        throw std::runtime_error("--metrics: " + listening.error());
    }
    port_ = *listening;
}

}  // namespace sotto::relay
