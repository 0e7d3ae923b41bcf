#include "tui/model/word_completion.h"

namespace sotto::tui {

void WordCompletion::run(LineEditor& line, int step, const std::vector<std::string>& names) {
    const std::size_t count = found_.candidates.size();
    if (line.text() == left_ && count > 1) {
        const std::size_t before_first = step > 0 ? count - 1 : 0;
        taken_ = (taken_.value_or(before_first) + (step > 0 ? 1 : count - 1)) % count;
        line.complete(found_.begin, found_.candidates[*taken_]);
    } else {
        found_ = complete(line.text(), line.cursor(), names);
        taken_.reset();
        if (found_.candidates.size() == 1) {
            line.complete(found_.begin, found_.candidates.front() + " ");
            found_ = {};
        } else if (!found_.candidates.empty()) {
            line.complete(found_.begin, common_beginning(found_.candidates));
        }
    }
    left_ = line.text();
}

std::string WordCompletion::candidates() const {
    std::string out;
    for (const std::string& candidate : found_.candidates) {
        out += (out.empty() ? "" : " ") + candidate;
    }
    return out;
}

}  // namespace sotto::tui
