#pragma once

#include "relay/core/hub.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace sotto::relay {

/// The thread that waits for the disk, so that no loop has to: settles claims, all that
/// have come meanwhile by one write, and looks once a second at what an operator did.
class Registrar {
  public:
    using Report = std::function<void(Hub::Round)>;

    /// `report` is called on the registrar's thread. `hub` must outlive the registrar.
    Registrar(Hub& hub, Report report);
    /// Finishes what it is at; claims that are still waiting are never reported.
    ~Registrar();
    Registrar(const Registrar&) = delete;
    Registrar& operator=(const Registrar&) = delete;

    void claim(Claim claim);  ///< from any thread

  private:
    void run();

    Hub& hub_;
    Report report_;
    std::mutex lock_;
    std::condition_variable wake_;
    std::vector<Claim> claims_;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace sotto::relay
