#pragma once

#include "tui/model/grapheme.h"
#include "tui/model/layout.h"
#include "tui/model/style.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::tui {

struct Cell {
    std::string text = " ";  ///< one cluster; empty in the right half of a wide one
    Style style = Style::normal;
    friend bool operator==(const Cell& a, const Cell& b) {
        return a.text == b.text && a.style == b.style;
    }
};

/// A whole screen to be shown: cells and the cursor. Everything is clipped; characters that
/// must not reach a terminal (control characters) become U+FFFD.
class Frame {
  public:
    Frame(Size size, EmojiWidth emoji);

    /// Writes `text` from (row, column) on and cuts it after `columns` columns, with an ellipsis
    /// if `mark_cut`. Returns the columns written.
    int put(int row, int column, std::string_view text, Style style, int columns,
            bool mark_cut = false);
    /// Fills `columns` cells with spaces.
    void fill(int row, int column, int columns, Style style);
    void clear(const Rect& where);
    void set_cursor(int row, int column) { cursor_ = {row, column}; }

    struct Place {
        int row = 0;
        int column = 0;
    };
    [[nodiscard]] const std::optional<Place>& cursor() const noexcept { return cursor_; }
    [[nodiscard]] Size size() const noexcept { return size_; }
    [[nodiscard]] const Cell& at(int row, int column) const;
    /// A row as text, without trailing spaces: for tests.
    [[nodiscard]] std::string row_text(int row) const;

  private:
    Cell* cell(int row, int column);
    void write(int row, int column, Cell what);

    Size size_;
    EmojiWidth emoji_;
    std::vector<Cell> cells_;
    std::optional<Place> cursor_;
};

}  // namespace sotto::tui
