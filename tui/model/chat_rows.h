#pragma once

#include "tui/model/chat_log.h"
#include "tui/model/grapheme.h"
#include "tui/model/local_time.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// A chat log as rows of a pane: what the view draws and what scrolling counts.
namespace sotto::tui {

struct ChatRow {
    enum class Kind { day, fresh, text };
    Kind kind = Kind::text;
    ChatLog::Number entry = 0;
    int line = 0;           ///< among the entry's rows
    bool first = false;     ///< first row of the entry's text: shows time and name
    bool last = false;      ///< last row of the entry's text: shows the delivery
    std::string_view text;  ///< into the log
};

/// How a pane of `columns` divides into time, name, text and delivery.
struct ChatColumns {
    ChatColumns(int columns, int name_columns);
    int name = 0;  ///< column where the name begins; 0 if the time is left out
    int name_size = 0;
    int text = 0;
    int text_size = 1;  ///< of what has no delivery to show
    int own_size = 1;   ///< of one's own messages
    int delivery = 0;   ///< column where the delivery begins
    bool words = true;  ///< delivery as words, not as marks
};

/// Scrolled to: the lowest row shown.
struct ScrollPosition {
    ChatLog::Number entry = 0;
    int line = 0;
};

struct ChatPane {
    const ChatLog& log;
    int rows = 0;
    ChatColumns columns;
    LocalTime local;
    EmojiWidth emoji = EmojiWidth::two;

    [[nodiscard]] std::vector<ChatRow> rows_of(ChatLog::Number entry) const;
    /// What is to be seen, top first: at most `rows`. Without a position, the end.
    [[nodiscard]] std::vector<ChatRow> visible(std::optional<ScrollPosition> bottom) const;
    /// `from` (the end, if nothing) moved by `by` rows, up if negative. Nothing means the
    /// end, where new messages are followed.
    [[nodiscard]] std::optional<ScrollPosition> moved(std::optional<ScrollPosition> from,
                                                      int by) const;
    /// The position that shows `entry` in the middle of the pane.
    [[nodiscard]] std::optional<ScrollPosition> around(ChatLog::Number entry) const;

  private:
    [[nodiscard]] ScrollPosition end() const;
    [[nodiscard]] ScrollPosition top_page() const;
};

}  // namespace sotto::tui
