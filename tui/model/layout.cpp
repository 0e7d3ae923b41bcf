#include "tui/model/layout.h"

#include <algorithm>

namespace sotto::tui {

namespace {

constexpr int kMinRows = 4;
constexpr int kMinColumns = 20;
constexpr int kFoldBelow = 60;
constexpr int kOnePaneColumns = 40;
constexpr int kOnePaneRows = 8;
constexpr int kSideColumns = 22;  ///< a name's beginning, and its trust in words
constexpr int kOverColumns = 34;  ///< a side pane opened over the chat
constexpr int kMinRequests = 3;   ///< title and two rows

/// Users above requests in `side`: requests get what they need, up to half.
void stack(Layout& out, Rect side, int requests) {
    const int wanted = std::clamp(requests + 1, kMinRequests, std::max(side.rows / 2, 1));
    out.requests = {side.row + side.rows - wanted, side.column, wanted, side.columns};
    out.users = {side.row, side.column, side.rows - wanted, side.columns};
}

}  // namespace

Layout lay_out(Size size, Focus focus, int input_rows, int requests) {
    Layout out;
    if (size.rows < kMinRows || size.columns < kMinColumns) {
        out.too_small = true;
        return out;
    }
    const int input = std::clamp(input_rows, 1, std::max((size.rows - 2) / 3, 1));
    out.input = {size.rows - input, 0, input, size.columns};
    out.status = {out.input.row - 1, 0, 1, size.columns};
    out.main = {0, 0, out.status.row, size.columns};
    if (size.columns >= kFoldBelow && size.rows >= kOnePaneRows) {
        out.side_by_side = true;
        stack(out, {0, 0, out.main.rows, kSideColumns}, requests);
        out.chat = {0, kSideColumns + 1, out.main.rows, size.columns - kSideColumns - 1};
        return out;
    }
    const bool one = size.columns < kOnePaneColumns || size.rows < kOnePaneRows;
    const bool side = focus == Focus::users || focus == Focus::requests;
    Rect over = out.main;
    over.columns = one ? over.columns : std::min(kOverColumns, over.columns);
    if (focus == Focus::users) {
        out.users = over;
    } else if (focus == Focus::requests) {
        out.requests = over;
    }
    if (!side || !one) {
        out.chat = out.main;
    }
    return out;
}

}  // namespace sotto::tui
