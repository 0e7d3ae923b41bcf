#include "relay/program/config_lines.h"

#include <sstream>

namespace sotto::relay {

std::vector<CLI::ConfigItem> ConfigLines::from_config(std::istream& input) const {
    std::vector<CLI::ConfigItem> out;
    std::string line;
    for (int number = 1; std::getline(input, line); ++number) {
        const auto read_here = read(number, line);
        out.insert(out.end(), read_here.begin(), read_here.end());
    }
    return out;
}

std::vector<CLI::ConfigItem> ConfigLines::read(int number, const std::string& line) const {
    const auto first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos || line[first] == '#' || line[first] == ';') {
        return {};
    }
    if (line[first] == '[') {
        complaints_[number] = "there are no sections here; write the options alone";
        return {};
    }
    std::istringstream alone(line);
    auto found = CLI::ConfigBase::from_config(alone);
    if (found.size() != 1) {  // too short for a name and a value
        complaints_[number] = "not of the form: name = value";
        return {};
    }
    const std::string name = found.front().fullname();
    std::string wrong = judge_(found.front());
    if (const auto [at, is_new] = lines_.emplace(name, number); wrong.empty() && !is_new) {
        wrong =
            "'" + name + "' stands here a second time, after line " + std::to_string(at->second);
    }
    if (!wrong.empty()) {
        complaints_[number] = wrong;
        return {};
    }
    return found;
}

}  // namespace sotto::relay
