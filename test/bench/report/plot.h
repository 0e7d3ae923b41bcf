#pragma once

#include "test/bench/report/figures.h"

#include <string>

namespace sotto::bench {

/// The plot of the README as one SVG file, without scripts and with a ground of its own,
/// so that it can be read on light pages and on dark ones: what a message costs each relay,
/// and how the directory's operations grow (growth.h).
[[nodiscard]] std::string plot(const Figures& figures, const Figures& growth);

}  // namespace sotto::bench
