#pragma once

#include "net/loop/loop.h"
#include "relay/broker/loop_queue.h"
#include "relay/core/delivery.h"

#include <cstddef>
#include <memory>
#include <vector>

namespace sotto::relay {

class Worker;

/// Delivery to the other loops of this process: what one turn brought for a loop goes into its
/// queue at the end of the turn, as one batch. Used on its own loop only.
class LoopDelivery final : public Delivery {
  public:
    using Workers = std::vector<std::unique_ptr<Worker>>;

    /// `loop` is the one whose turns it goes by. Both must outlive it; `workers`, by the number
    /// of their loops, is complete before anything is delivered.
    LoopDelivery(net::Loop& loop, const Workers& workers) : loop_(loop), workers_(workers) {}

    [[nodiscard]] Outcome deliver(const Forward& message) override;
    void bounce(Bounce bounce) override;
    void replace(const Replace& replaced) override;

  private:
    void push_all();

    net::Loop& loop_;
    const Workers& workers_;
    std::vector<Batch> batches_;  ///< of this turn, by loop
    bool is_due_ = false;         ///< they are pushed at the end of the turn
};

}  // namespace sotto::relay
