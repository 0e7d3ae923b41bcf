#pragma once

#include "net/websocket/server_endpoint.h"
#include "relay/broker/metrics.h"
#include "relay/broker/registrar.h"
#include "relay/broker/registry_outage.h"
#include "relay/broker/worker.h"
#include "relay/core/hub.h"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace sotto::relay {

/// The whole relay but for what an operator sees of it: a worker on the given loop, more on
/// loops and threads of their own, and the registrar. Used by sotto-relay and, in process,
/// by `sotto --demo` and tests.
class Broker {
  public:
    using Log = Worker::Log;            ///< called on any thread
    using Observer = Worker::Observer;  ///< for the demo's `/wire` and for tests only
    struct Options {
        net::ServerEndpoint::Options endpoint;
        Limits limits;
        std::size_t threads = 1;  ///< loops, the given one included
    };

    /// `loop` and `registry` must outlive the broker, and nobody else may use the registry
    /// meanwhile. Throws std::runtime_error with a sentence if certificate or key can't be
    /// used or the registry can't be read.
    Broker(net::Loop& loop, Registry& registry, const Options& options, Log log,
           Observer observer = {});
    ~Broker();
    Broker(const Broker&) = delete;
    Broker& operator=(const Broker&) = delete;

    // Everything is for the given loop's thread.

    /// Listens with all loops and sets the others going; port 0 lets the kernel choose. Returns
    /// the port, or a sentence.
    [[nodiscard]] tl::expected<std::uint16_t, std::string> listen(const std::string& address,
                                                                  std::uint16_t port);
    [[nodiscard]] const net::Pin& pin() const { return workers_[0]->pin(); }
    /// Runs the given loop until it is stopped; who is there goes on though memory has run out.
    void run() { run(loop_); }
    /// Takes over certificate, key and limits, and drops nobody; new connections get the
    /// certificate. A sentence on failure; nothing has changed then.
    [[nodiscard]] tl::expected<void, std::string> reload(const Options& options);
    /// Why one of the other loops could not do the same, which turned out since; told once.
    [[nodiscard]] std::optional<std::string> take_failure();
    /// Those of other loops are up to a second old.
    [[nodiscard]] Metrics metrics() const;
    /// Tells everyone `shutting_down`, closes; calls `done` once all are gone, or after 5 s.
    void shut_down(std::function<void()> done);

  private:
    void run(net::Loop& loop);
    void report(const Hub::Round& round);  ///< on the registrar's thread

    net::Loop& loop_;
    Hub hub_;
    std::shared_ptr<net::ConnectionLimiter> limiter_ = std::make_shared<net::ConnectionLimiter>();
    Worker::Shared shared_;
    std::vector<std::unique_ptr<net::Loop>> loops_;  ///< all but the given one
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<Registrar> registrar_;
    std::vector<std::thread> threads_;
    RegistryOutage outage_;  ///< the registrar's thread's
    std::mutex failure_lock_;
    std::optional<std::string> failure_;  ///< of a reload
    std::size_t at_work_ = 0;             ///< workers that are not done with shutting down
};

}  // namespace sotto::relay
