#include "tui/model/overlay_rules.h"

#include "tui/model/chat_rules.h"
#include "tui/model/command_rules.h"
#include "tui/model/key_table.h"
#include "tui/model/line_rules.h"
#include "tui/model/list_rules.h"
#include "tui/model/pages.h"
#include "tui/model/questions.h"

#include <algorithm>
#include <utility>

namespace sotto::tui {

namespace command = client::command;

namespace {

constexpr std::size_t kDigits = 60;
constexpr std::size_t kGroup = 5;
constexpr std::size_t kAnswer = 16;

Extent extent_of(const State& state, const std::vector<PageLine>& lines) {
    const int width = std::max(state.size.columns - 2, 1);
    return extent(page_rows(lines, width, state.emoji).size(), state.layout().main.rows);
}
Extent extent_of(const State& state, const Page& page) {
    return extent_of(state, page.lines);
}
Extent extent_of(const State& state, const Question& question) {
    return extent_of(state, lines_of(question));
}
Extent extent_of(const State& state, const Verification& verification) {
    return extent_of(state, lines_of(verification));
}

bool is_enter(const KeyPress& press) {
    return press.name == "Enter" || press.name == "C-j";
}

/// A key that edits `typed`, where only a few characters are taken. False if it is none.
bool edit(std::string& typed, const KeyPress& press) {
    if (press.name == "Backspace" && !typed.empty()) {
        typed.pop_back();
    } else if (press.name == "C-u") {
        typed.clear();
    } else {
        return false;
    }
    return true;
}

void in_overlay(Context& context, Page& /*page*/, const KeyPress& press) {
    if (const KeyRow* row = find_key(Where::page, press.name)) {
        std::get<KeyFunction>(row->action)(context, press.key);
    }
}

/// A key for a question whose answer is a word.
void in_full(Context& context, Question& question, const KeyPress& press) {
    if (is_enter(press)) {
        const std::string word = std::exchange(question.typed, "");
        if (word == "yes" || word == "no") {
            answer(context, word == "yes");
        }
    } else if (!edit(question.typed, press) && press.key.is_text() && press.key.text.size() == 1 &&
               question.typed.size() < kAnswer) {
        question.typed += press.key.text;
    }
}

void in_overlay(Context& context, Question& question, const KeyPress& press) {
    const bool typed = press.key.is_text();
    const KeyRow* row = question.in_full && typed ? nullptr : find_key(Where::question, press.name);
    if (row != nullptr) {
        std::get<KeyFunction>(row->action)(context, press.key);
    } else if (typed && question.top < extent_of(context.state, question).last) {
        context.state.hint = "PgDn shows the rest first";
    } else if (question.in_full) {
        in_full(context, question, press);
    }
}

/// Digits that are missing are no digits that differ: only what is whole is compared.
void compare(Context& context, Verification& verification) {
    const std::size_t asked = verification.number.asked.size() * kGroup;
    const std::size_t typed = verification.typed.size();
    verification.wrong = false;
    verification.top = Page::kEnd;  // where the verdict stands
    if (typed != asked && typed != kDigits) {
        verification.verdict = std::to_string(typed) + " of " + std::to_string(asked) + " digits";
        return;
    }
    verification.verdict.clear();
    carry_out(context, command::ConfirmSafetyNumber{verification.number.user, verification.typed});
}

void in_overlay(Context& context, Verification& verification, const KeyPress& press) {
    const Key& key = press.key;
    if (press.name == "Esc" || press.name == "C-c") {
        close_overlay(context.state);
    } else if (const KeyRow* row = find_key(Where::question, press.name);
               row != nullptr && !key.is_text()) {
        std::get<KeyFunction>(row->action)(context, key);
    } else if (is_enter(press) && !verification.typed.empty()) {
        compare(context, verification);
    } else if (!edit(verification.typed, press) && key.is_text() && key.text.size() == 1 &&
               key.text[0] >= '0' && key.text[0] <= '9' && verification.typed.size() < kDigits) {
        verification.typed += key.text;
        verification.top = Page::kEnd;
    }
}

}  // namespace

void show_wire(State& state) {
    Page page = wire_page(state.wire);
    page.top = Page::kEnd;
    state.overlay = std::move(page);
}

void close_overlay(State& state) {
    state.overlay = std::monostate();
}

Extent overlay_extent(const State& state) {
    return std::visit(
        [&](const auto& overlay) {
            if constexpr (std::is_same_v<std::decay_t<decltype(overlay)>, std::monostate>) {
                return Extent{};
            } else {
                return extent_of(state, overlay);
            }
        },
        state.overlay);
}

void scroll_overlay(State& state, int rows) {
    const int last = overlay_extent(state).last;
    const auto move = [&](int& top) { top = std::clamp(std::min(top, last) + rows, 0, last); };
    if (auto* page = std::get_if<Page>(&state.overlay)) {
        move(page->top);
        if (page->top == last && page->kind == Page::Kind::wire) {
            page->top = Page::kEnd;  // what comes is followed
        }
    } else if (auto* question = std::get_if<Question>(&state.overlay)) {
        move(question->top);
    } else if (auto* verification = std::get_if<Verification>(&state.overlay)) {
        move(verification->top);
    }
}

void answer(Context& context, bool yes) {
    State& state = context.state;
    const Question answered = std::move(std::get<Question>(state.overlay));
    close_overlay(state);
    if (yes && !answered.closes.empty()) {
        if (!is_over(state, answered.closes)) {  // answered by the other meanwhile
            say_here(context, LogEntry::Kind::notice,
                     "the chat with " + answered.closes + " is there again: nothing was given up");
            return;
        }
        remove_chat(context, state.chats.place_of(*state.chats.find(answered.closes)));
    }
    for (const client::Command& one : yes ? answered.yes : answered.no) {
        Errand errand;
        const auto* trust = std::get_if<command::TrustRelay>(&one.what);
        errand.distrusts = trust != nullptr && !trust->agree;
        errand.moves_on = one.kind() == client::CommandKind::decline_request;
        context.orders.give(one, errand);
    }
    if (yes && !answered.insert.empty()) {
        type(context, answered.insert);
    }
}

void key_in_overlay(Context& context, const KeyPress& press) {
    std::visit(
        [&](auto& overlay) {
            if constexpr (!std::is_same_v<std::decay_t<decltype(overlay)>, std::monostate>) {
                in_overlay(context, overlay, press);
            }
        },
        context.state.overlay);
}

void key_in_prompt(Context& context, const KeyPress& press) {
    if (const KeyRow* own = find_key(Where::prompt, press.name)) {
        std::get<KeyFunction>(own->action)(context, press.key);
        return;
    }
    Prompt& prompt = *context.state.prompt;
    const KeyRow* row = find_key(Focus::input, press.name);
    const Edit* edit = row != nullptr ? std::get_if<Edit>(&row->action) : nullptr;
    if (press.key.is_text()) {
        prompt.line.insert(press.key.text);
    } else if (edit != nullptr && *edit != Edit::newline && *edit != Edit::reverse_search) {
        prompt.line.run(*edit);
    }
    if (prompt.what == Prompt::For::filter) {
        focused_list(context.state).selection.set_filter(prompt.line.text());
    }
}

}  // namespace sotto::tui
