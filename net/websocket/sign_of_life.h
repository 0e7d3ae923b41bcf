#pragma once

#include "net/loop/loop.h"

#include <cstddef>

namespace sotto::net {

/// When a peer last showed that it lives (sotto-protocol(7), section 1): by a whole frame, or by
/// each further 1,024 bytes of one. A peer that sends a byte of a frame now and then is silent.
class SignOfLife {
  public:
    static constexpr std::size_t kBytes = 1'024;

    explicit SignOfLife(Loop::Clock::time_point now) noexcept : last_(now) {}

    /// The peer sent `bytes`, and with them the last byte of each of `whole_frames` frames.
    void heard(Loop::Clock::time_point now, std::size_t whole_frames, std::size_t bytes) noexcept {
        unfinished_ = whole_frames > 0 ? 0 : unfinished_ + bytes;
        if (whole_frames > 0 || unfinished_ >= kBytes) {
            last_ = now;
            unfinished_ = 0;
        }
    }
    /// The silence begins now: nobody listened before.
    void begin(Loop::Clock::time_point now) noexcept { last_ = now; }
    [[nodiscard]] Loop::Clock::time_point last() const noexcept { return last_; }

  private:
    Loop::Clock::time_point last_;
    std::size_t unfinished_ = 0;  ///< bytes of a frame since the last sign
};

}  // namespace sotto::net
