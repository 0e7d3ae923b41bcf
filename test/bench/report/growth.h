#pragma once

#include "test/bench/report/figures.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace sotto::bench {

/// How the cost of a directory operation grows with the number of users.
namespace growth {

/// An operation: the name of its benchmark, and its name in the table.
struct Operation {
    const char* run;
    const char* title;
};
[[nodiscard]] const std::vector<Operation>& operations();
[[nodiscard]] const std::vector<std::string>& users();  ///< the numbers of users, ascending

inline constexpr const char* kTime = "ns";  ///< the quantity: time per operation

/// Reads the JSON of Google Benchmark that bench_relay_core writes: each benchmark
/// OPERATION/USERS becomes the run OPERATION of the "relay" USERS, with a value for every
/// repetition. Throws std::runtime_error if it is not such JSON.
[[nodiscard]] Figures read(std::istream& json);

}  // namespace growth

}  // namespace sotto::bench
