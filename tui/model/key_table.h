#pragma once

#include "tui/model/key.h"
#include "tui/model/layout.h"
#include "tui/model/line_editor.h"

#include <gsl/span>

#include <string>
#include <string_view>
#include <variant>

namespace sotto::tui {

/// What a key may do besides editing the line.
enum class Act {
    help,
    focus_users,
    focus_requests,
    focus_chat,
    focus_input,
    next_pane,
    previous_pane,
    next_chat,
    previous_chat,
    chat_by_number,
    next_activity,
    last_chat,
    redraw,
    suspend,
    clear_line,
    send,
    complete,
    complete_back,
    page_up,
    page_down,
    line_up,
    line_down,
    top,
    bottom,
    first_unread,
    search,
    next_hit,
    previous_hit,
    verify_chat,
    row_up,
    row_down,
    first_row,
    last_row,
    rows_up,
    rows_down,
    filter,
    open,
    verify,
    info,
    block,
    accept,
    decline,
    decline_and_block,
    close,
    begin_command,
    yes,
    no,
    take,
    give_up,
};

/// Where a key holds. `chat` is the input line and the chat pane alike; `page`, `question`
/// and `prompt` take all keys while they are there.
enum class Where {
    everywhere,
    input,
    chat,
    pane,
    lists,
    users,
    requests,
    page,
    question,
    prompt,
};

/// A row of the table that keys, `/help` and the manual are made from or checked against.
struct KeyRow {
    Where where = Where::everywhere;
    std::string_view keys;  ///< names as by `name_of`, separated by commas
    using Action = std::variant<Edit, Act>;
    Action action;
    std::string_view help;
};
[[nodiscard]] gsl::span<const KeyRow> key_table() noexcept;

/// The row for `name` ("C-a", or a chord like "C-x o") with the keys going to `focus`: the
/// nearest place first. Nothing if the key means nothing there.
[[nodiscard]] const KeyRow* find_key(Focus focus, std::string_view name);
/// The row of that place alone.
[[nodiscard]] const KeyRow* find_key(Where where, std::string_view name);
/// True if a chord begins with `name`.
[[nodiscard]] bool begins_chord(std::string_view name);

[[nodiscard]] std::string_view title_of(Where where);

}  // namespace sotto::tui
