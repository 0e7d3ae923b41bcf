#include "relay/program/metrics_server.h"

#include "crypto/base/host_port.h"

#include <charconv>
#include <stdexcept>
#include <string_view>

namespace sotto::relay {

namespace {

struct Answer {
    const char* status = "200 OK";
    std::string body;
    const char* type = "text/plain; charset=utf-8";
    const char* more = "";  ///< lines of the head
};

Answer answer_to_path(std::string_view path, const MetricsServer::Source& source) {
    if (path == "/metrics") {
        return {"200 OK", to_prometheus(source()), "text/plain; version=0.0.4; charset=utf-8"};
    }
    if (path == "/healthz") {
        return {"200 OK", "ok\n"};
    }
    if (path == "/readyz") {
        return source().stopping ? Answer{"503 Service Unavailable", "stopping\n"}
                                 : Answer{"200 OK", "ready\n"};
    }
    return {"404 Not Found", "not here\n"};
}

std::string text_of(const Answer& answer, bool with_body) {
    return std::string("HTTP/1.1 ") + answer.status + "\r\nContent-Type: " + answer.type +
           "\r\nContent-Length: " + std::to_string(answer.body.size()) + "\r\n" + answer.more +
           "Cache-Control: no-store\r\nConnection: close\r\n\r\n" + (with_body ? answer.body : "");
}

}  // namespace

std::string answer_to(const std::string& request_line, const MetricsServer::Source& source) {
    const std::string_view line = request_line;
    const auto method_end = line.find(' ');
    const auto target_end = line.rfind(' ');
    if (method_end == std::string_view::npos || method_end == target_end ||
        line.substr(target_end + 1, 7) != "HTTP/1.") {
        return text_of({"400 Bad Request", "not an HTTP/1 request\n"}, true);
    }
    const std::string_view method = line.substr(0, method_end);
    const std::string_view target = line.substr(method_end + 1, target_end - method_end - 1);
    if (method != "GET" && method != "HEAD") {
        return text_of({"405 Method Not Allowed", "GET and HEAD only\n",
                        "text/plain; charset=utf-8", "Allow: GET, HEAD\r\n"},
                       true);
    }
    return text_of(answer_to_path(target.substr(0, target.find('?')), source), method == "GET");
}

MetricsServer::MetricsServer(net::Loop& loop, const std::string& where, Source source)
    : server_(loop, [source = std::move(source)](const std::string& request_line) {
          return answer_to(request_line, source);
      }) {
    const auto at = base::parse_host_port(where, 0);  // 0: any port that is free
    if (!at || !at->port) {
        throw std::runtime_error("--metrics: '" + where + "' is not ADDRESS:PORT");
    }
    const auto listening = server_.listen(at->host, *at->port);
    if (!listening) {
        throw std::runtime_error("--metrics: " + listening.error());
    }
    port_ = *listening;
}

}  // namespace sotto::relay
