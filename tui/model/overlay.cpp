#include "tui/model/overlay.h"

#include <algorithm>

namespace sotto::tui {

Extent extent(std::size_t text_rows, int rows) {
    constexpr int roomy = 5;
    Extent out;
    out.hint = rows >= roomy;
    out.height = std::max(out.hint ? rows - 2 : rows - 1, 1);
    out.last = std::max(static_cast<int>(text_rows) - out.height, 0);
    return out;
}

std::vector<PageRow> page_rows(const std::vector<PageLine>& lines, int columns, EmojiWidth emoji) {
    std::vector<PageRow> out;
    for (const PageLine& line : lines) {
        const int indent = std::min(line.indent, columns / 2);
        const std::string_view text = line.text;
        const auto head = wrap(text, columns, emoji);
        out.push_back({head.front(), line.style, 0});
        if (head.size() == 1) {
            continue;
        }
        // Only the first row has the whole width.
        const auto begin = static_cast<std::size_t>(head[1].data() - text.data());
        for (const std::string_view row : wrap(text.substr(begin), columns - indent, emoji)) {
            out.push_back({row, line.style, indent});
        }
    }
    return out;
}

}  // namespace sotto::tui
