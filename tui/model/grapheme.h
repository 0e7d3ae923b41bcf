#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// User-perceived characters and their width on a terminal. Widths are per cluster:
/// the sum over code points is wrong for emoji sequences and combining marks.
namespace sotto::tui {

/// A grapheme cluster (UAX #29) of a text. One that terminals would spread over more than
/// two columns, an emoji aside, ends where the third would begin.
struct Cluster {
    std::size_t begin = 0;  ///< byte offset
    std::size_t size = 0;   ///< bytes
    int width = 0;          ///< terminal columns: 0 (a newline), 1 or 2
};

/// How many columns the terminal gives to an emoji: most give two, some old ones one.
enum class EmojiWidth { one = 1, two = 2 };

/// All clusters of `text`, which need not be valid UTF-8: an ill-formed byte is a
/// cluster of its own with width 1. A newline has width 0; whatever else has no width of
/// its own (a mark on nothing, a control or format character) has 1: see `drawn`.
[[nodiscard]] std::vector<Cluster> clusters(std::string_view text,
                                            EmojiWidth emoji = EmojiWidth::two);

/// Columns that `text` takes on one line.
[[nodiscard]] int columns(std::string_view text, EmojiWidth emoji = EmojiWidth::two);

/// The longest beginning of `text`, in whole clusters, that fits into `width` columns.
[[nodiscard]] std::string_view fit(std::string_view text, int width,
                                   EmojiWidth emoji = EmojiWidth::two);

/// `text` cut into lines of at most `width` columns: at newlines, else after the last
/// space that fits, else between clusters. The newlines, and the run of spaces at which a
/// line is broken, are on no line; spaces at the end of `text` that don't fit hang there,
/// too. At least one line; a cluster wider than `width` has a line of its own. The views
/// point into `text`.
[[nodiscard]] std::vector<std::string_view> wrap(std::string_view text, int width,
                                                 EmojiWidth emoji = EmojiWidth::two);

/// What a screen writes for one cluster so that it takes the columns that `clusters`
/// counts: the cluster itself, but a mark on nothing sits on a dotted circle, a tab is a
/// space, and what is invisible or ill-formed is U+FFFD. Empty for a newline.
[[nodiscard]] std::string drawn(std::string_view cluster);

/// A cluster that belongs to a word: it begins with a letter, a digit or a mark.
[[nodiscard]] bool is_word(std::string_view cluster);
/// A cluster of white space: a tab, newline or space, but no no-break space.
[[nodiscard]] bool is_space(std::string_view cluster);

}  // namespace sotto::tui
