#pragma once

#include "net/loop/loop.h"
#include "net/loop/resolver.h"
#include "net/system/descriptor.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace sotto::net {

/// Finds the addresses of a host and connects to the one that answers first (RFC 8305): IPv6
/// and IPv4 in turns, the next address 250 ms after the last was begun, or at once when one
/// fails. So an address that never answers costs a quarter of a second.
class Connector {
  public:
    struct Result {
        Descriptor socket;      ///< open if it is connected, non-blocking
        std::string address;    ///< of the other end, without port
        bool resolved = false;  ///< the host has an address
        std::string reason;     ///< why not, for the person
    };
    using Done = std::function<void(Result)>;

    /// A look-up may take as long as two tries of three name servers in the C library.
    static constexpr auto kLookUp = std::chrono::seconds(30);
    static constexpr auto kNextAddress = std::chrono::milliseconds(250);
    /// From the last address that was begun.
    static constexpr auto kConnect = std::chrono::seconds(10);
    static constexpr std::size_t kMostAddresses = 16;

    explicit Connector(Loop& loop, Resolver::LookUp look_up = look_up_addresses);
    ~Connector();
    Connector(const Connector&) = delete;
    Connector& operator=(const Connector&) = delete;

    /// Calls `done` once, on the loop; a new call replaces the last.
    void connect(const std::string& host, std::uint16_t port, Done done);
    void cancel();
    [[nodiscard]] bool is_busy() const { return attempt_ != nullptr; }

    /// The address of the last result accepted a connection and then did not serve it: the next
    /// attempt tries it last.
    void put_last(const std::string& address) { last_ = address; }

  private:
    struct Attempt;
    Loop& loop_;
    Resolver resolver_;
    std::string last_;  ///< the address to try after all others
    std::shared_ptr<Attempt> attempt_;
};

}  // namespace sotto::net
