// Keys while something is asked for in place of the input line, or lies over the panes.
#include "tui/model/model.h"
#include "tui/model/pages.h"

#include <algorithm>
#include <map>
#include <utility>

namespace sotto::tui {

namespace command = client::command;

namespace {

constexpr std::size_t kDigits = 60;
constexpr std::size_t kGroup = 5;
constexpr std::size_t kAnswer = 16;

}  // namespace

void Model::in_prompt(const Key& key, const std::string& name) {
    Prompt& prompt = *state_.prompt;
    const bool filter = prompt.what == Prompt::For::filter;
    Selection& selection =
        state_.focus == Focus::users ? state_.users_selection : state_.requests_selection;
    if (const KeyRow* own = find_key(Where::prompt, name)) {
        const std::string word =
            own->action == KeyRow::Action(Act::take) ? prompt.line.text() : std::string();
        state_.prompt.reset();
        if (filter) {
            selection.set_filter(word);
            begin_selection();
        } else if (!word.empty()) {
            search_for(word);
        }
        return;
    }
    const KeyRow* row = find_key(Focus::input, name);
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

Extent Model::extent_of(const std::vector<PageLine>& lines) const {
    const int width = std::max(state_.size.columns - 2, 1);
    return extent(page_rows(lines, width, state_.emoji).size(), state_.layout().main.rows);
}

/// Moves `top`, the first row of `lines` that is seen; returns the last place it can have.
int Model::scroll(int& top, const std::vector<PageLine>& lines, Act act) const {
    const Extent seen = extent_of(lines);
    const std::map<Act, int> moves{{Act::line_up, -1},           {Act::line_down, 1},
                                   {Act::page_up, -seen.height}, {Act::page_down, seen.height},
                                   {Act::top, -Page::kEnd},      {Act::bottom, Page::kEnd}};
    top = std::clamp(std::min(top, seen.last) + moves.at(act), 0, seen.last);
    return seen.last;
}

void Model::in_overlay(Page& page, const Key& /*key*/, const std::string& name) {
    const KeyRow* row = find_key(Where::page, name);
    if (row == nullptr) {
        return;
    }
    const Act act = std::get<Act>(row->action);
    if (act == Act::close) {
        state_.overlay = std::monostate();
        return;
    }
    if (act == Act::begin_command) {
        begin_command();
        return;
    }
    const int last = scroll(page.top, page.lines, act);
    if (page.top == last && page.kind == Page::Kind::wire) {
        page.top = Page::kEnd;  // what comes is followed
    }
}

/// Over a page, which would swallow it otherwise. What is being typed under the page, a text, a
/// filter or a search, is not made a part of it: the page stays, and says why.
void Model::begin_command() {
    if (state_.prompt || state_.input.searching() || !state_.input.text().empty()) {
        state_.hint = "something is being typed below: Esc closes the page";
        return;
    }
    state_.overlay = std::monostate();
    state_.focus = Focus::input;
    type("/");
}

void Model::in_overlay(Question& question, const Key& key, const std::string& name) {
    const KeyRow* row = find_key(Where::question, name);
    const Act act = row == nullptr ? Act::help : std::get<Act>(row->action);
    const bool scrolls = row != nullptr && act != Act::yes && act != Act::no;
    const bool at_end = question.top >= extent_of(lines_of(question)).last;
    if (act == Act::no && (!question.in_full || !key.is_text())) {
        answer(false);
    } else if (scrolls) {
        scroll(question.top, lines_of(question), act);
    } else if (!at_end && (act == Act::yes || key.is_text())) {
        state_.hint = "PgDn shows the rest first";
    } else if (question.in_full) {
        in_full(question, key, name);
    } else if (act == Act::yes) {
        answer(true);
    }
}

/// A key for a question whose answer is a word.
void Model::in_full(Question& question, const Key& key, const std::string& name) {
    if (name == "Enter" || name == "C-j") {
        const std::string word = std::exchange(question.typed, "");
        if (word == "yes" || word == "no") {
            answer(word == "yes");
        }
    } else if (name == "Backspace" && !question.typed.empty()) {
        question.typed.pop_back();
    } else if (name == "C-u") {
        question.typed.clear();
    } else if (key.is_text() && key.text.size() == 1 && question.typed.size() < kAnswer) {
        question.typed += key.text;
    }
}

void Model::answer(bool yes) {
    const Question answered = std::move(std::get<Question>(state_.overlay));
    state_.overlay = std::monostate();
    if (yes && !answered.closes.empty()) {
        if (!over(answered.closes)) {  // answered by the other meanwhile
            say_here(LogEntry::Kind::notice,
                     "the chat with " + answered.closes + " is there again: nothing was given up");
            return;
        }
        remove_chat(static_cast<std::size_t>(state_.find(answered.closes) - state_.chats.data()));
    }
    const auto& commands = yes ? answered.yes : answered.no;
    for (const client::Command& one : commands) {
        const auto* trust = std::get_if<command::TrustRelay>(&one);
        distrusted_ = trust != nullptr && !trust->agree;
        if (const auto* declined = std::get_if<command::DeclineRequest>(&one)) {
            answered_ = declined->user;
        }
        commands_.push_back(one);
    }
    if (yes && !answered.insert.empty()) {
        type(answered.insert);
    }
}

void Model::in_overlay(Verification& verification, const Key& key, const std::string& name) {
    if (name == "Esc" || name == "C-c") {
        state_.overlay = std::monostate();
    } else if (const KeyRow* row = find_key(Where::question, name);
               row != nullptr && !key.is_text()) {
        scroll(verification.top, lines_of(verification), std::get<Act>(row->action));
    } else if (name == "Backspace" && !verification.typed.empty()) {
        verification.typed.pop_back();
    } else if (name == "C-u") {
        verification.typed.clear();
    } else if ((name == "Enter" || name == "C-j") && !verification.typed.empty()) {
        compare(verification);
    } else if (key.is_text() && key.text.size() == 1 && key.text[0] >= '0' && key.text[0] <= '9' &&
               verification.typed.size() < kDigits) {
        verification.typed += key.text;
        verification.top = Page::kEnd;
    }
}

/// Digits that are missing are no digits that differ: only what is whole is compared.
void Model::compare(Verification& verification) {
    const std::size_t asked = verification.number.asked.size() * kGroup;
    const std::size_t typed = verification.typed.size();
    verification.wrong = false;
    verification.top = Page::kEnd;  // where the verdict stands
    if (typed != asked && typed != kDigits) {
        verification.verdict = std::to_string(typed) + " of " + std::to_string(asked) + " digits";
        return;
    }
    verification.verdict.clear();
    command(command::ConfirmSafetyNumber{verification.number.user, verification.typed});
}

}  // namespace sotto::tui
