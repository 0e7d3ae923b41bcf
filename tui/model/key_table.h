#pragma once

#include "tui/model/key.h"
#include "tui/model/layout.h"
#include "tui/model/line_editor.h"

#include <gsl/span>

#include <string>
#include <string_view>
#include <variant>

namespace sotto::tui {

struct Context;

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

/// What a key does besides editing the line.
using KeyFunction = void (*)(Context& context, const Key& key);

/// A row of the tables that keys, `/help` and the manual are made from or checked against. A
/// key is a row with its function, in the file of its place: keys_*.cpp.
struct KeyRow {
    std::string_view keys;  ///< names as by `name_of`, separated by commas
    std::variant<Edit, KeyFunction> action;
    std::string_view help;
    bool always = false;  ///< also while something lies over the panes
};

/// The keys that hold at a place.
struct KeyPlace {
    Where key;
    std::string_view title;
    gsl::span<const KeyRow> (*rows)();
};
/// All places, in the order of help.
[[nodiscard]] gsl::span<const KeyPlace> key_places() noexcept;
[[nodiscard]] std::string_view title_of(Where where);

/// The row for `name` ("C-a", or a chord like "C-x o") with the keys going to `focus`: the
/// nearest place first. Nothing if the key means nothing there.
[[nodiscard]] const KeyRow* find_key(Focus focus, std::string_view name);
/// The row of that place alone.
[[nodiscard]] const KeyRow* find_key(Where where, std::string_view name);
/// True if a chord begins with `name`.
[[nodiscard]] bool begins_chord(std::string_view name);

// The tables, each in its own file.
[[nodiscard]] gsl::span<const KeyRow> keys_everywhere();
[[nodiscard]] gsl::span<const KeyRow> keys_of_input();
[[nodiscard]] gsl::span<const KeyRow> keys_of_chat();
[[nodiscard]] gsl::span<const KeyRow> keys_of_pane();
[[nodiscard]] gsl::span<const KeyRow> keys_of_lists();
[[nodiscard]] gsl::span<const KeyRow> keys_of_users();
[[nodiscard]] gsl::span<const KeyRow> keys_of_requests();
[[nodiscard]] gsl::span<const KeyRow> keys_of_page();
[[nodiscard]] gsl::span<const KeyRow> keys_of_question();
[[nodiscard]] gsl::span<const KeyRow> keys_of_prompt();

}  // namespace sotto::tui
