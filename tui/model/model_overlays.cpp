// Keys while something is asked for in place of the input line, or lies over the panes.
#include "tui/model/model.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

namespace sotto::tui {

namespace command = client::command;

namespace {

constexpr std::size_t kDigits = 60;

}  // namespace

void Model::in_prompt(const Key& key, const std::string& name) {
    Prompt& prompt = *state_.prompt;
    const bool filter = prompt.what == Prompt::For::filter;
    Selection& selection =
        state_.focus == Focus::users ? state_.users_selection : state_.requests_selection;
    const KeyRow* row = find_key(Focus::input, name);
    if (name == "Esc" || name == "C-c" || name == "C-g") {
        state_.prompt.reset();
        if (filter) {
            selection.set_filter("");
        }
        return;
    }
    if (name == "Enter" || name == "C-j") {
        const std::string word = prompt.line.text();
        state_.prompt.reset();
        if (!filter && !word.empty()) {
            search_for(word);
        }
        return;
    }
    if (key.is_text()) {
        prompt.line.insert(key.text);
    } else if (row != nullptr && std::holds_alternative<Edit>(row->action) &&
               std::get<Edit>(row->action) != Edit::newline &&
               std::get<Edit>(row->action) != Edit::reverse_search) {
        prompt.line.run(std::get<Edit>(row->action));
    }
    if (filter) {
        selection.set_filter(prompt.line.text());
    }
}

void Model::in_overlay(Page& page, const Key& /*key*/, const std::string& name) {
    const int height = std::max(state_.layout().main.rows - 2, 1);
    const int rows = static_cast<int>(
        page_rows(page.lines, std::max(state_.size.columns - 2, 1), state_.emoji).size());
    const int last = std::max(rows - height, 0);
    struct Move {
        const char* names;
        int by;
    };
    const std::array moves{Move{" k Up C-p ", -1},
                           Move{" j Down C-n Enter ", 1},
                           Move{" PgUp C-b ", -height},
                           Move{" PgDn Space C-f ", height},
                           Move{" g Home M-Home ", -rows - page.top},
                           Move{" G End M-End ", rows}};
    for (const Move& move : moves) {
        if (std::string(move.names).find(" " + name + " ") != std::string::npos) {
            page.top = std::clamp(std::min(page.top, last) + move.by, 0, last);
            return;
        }
    }
    if (name == "Esc" || name == "q" || name == "C-c" || name == "F1" || name == "F4") {
        state_.overlay = std::monostate();
    }
}

void Model::in_overlay(Question& question, const Key& /*key*/, const std::string& name) {
    if (name == "y" || name == "Y") {
        const Question answered = std::move(question);
        state_.overlay = std::monostate();
        commands_.insert(commands_.end(), answered.yes.begin(), answered.yes.end());
        if (!answered.insert.empty()) {
            type(answered.insert);
        }
    } else if (name == "n" || name == "N" || name == "Esc" || name == "C-c") {
        const Question answered = std::move(question);
        state_.overlay = std::monostate();
        commands_.insert(commands_.end(), answered.no.begin(), answered.no.end());
    }
}

void Model::in_overlay(Verification& verification, const Key& key, const std::string& name) {
    if (name == "Esc" || name == "C-c") {
        state_.overlay = std::monostate();
    } else if (name == "Backspace" && !verification.typed.empty()) {
        verification.typed.pop_back();
    } else if (name == "C-u") {
        verification.typed.clear();
    } else if ((name == "Enter" || name == "C-j") && !verification.typed.empty()) {
        verification.verdict.clear();
        commands_.emplace_back(
            command::ConfirmSafetyNumber{verification.number.user, verification.typed});
    } else if (key.is_text() && key.text.size() == 1 && key.text[0] >= '0' && key.text[0] <= '9' &&
               verification.typed.size() < kDigits) {
        verification.typed += key.text;
    }
}

}  // namespace sotto::tui
