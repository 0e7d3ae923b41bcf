#pragma once

#include "crypto/base/protocol_values.h"
#include "tui/model/line_history.h"

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace sotto::tui {

/// What a key may do to the line; the names are readline's. "Line" in those of moving and
/// killing is the one between two newlines.
enum class Edit {
    beginning_of_line,
    end_of_line,
    backward_char,
    forward_char,
    backward_word,
    forward_word,
    backward_delete_char,
    delete_char,
    unix_word_rubout,    ///< C-w: to the last white space
    backward_kill_word,  ///< M-Backspace: to the beginning of the word
    kill_word,           ///< M-d
    unix_line_discard,   ///< C-u: to the beginning of the line; there, the newline before it
    kill_line,           ///< C-k: to the end of the line; there, the newline
    yank,                ///< C-y
    transpose_chars,     ///< C-t
    undo,                ///< C-_
    newline,             ///< M-Enter
    previous_history,    ///< Up: the line above if there is one, else the older entry
    next_history,        ///< Down: the line below if there is one, else the newer entry
    reverse_search,      ///< C-r: begins, or goes to the next older hit
};

/// The input line: text, cursor, one kill buffer, undo, history. Moves and deletes whole
/// grapheme clusters. Text may hold newlines. Knows nothing of keys or screens.
class LineEditor {
  public:
    static constexpr std::size_t kMaxBytes = base::kMaxText;
    static constexpr std::size_t kMaxHistory = 500;
    static constexpr std::size_t kMaxUndo = 200;

    void run(Edit edit);
    /// Inserts at the cursor. CR LF and CR become newlines; other control characters but
    /// tab, and bytes that are not UTF-8, are left out. False, and nothing changed, if the
    /// line would become longer than kMaxBytes.
    bool insert(std::string_view text);
    /// Replaces [begin, cursor) by `text`, cleaned as by `insert`, as completion does. False,
    /// and nothing changed, if the line would become too long.
    bool complete(std::size_t begin, std::string_view text);
    /// Another line stands here now, with the cursor at its end: there is nothing to undo.
    /// Cleaned as by `insert`, and cut at kMaxBytes.
    void set_text(std::string_view text);
    /// C-c: empties the line. May be undone.
    void clear();
    /// The line is sent: it goes into the history (unless it repeats the last) and is
    /// emptied. Returns it.
    [[nodiscard]] std::string take();

    [[nodiscard]] const std::string& text() const noexcept { return text_; }
    /// Byte offset into `text`, always at a cluster boundary.
    [[nodiscard]] std::size_t cursor() const noexcept { return cursor_; }

    /// While C-r searches: what was typed so far. `insert`, `backward_delete_char` and
    /// `reverse_search` then act on the search; any other edit takes the hit and ends it.
    /// The hit stands in `text`, with the cursor at its beginning.
    [[nodiscard]] const std::optional<std::string>& searching() const noexcept { return search_; }
    [[nodiscard]] bool search_failed() const noexcept { return search_failed_; }
    /// Enter, Esc and whatever is no edit keep the hit; C-g brings the line back.
    void end_search(bool keep_hit);

  private:
    struct State {
        std::string text;
        std::size_t cursor = 0;
        std::size_t place = 0;  ///< in the history
    };
    enum class Last { other, typing, kill };

    [[nodiscard]] State state() const { return {text_, cursor_, history_.place()}; }
    void restore(State state);
    void remember(State state);
    void replace(std::size_t begin, std::size_t end, std::string_view text);
    void erase(std::size_t begin, std::size_t end);
    void kill(std::size_t begin, std::size_t end);
    void transpose();
    void undo();
    void vertical(bool up);
    void walk(std::size_t place);
    void search_step();
    void search_text(std::string text);
    void find_from(std::size_t before, std::string_view shown);

    std::string text_;
    std::size_t cursor_ = 0;
    std::string killed_;
    std::deque<State> undo_;
    Last last_ = Last::other;
    bool chained_ = false;  ///< the edit that runs follows a kill
    LineHistory history_{kMaxHistory};
    std::optional<std::string> search_;
    std::string last_search_;
    State before_search_;
    bool search_failed_ = false;
};

}  // namespace sotto::tui
