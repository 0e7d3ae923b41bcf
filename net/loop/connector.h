#pragma once

#include "net/loop/descriptor.h"
#include "net/loop/loop.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace sotto::net {

/// Finds the addresses of a host and connects to the first that answers.
class Connector {
  public:
    struct Result {
        Descriptor socket;      ///< open if it is connected, non-blocking
        std::string address;    ///< of the other end, without port
        bool resolved = false;  ///< the host has an address
        std::string reason;     ///< why not, for the person
    };
    using Done = std::function<void(Result)>;

    explicit Connector(Loop& loop);
    ~Connector();
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;

    /// Calls `done` once, on the loop, within 15 s; a new call replaces the last.
    void connect(const std::string& host, std::uint16_t port, Done done);
    void cancel();
    [[nodiscard]] bool is_busy() const { return attempt_ != nullptr; }

  private:
    struct Attempt;
    Loop& loop_;
    std::shared_ptr<Attempt> attempt_;
};

}  // namespace sotto::net
