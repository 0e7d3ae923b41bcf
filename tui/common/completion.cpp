#include "tui/common/completion.h"

#include "tui/common/command_table.h"

#include <algorithm>
#include <sstream>

namespace sotto::tui {

namespace {

/// What follows is the name of a command.
bool asks_for_help(std::string_view line) {
    const std::string_view name = line.substr(0, line.find(' '));
    return name == "/help" || name == "/h";
}

}  // namespace

Completion complete(std::string_view line, std::size_t cursor,
                    const std::vector<std::string>& names) {
    Completion out;
    const std::string_view before = line.substr(0, cursor);
    const std::size_t space = before.find_last_of(" \n");
    out.begin = space == std::string_view::npos ? 0 : space + 1;
    const std::string_view word = before.substr(out.begin);
    const auto offer = [&](const std::string& candidate) {
        if (candidate.compare(0, word.size(), word) == 0) {
            out.candidates.push_back(candidate);
        }
    };
    const bool slash = !word.empty() && word.front() == '/';
    if (out.begin == 0 ? slash : asks_for_help(before)) {
        for (const CommandRow& row : command_table()) {
            std::istringstream all(std::string(row.name) + " " + std::string(row.aliases));
            for (std::string name; all >> name;) {
                offer((slash ? "/" : "") + name);
            }
        }
    } else if (!word.empty() || (!before.empty() && before.front() == '/')) {
        std::for_each(names.begin(), names.end(), offer);
    }
    std::sort(out.candidates.begin(), out.candidates.end());
    out.candidates.erase(std::unique(out.candidates.begin(), out.candidates.end()),
                         out.candidates.end());
    return out;
}

std::string common_beginning(const std::vector<std::string>& candidates) {
    std::string out = candidates.empty() ? "" : candidates.front();
    for (const std::string& candidate : candidates) {
        const auto pair = std::mismatch(out.begin(), out.end(), candidate.begin(), candidate.end());
        out.erase(pair.first, out.end());
    }
    return out;
}

}  // namespace sotto::tui
