#pragma once

#include "test/bench/relay/crowd.h"
#include "test/bench/relay/peer.h"
#include "test/bench/report/figures.h"

namespace sotto::bench {

/// Each starts a new relay process, adds one round's values to `figures`, and throws
/// std::runtime_error if the relay fails.

/// A crowd that talks for `seconds`, after a quarter of that to warm up.
void measure_talk(const Peer& peer, const Shape& shape, double seconds, Figures& figures);

/// By how much the relay's memory grows for each of `count` idle users who have joined.
void measure_idle(const Peer& peer, std::size_t count, Figures& figures);

/// `count` connections that come as far as `goal` and go, eight at a time.
void measure_arrivals(const Peer& peer, Speech::Step goal, std::size_t count, Figures& figures);

}  // namespace sotto::bench
