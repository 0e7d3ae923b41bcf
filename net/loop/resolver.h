#pragma once

#include "net/loop/loop.h"

#include <sys/socket.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace sotto::net {

/// An address that a socket can connect to, its port not set.
struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;
};

/// What a look-up of a host's addresses found.
struct Addresses {
    std::vector<SocketAddress> found;  ///< in the order to try; empty if there are none
    std::string reason;                ///< why there are none: a sentence for the person
};

/// Asks the system for the addresses of `host`, a name or an address. Blocks, for as long as
/// the system's own limits let it: with dead name servers that is half a minute and more.
[[nodiscard]] Addresses look_up_addresses(const std::string& host);

/// What an error code of getaddrinfo(3) means: a host that does not exist and a network that
/// is not there are two things, and the person can do something about one of them only.
[[nodiscard]] std::string look_up_failure(int code, const std::string& host);

/// Looks up hosts beside the loop, each in a thread of its own. Nothing ever waits for such a
/// thread, neither who cancels nor the end of the process. An answer that comes after
/// `cancel` is kept for the next `find` of the same host.
class Resolver {
  public:
    using LookUp = std::function<Addresses(const std::string& host)>;
    using Done = std::function<void(const Addresses&)>;

    static constexpr std::size_t kMostRunning = 4;           ///< look-ups at the same time
    static constexpr auto kKept = std::chrono::seconds(60);  ///< a late answer

    /// `loop` must outlive the resolver. `look_up` runs in other threads, and may still run
    /// after the resolver is gone.
    explicit Resolver(Loop& loop, LookUp look_up = look_up_addresses);
    ~Resolver();
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;

    /// Calls `done` once, on the loop and never from in here. A new call replaces the last. If
    /// an earlier look-up of the same host still runs, its answer is waited for.
    void find(const std::string& host, Done done);
    /// `done` is not called any more. The look-up goes on.
    void cancel();

  private:
    struct Running;
    struct Late {
        Addresses addresses;
        Loop::Clock::time_point until;
    };

    void start(const std::string& host);
    void answer(const std::string& host, Addresses addresses);
    void answer_soon(const std::string& host, Addresses addresses);

    Loop& loop_;
    LookUp look_up_;
    std::string wanted_;  ///< the host that `done_` waits for
    Done done_;
    std::map<std::string, std::shared_ptr<Running>> running_;  ///< by host
    std::map<std::string, Late> late_;                         ///< by host
    Loop::Timer soon_;
};

}  // namespace sotto::net
