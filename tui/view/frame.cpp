#include "tui/view/frame.h"

#include "tui/client/safe_text.h"

#include <algorithm>
#include <utility>

namespace sotto::tui {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

/// Characters that move the cursor, change the writing direction or are invisible. Text from
/// others was cleaned when it arrived; this filters what the person types or pastes.
bool hostile(std::string_view cluster) {
    const auto first = static_cast<unsigned char>(cluster.front());
    if (first < 0x80) {
        return first < 0x20 || first == 0x7F;
    }
    return client::SafeText::from(cluster).str() != cluster;
}

}  // namespace

Frame::Frame(Size size, EmojiWidth emoji) : size_(size), emoji_(emoji) {
    cells_.resize(static_cast<std::size_t>(std::max(size.rows, 0)) *
                  static_cast<std::size_t>(std::max(size.columns, 0)));
}

Cell* Frame::cell(int row, int column) {
    if (row < 0 || column < 0 || row >= size_.rows || column >= size_.columns) {
        return nullptr;
    }
    return &cells_[static_cast<std::size_t>(row) * static_cast<std::size_t>(size_.columns) +
                   static_cast<std::size_t>(column)];
}

/// If this cell is one half of a wide cluster, the other half becomes a space.
void Frame::write(int row, int column, Cell what) {
    Cell* here = cell(row, column);
    if (here == nullptr) {
        return;
    }
    Cell* left = cell(row, column - 1);
    Cell* right = cell(row, column + 1);
    if (here->text.empty() && left != nullptr) {
        left->text = " ";
    } else if (right != nullptr && right->text.empty()) {
        right->text = " ";
    }
    *here = std::move(what);
}

const Cell& Frame::at(int row, int column) const {
    return cells_.at(static_cast<std::size_t>(row) * static_cast<std::size_t>(size_.columns) +
                     static_cast<std::size_t>(column));
}

int Frame::put(int row, int column, std::string_view text, Style style, int columns,
               bool mark_cut) {
    columns = std::min(columns, size_.columns - column);
    if (columns <= 0 || row < 0 || row >= size_.rows || column < 0) {
        return 0;
    }
    const bool cut = mark_cut && tui::columns(text, emoji_) > columns;
    const int room = cut ? columns - 1 : columns;
    int used = 0;
    for (const Cluster& cluster : clusters(text, emoji_)) {
        std::string_view bytes = text.substr(cluster.begin, cluster.size);
        int width = cluster.width;
        if (width == 0 || hostile(bytes)) {
            bytes = kReplacement;
            width = 1;
        }
        if (used + width > room) {
            break;
        }
        write(row, column + used, {std::string(bytes), style});
        if (width == 2) {
            write(row, column + used + 1, {"", style});
        }
        used += width;
    }
    if (cut) {
        write(row, column + used, {std::string(kEllipsis), style});
        ++used;
    }
    return used;
}

void Frame::fill(int row, int column, int columns, Style style) {
    for (int i = 0; i < columns; ++i) {
        write(row, column + i, {" ", style});
    }
}

void Frame::clear(const Rect& where) {
    for (int row = 0; row < where.rows; ++row) {
        fill(where.row + row, where.column, where.columns, Style::normal);
    }
}

std::string Frame::row_text(int row) const {
    std::string out;
    for (int column = 0; column < size_.columns; ++column) {
        out += at(row, column).text;
    }
    out.erase(out.find_last_not_of(' ') + 1);
    return out;
}

}  // namespace sotto::tui
