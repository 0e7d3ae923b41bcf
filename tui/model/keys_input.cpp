// The keys of the input line.
#include "tui/model/chat_rules.h"
#include "tui/model/key_table.h"
#include "tui/model/line_rules.h"

#include <array>

namespace sotto::tui {

namespace {

void send(Context& context, const Key& /*key*/) {
    mark_seen(context.state);
    send_line(context);
}

template <int step>
void complete_word(Context& context, const Key& /*key*/) {
    context.completion.run(context.state.input, step, context.state.names());
    context.state.hint = context.completion.candidates();
}

constexpr std::array kRows{
    KeyRow{"Enter,C-j", send, "send the line, or run the command"},
    KeyRow{"Tab", complete_word<1>, "complete a command or a name"},
    KeyRow{"S-Tab", complete_word<-1>, "previous completion"},
    KeyRow{"M-Enter", Edit::newline, "new line in the message"},
    KeyRow{"Up", Edit::previous_history, "older line in the history"},
    KeyRow{"Down", Edit::next_history, "newer line in the history"},
    KeyRow{"C-r", Edit::reverse_search, "search the history"},
    KeyRow{"C-a,Home", Edit::beginning_of_line, "to the beginning of the line"},
    KeyRow{"C-e,End", Edit::end_of_line, "to the end of the line"},
    KeyRow{"C-b,Left", Edit::backward_char, "back one character"},
    KeyRow{"C-f,Right", Edit::forward_char, "forward one character"},
    KeyRow{"M-b,C-Left,M-Left", Edit::backward_word, "back one word"},
    KeyRow{"M-f,C-Right,M-Right", Edit::forward_word, "forward one word"},
    KeyRow{"Backspace", Edit::backward_delete_char, "delete before the cursor"},
    KeyRow{"C-d,Del", Edit::delete_char, "delete under the cursor"},
    KeyRow{"C-w", Edit::unix_word_rubout, "cut the word before the cursor"},
    KeyRow{"M-Backspace", Edit::backward_kill_word, "cut to the beginning of the word"},
    KeyRow{"M-d", Edit::kill_word, "cut to the end of the word"},
    KeyRow{"C-u", Edit::unix_line_discard, "cut to the beginning of the line"},
    KeyRow{"C-k", Edit::kill_line, "cut to the end of the line"},
    KeyRow{"C-y", Edit::yank, "insert the text that was cut"},
    KeyRow{"C-t", Edit::transpose_chars, "swap two characters"},
    KeyRow{"C-_", Edit::undo, "undo"},
};

}  // namespace

gsl::span<const KeyRow> keys_of_input() {
    return kRows;
}

}  // namespace sotto::tui
