#pragma once

#include "test/bench/report/figures.h"

#include <iosfwd>
#include <string>
#include <vector>

namespace sotto::bench {

/// How what a directory operation costs grows with the number of users.
namespace growth {

/// An operation, as its benchmark is called and as it is said.
struct Operation {
    const char* run;
    const char* title;
};
[[nodiscard]] const std::vector<Operation>& operations();
[[nodiscard]] const std::vector<std::string>& users();  ///< how many, the fewest first

inline constexpr const char* kTime = "ns";  ///< the quantity, of one operation

/// From what bench_relay_core writes, Google Benchmark's JSON: each benchmark OPERATION/USERS
/// becomes the run OPERATION of the "relay" USERS, with a value for every repetition. Throws
/// std::runtime_error if it is not such JSON.
[[nodiscard]] Figures read(std::istream& json);

}  // namespace growth

}  // namespace sotto::bench
