#pragma once

#include "test/bench/report/figures.h"

#include <string>

namespace sotto::bench {

/// The plot of the README as one SVG file, without scripts and with a background of its own,
/// so that it is legible on light and dark pages: what a message costs each relay, and how
/// the directory's operations grow (growth.h).
[[nodiscard]] std::string plot(const Figures& figures, const Figures& growth);

}  // namespace sotto::bench
