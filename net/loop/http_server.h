#pragma once

#include "net/loop/loop.h"

#include <tl/expected.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace sotto::net {

/// Answers plain HTTP, one request a connection: for figures that an operator's own
/// machines ask for. At most 16 callers at a time, each with 4 KiB and 5 s; who has said
/// nothing for 1 s is sent away, and past 16 the oldest.
class HttpServer {
  public:
    /// From the first line of a request to the whole answer, head included.
    using Answer = std::function<std::string(const std::string& request_line)>;

    HttpServer(Loop& loop, Answer answer);
    ~HttpServer();
    HttpServer(const HttpServer&) = delete;
    HttpServer& operator=(const HttpServer&) = delete;

    /// Returns the port (0 lets the kernel choose), or a sentence for the operator.
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen(const std::string& address,
                                                                  std::uint16_t port);

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;  ///< what is under way holds it weakly
};

}  // namespace sotto::net
