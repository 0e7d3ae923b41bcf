#pragma once

namespace sotto::tui {

struct Size {
    int rows = 24;
    int columns = 80;
};

struct Rect {
    int row = 0;
    int column = 0;
    int rows = 0;
    int columns = 0;
    [[nodiscard]] bool empty() const noexcept { return rows <= 0 || columns <= 0; }
};

/// Where the keys go: the input line, or a pane.
enum class Focus { input, users, requests, chat };

/// Which part of the terminal each pane has; an empty one is not shown. The first row of
/// users, requests and chat is its title.
struct Layout {
    bool too_small = false;  ///< below 20x4: one plain line instead of everything
    bool side_by_side = false;
    Rect users;
    Rect requests;
    Rect chat;
    Rect main;  ///< everything above the status line, for what lies over the panes
    Rect status;
    Rect input;
};

/// Divides the terminal. Below 60 columns the side panes fold away and open over the
/// chat while they have the focus; below 40 columns or 8 rows one pane shows at a time.
/// `input_rows` is what the input line would like; `requests` how many wait.
[[nodiscard]] Layout lay_out(Size size, Focus focus, int input_rows, int requests);

}  // namespace sotto::tui
