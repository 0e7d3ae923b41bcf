#pragma once

#include "relay/program/options.h"

#include <ostream>
#include <string>
#include <vector>

namespace sotto::relay {

/// One thing that was looked at.
struct Finding {
    enum class Kind { fine, note, wrong };
    Kind kind = Kind::fine;
    std::string where;  ///< an option, or a file
    std::string what;
};

/// Whether a relay would start with these options, and all that would keep it from it, not
/// only the first. Changes nothing and makes no directory; a relay may run meanwhile.
[[nodiscard]] std::vector<Finding> check(const Options& options);

/// Prints the findings, a line each; 1 if something is wrong, else 0.
int print_check(const Options& options, std::ostream& out);

}  // namespace sotto::relay
