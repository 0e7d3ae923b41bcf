#include "tui/model/line_rules.h"

#include "tui/model/chat_rules.h"
#include "tui/model/command_rules.h"
#include "tui/model/questions.h"

#include <utility>

namespace sotto::tui {

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

void paste(Context& context, const Paste& pasted) {
    State& state = context.state;
    if (state.covered()) {
        return;  // a paste answers no question
    }
    const Paste paste{in_lines(pasted.text), pasted.cut};
    if (state.prompt) {
        state.prompt->line.insert(paste.text.substr(0, paste.text.find('\n')));
        return;
    }
    state.focus = Focus::input;
    if (const std::string wrong = too_long(paste, state.input.text().size()); !wrong.empty()) {
        say_here(context, LogEntry::Kind::error, wrong);
    } else if (paste.text.find('\n') != std::string::npos) {
        state.overlay = paste_question(paste);
    } else {
        type(context, paste.text);
    }
}

void type(Context& context, const std::string& text) {
    State& state = context.state;
    if (!state.input.insert(text)) {
        state.hint = "a message holds at most " + in_thousands(LineEditor::kMaxBytes) + " bytes";
    }
    mark_seen(state);
}

void send_line(Context& context) {
    State& state = context.state;
    const std::string line = state.input.take();
    if (line.find_first_not_of(" \n\t") == std::string::npos) {
        return;
    }
    const Understood understood = understand(line, current(state));
    if (const auto* wrong = std::get_if<Misunderstood>(&understood)) {
        say_here(context, LogEntry::Kind::error, wrong->why);
        state.input.set_text(line);  // nothing that was typed is lost
    } else if (const auto* request = std::get_if<FaceRequest>(&understood)) {
        carry_out(context, *request);
    } else {
        const auto& what = std::get<client::Command>(understood);
        Errand errand;
        if (what.kind() == client::CommandKind::send_text) {
            errand.text = Errand::Text{state.chat().user, line};
        }
        carry_out(context, what, std::move(errand));
    }
}

void put_back(Context& context, const Errand::Text& text) {
    State& state = context.state;
    Chat* chat =
        text.typed_in.empty() ? &state.chats.first_page() : state.chats.find(text.typed_in);
    if (chat == &state.chat() && state.input.text().empty()) {
        state.input.set_text(text.line);
    } else if (chat != nullptr && chat != &state.chat() && chat->draft.empty()) {
        chat->draft = text.line;
    }
}

}  // namespace sotto::tui
