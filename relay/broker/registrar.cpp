#include "relay/broker/registrar.h"

#include "relay/broker/quiet_thread.h"

#include <chrono>
#include <utility>

namespace sotto::relay {

Registrar::Registrar(Hub& hub, Report report)
    : hub_(hub),
      report_(std::move(report)),
      thread_(start_quiet_thread("registrar", [this] { run(); })) {}

Registrar::~Registrar() {
    {
        const std::lock_guard lock(lock_);
        stopping_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void Registrar::claim(Claim claim) {
    {
        const std::lock_guard lock(lock_);
        claims_.push_back(std::move(claim));
    }
    wake_.notify_one();
}

void Registrar::run() {
    for (;;) {
        std::vector<Claim> claims;
        {
            std::unique_lock lock(lock_);
            wake_.wait_for(lock, std::chrono::seconds(1),
                           [this] { return stopping_ || !claims_.empty(); });
            if (stopping_) {
                return;
            }
            claims = std::exchange(claims_, {});
        }
        report_(hub_.attend(std::move(claims)));
    }
}

}  // namespace sotto::relay
