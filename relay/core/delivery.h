#pragma once

#include "relay/core/action.h"

namespace sotto::relay {

/// Takes to other places what a relay has for them: other loops, and other nodes.
class Delivery {
  public:
    enum class Outcome {
        accepted,
        congested,  ///< accepted, but its sender should be read less
        no_room,    ///< not taken: `Relay::on_undelivered` answers its sender
    };

    Delivery() = default;
    Delivery(const Delivery&) = delete;
    Delivery& operator=(const Delivery&) = delete;
    virtual ~Delivery() = default;

    /// What one place sends to another keeps its order. The text is copied.
    [[nodiscard]] virtual Outcome deliver(const Forward& message) = 0;
    virtual void bounce(Bounce bounce) = 0;
    virtual void replace(const Replace& replaced) = 0;
};

}  // namespace sotto::relay
