#pragma once

#include <CLI/CLI.hpp>

#include <functional>
#include <istream>
#include <map>
#include <string>
#include <vector>

// Included by `options` only: CLI11 stays there.
namespace sotto::relay {

/// Reads the configuration file line by line, so that each complaint has its number and one
/// does not hide the next. What is wrong is kept back from the parser.
class ConfigLines final : public CLI::ConfigBase {
  public:
    /// What is wrong with the assignment; empty: nothing.
    using Judge = std::function<std::string(const CLI::ConfigItem&)>;

    explicit ConfigLines(Judge judge) : judge_(std::move(judge)) {}

    /// CLI11 calls it.
    std::vector<CLI::ConfigItem> from_config(std::istream& input) const override;

    /// By number of the line.
    [[nodiscard]] const std::map<int, std::string>& complaints() const { return complaints_; }
    /// Where each option stands, by its name.
    [[nodiscard]] const std::map<std::string, int>& lines() const { return lines_; }

  private:
    /// The assignment in a line, or a complaint about it.
    [[nodiscard]] std::vector<CLI::ConfigItem> read(int number, const std::string& line) const;

    Judge judge_;
    mutable std::map<int, std::string> complaints_;  // CLI11 reads by a const function
    mutable std::map<std::string, int> lines_;
};

}  // namespace sotto::relay
