#pragma once

#include "tui/client/command.h"
#include "tui/client/event.h"
#include "tui/model/grapheme.h"
#include "tui/model/style.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What lies over the panes until it is closed or answered.
namespace sotto::tui {

struct PageLine {
    std::string text;  ///< safe: from SafeText or the program's own
    Style style = Style::normal;
    int indent = 0;  ///< columns that rows after the first are moved right
};

/// Something to read: help, what is known of a user, the wire.
struct Page {
    enum class Kind { plain, wire };
    Kind kind = Kind::plain;
    std::string title;
    std::vector<PageLine> lines;
    std::string qr;  ///< what a QR code beside the text holds; empty for none
    static constexpr int kEnd = 1'000'000;  ///< as `top`: the last rows, whatever comes
    int top = 0;                            ///< first row shown
};

/// A question that `y` answers with yes, and `n` or Esc with no. A paste answers nothing.
/// One that nobody has asked for is answered in full: a `y` may be of what is being typed.
struct Question {
    std::string title;
    std::vector<PageLine> lines;
    std::string prompt;
    std::vector<client::Command> yes;
    std::vector<client::Command> no;
    bool in_full = false;  ///< `yes` and Enter, or `no` and Enter; Esc all the same
    std::string typed;     ///< of the answer in full
    std::string insert;    ///< with yes: goes into the input line (a paste of several lines)
    int top = 0;           ///< first row shown; yes counts only once the last was
    std::string closes;    ///< with yes: the chat with this user is put away
};

/// The safety number, with the groups hidden that the person is to type as they are read out.
struct Verification {
    client::event::SafetyNumber number;
    std::string typed;  ///< digits only
    std::string verdict;
    bool wrong = false;  ///< the verdict is an alarm, or else only a hint
    int top = 0;         ///< first row shown; `Page::kEnd` for the last ones
};

/// A row of a page as it is drawn; `text` points into its line.
struct PageRow {
    std::string_view text;
    Style style = Style::normal;
    int indent = 0;
};
[[nodiscard]] std::vector<PageRow> page_rows(const std::vector<PageLine>& lines, int columns,
                                             EmojiWidth emoji);

/// How much of what lies over the panes is seen at once, in a rectangle of `rows`: all but the
/// title, and where there is room for one a hint in the last row.
struct Extent {
    int height = 1;     ///< rows of text
    int last = 0;       ///< the greatest `top`
    bool hint = false;  ///< there is room for one
};
[[nodiscard]] Extent extent(std::size_t text_rows, int rows);

using Overlay = std::variant<std::monostate, Page, Question, Verification>;

}  // namespace sotto::tui
