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

/// The assignments of a configuration file. An error is a sentence that names the file and,
/// if there is one, the line: not an assignment, an unclosed quote, a duplicate name.
[[nodiscard]] tl::expected<std::vector<ConfigLine>, std::string> read_config(
    const std::string& path);

}  // namespace sotto::program
