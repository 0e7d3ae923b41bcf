// The input line: typing, pasting, completing, sending.
#include "tui/model/model.h"
#include "tui/model/pages.h"

#include <algorithm>
#include <utility>

namespace sotto::tui {

namespace command = client::command;

namespace {

/// Terminals paste the end of a line as CR. Those at the end of all end nothing.
std::string in_lines(std::string_view pasted) {
    std::string out;
    for (std::size_t i = 0; i < pasted.size(); ++i) {
        const bool of_pair = pasted.substr(i, 2) == "\r\n";
        if (!of_pair) {
            out += pasted[i] == '\r' ? '\n' : pasted[i];
        }
    }
    out.erase(out.find_last_not_of('\n') + 1);
    return out;
}

std::string in_thousands(std::size_t number) {
    std::string out = std::to_string(number);
    for (std::size_t at = out.size(); at > 3;) {
        at -= 3;
        out.insert(at, ",");
    }
    return out;
}

/// What is wrong with the size of a paste into a line of `there` bytes; empty if it fits.
std::string too_long(const Paste& paste, std::size_t there) {
    const std::size_t room = LineEditor::kMaxBytes - there;
    if (!paste.cut && paste.text.size() <= room) {
        return "";
    }
    return "that paste is too long and was left out: " +
           std::string(paste.cut ? "more than " : "") + in_thousands(paste.text.size()) +
           " bytes, where a message holds " + in_thousands(LineEditor::kMaxBytes) +
           (there == 0 ? "" : " and " + in_thousands(there) + " are in the line");
}

}  // namespace

void Model::on(const Paste& pasted) {
    if (!std::holds_alternative<std::monostate>(state_.overlay)) {
        return;  // a paste answers no question
    }
    const Paste paste{in_lines(pasted.text), pasted.cut};
    if (state_.prompt) {
        state_.prompt->line.insert(paste.text.substr(0, paste.text.find('\n')));
        return;
    }
    state_.focus = Focus::input;
    if (const std::string wrong = too_long(paste, state_.input.text().size()); !wrong.empty()) {
        say_here(LogEntry::Kind::error, wrong);
    } else if (paste.text.find('\n') != std::string::npos) {
        state_.overlay = paste_question(paste);
    } else {
        type(paste.text);
    }
}

void Model::type(const std::string& text) {
    if (!state_.input.insert(text)) {
        state_.hint = "a message holds at most " + in_thousands(LineEditor::kMaxBytes) + " bytes";
    }
    seen();
}

void Model::run(Edit edit) {
    state_.input.run(edit);
    seen();
}

/// The person is at work in this chat and sees its end: what is there was read.
void Model::seen() {
    if (!state_.chat().scroll) {
        state_.chat().log.mark_read();
    }
}

void Model::send_line() {
    const std::string line = state_.input.take();
    if (line.find_first_not_of(" \n\t") == std::string::npos) {
        return;
    }
    const Understood understood = understand(line, current());
    if (const auto* wrong = std::get_if<Misunderstood>(&understood)) {
        say_here(LogEntry::Kind::error, wrong->why);
        state_.input.set_text(line);  // nothing that was typed is lost
    } else if (const auto* request = std::get_if<FaceRequest>(&understood)) {
        act(*request);
    } else {
        if (const auto* text =
                std::get_if<command::SendText>(&std::get<client::Command>(understood))) {
            handed_over_ = Text{state_.chat().user, text->user, line};
        }
        command(std::get<client::Command>(understood));
    }
}

/// The text was not taken: it stands where it was typed, unless something else does by now.
void Model::put_back() {
    const auto text = std::exchange(handed_over_, std::nullopt);
    if (!text) {
        return;
    }
    Chat* chat = text->typed_in.empty() ? &state_.chats.front() : state_.find(text->typed_in);
    if (chat == &state_.chat() && state_.input.text().empty()) {
        state_.input.set_text(text->line);
    } else if (chat != nullptr && chat != &state_.chat() && chat->draft.empty()) {
        chat->draft = text->line;
    }
}

/// The first time as far as all candidates agree; then round through them.
void Model::complete_word(int step) {
    LineEditor& line = state_.input;
    const auto count = completion_.candidates.size();
    if (line.text() == completed_ && count > 1) {
        const std::size_t before_first = step > 0 ? count - 1 : 0;
        candidate_ = (candidate_.value_or(before_first) + (step > 0 ? 1 : count - 1)) % count;
        line.complete(completion_.begin, completion_.candidates[*candidate_]);
    } else {
        completion_ = complete(line.text(), line.cursor(), names());
        candidate_.reset();
        if (completion_.candidates.size() == 1) {
            line.complete(completion_.begin, completion_.candidates.front() + " ");
            completion_ = {};
        } else if (!completion_.candidates.empty()) {
            line.complete(completion_.begin, common_beginning(completion_.candidates));
        }
    }
    completed_ = line.text();
    for (const std::string& candidate : completion_.candidates) {
        state_.hint += (state_.hint.empty() ? "" : " ") + candidate;
    }
}

/// Of everybody else: for completion.
std::vector<std::string> Model::names() const {
    std::vector<std::string> out;
    for (const auto& [name, user] : state_.users) {
        if (name != state_.own_name) {
            out.push_back(name);
        }
    }
    for (std::size_t i = 1; i < state_.chats.size(); ++i) {
        out.push_back(state_.chats[i].user);
    }
    return out;
}

}  // namespace sotto::tui
