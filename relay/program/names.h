#pragma once

#include "relay/program/options.h"

#include <ostream>

namespace sotto::relay {

/// `names` and `backup`, while a relay runs or not; what there is to see goes to `out`. The
/// exit status: 1 if the name is not as the task takes it to be. Throws std::runtime_error
/// with a sentence for the operator.
int change_names(const Options& options, std::ostream& out);

}  // namespace sotto::relay
