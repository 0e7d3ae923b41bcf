#pragma once

#include <tl/expected.hpp>

#include <string>
#include <vector>

namespace sotto::program {

/// `name = value` in a configuration file (sotto-config(5)).
struct ConfigLine {
    int number = 0;
    std::string name;
    std::string value;
};

/// The lines of a configuration file that say something. An error is a sentence that names
/// the file, and the line where there is one: no assignment, a quote without end, a name
/// that stands twice.
[[nodiscard]] tl::expected<std::vector<ConfigLine>, std::string> read_config(
    const std::string& path);

}  // namespace sotto::program
