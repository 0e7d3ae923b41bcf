#pragma once

#include "test/bench/report/figures.h"
#include "test/bench/report/machine.h"

#include <string>

namespace sotto::bench {

/// What the performance section of the README is made of.
struct Measurement {
    Figures figures;
    Figures growth;  ///< growth.h
    Machine machine;
};

/// The section in Markdown: tables, what they were measured on, and `plot`, the path of the
/// picture. Throws std::runtime_error if sotto-relay or the growth was not measured.
[[nodiscard]] std::string performance_section(const Measurement& measured, const std::string& plot);

/// `page` with `section` between the lines <!-- performance --> and <!-- /performance -->,
/// in place of what stood there. Throws std::runtime_error if it lacks one of them.
[[nodiscard]] std::string with_section(const std::string& page, const std::string& section);

}  // namespace sotto::bench
