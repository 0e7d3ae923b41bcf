#pragma once

#include "tui/client/event.h"
#include "tui/common/client_view.h"
#include "tui/model/chat_rows.h"
#include "tui/model/chats.h"
#include "tui/model/grapheme.h"
#include "tui/model/layout.h"
#include "tui/model/line_editor.h"
#include "tui/model/local_time.h"
#include "tui/model/overlay.h"
#include "tui/model/selection.h"

#include <chrono>
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace sotto::tui {

/// A word asked for in place of the input line.
struct Prompt {
    enum class For { search, filter };
    For what = For::search;
    LineEditor line;
};

/// What a person should look at first in a chat; the higher, the more.
enum class Activity { none, message, request, key_change };

/// Everything that the full screen shows: plain data, changed by the model's rules only
/// and drawn by the view.
struct State {
    LocalTime local = nullptr;
    Size size;
    EmojiWidth emoji = EmojiWidth::two;
    Focus focus = Focus::input;
    bool window_focused = true;  ///< as the terminal says (mode 1004); true if it never does

    ClientView client;
    Chats chats;
    Selection users_selection;
    Selection requests_selection;

    LineEditor input;
    std::optional<Prompt> prompt;
    std::string search_word;
    std::string hint;  ///< in the status line until the next key; empty if there is none
    /// The wall clock when a hint goes by itself; nothing if it waits for the next key.
    std::optional<std::uint64_t> hint_until_ms;
    Overlay overlay;
    std::deque<client::event::WireSeen> wire;

    [[nodiscard]] Chat& chat() { return chats.shown(); }
    [[nodiscard]] const Chat& chat() const { return chats.shown(); }
    /// What the client has told of the chat of a page.
    [[nodiscard]] const ClientView::Chat& facts(const Chat& chat) const;
    /// Of the peer of a page, until it is settled; null if there is none.
    [[nodiscard]] const client::event::KeyChanged* key_change(const Chat& chat) const;
    [[nodiscard]] Activity activity(const Chat& chat) const;
    /// The chat that needs the person most; of equals, the next after the current one.
    [[nodiscard]] Chats::Place most_active() const;
    /// Something lies over the panes.
    [[nodiscard]] bool covered() const noexcept {
        return !std::holds_alternative<std::monostate>(overlay);
    }

    /// Names of the Users pane, in its order: online first, then by name; filtered.
    [[nodiscard]] std::vector<std::string> user_rows() const;
    [[nodiscard]] std::vector<std::string> request_rows() const;

    /// Of everybody else: for completion.
    [[nodiscard]] std::vector<std::string> names() const;

    [[nodiscard]] Layout layout() const;
    [[nodiscard]] ChatPane pane(const Chat& chat) const;
    [[nodiscard]] ChatColumns columns(const Chat& chat) const;
    /// Rows of the chat pane that its title and banners take.
    [[nodiscard]] int rows_above_log(const Chat& chat) const;
};

/// Columns before the text on the input line.
constexpr int kPromptColumns = 2;

}  // namespace sotto::tui
