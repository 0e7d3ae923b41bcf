#pragma once

#include <cstdint>
#include <string>
#include <variant>

/// What comes from the terminal, decoded: the only form in which the model sees it.
namespace sotto::tui {

/// One key press. A control key is its letter with `control`; C-i, C-m, C-j, C-h and
/// C-[ arrive as tab, enter, line feed, backspace and escape.
struct Key {
    enum class Code : std::uint8_t {
        text,  ///< `text` holds one code point
        enter,
        line_feed,
        tab,
        back_tab,
        backspace,
        escape,
        remove,  ///< Delete
        insert,
        up,
        down,
        left,
        right,
        home,
        end,
        page_up,
        page_down,
        function,  ///< `number` says which F key
    };
    Code code = Code::text;
    bool control = false;
    bool meta = false;  ///< Alt, or Escape before it
    int number = 0;
    std::string text;

    /// Something to put into a line.
    [[nodiscard]] bool is_text() const noexcept { return code == Code::text && !control && !meta; }
    friend bool operator==(const Key& a, const Key& b) {
        return a.code == b.code && a.control == b.control && a.meta == b.meta &&
               a.number == b.number && a.text == b.text;
    }
};

/// A bracketed paste, whole. Never runs a command, never accepts anything.
struct Paste {
    std::string text;
    bool cut = false;  ///< it was longer than what is taken
};

/// The terminal window got or lost the focus (mode 1004).
struct WindowFocus {
    bool on = true;
};

using Input = std::variant<Key, Paste, WindowFocus>;

/// A key as the table, `/help` and the manual write it: `C-a`, `M-Enter`, `F1`, `PgUp`, `x`.
[[nodiscard]] std::string name_of(const Key& key);

}  // namespace sotto::tui
