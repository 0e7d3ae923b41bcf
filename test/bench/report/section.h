#pragma once

#include "test/bench/report/figures.h"
#include "test/bench/report/machine.h"

#include <string>

namespace sotto::bench {

/// The input for the performance section of the README.
struct Measurement {
    Figures figures;
    Figures growth;  ///< growth.h
    Machine machine;
};

/// The section in Markdown: tables, the machine, and `plot`, the path of the picture. Throws
/// std::runtime_error if sotto-relay or the growth was not measured.
[[nodiscard]] std::string performance_section(const Measurement& measured, const std::string& plot);

/// Replaces what is between the lines <!-- performance --> and <!-- /performance --> of `page`
/// with `section`. Throws std::runtime_error if it lacks one of them.
[[nodiscard]] std::string with_section(const std::string& page, const std::string& section);

}  // namespace sotto::bench
