#pragma once

#include "tui/client/event.h"
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
#include <map>
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

/// Everything that the full screen shows: plain data, changed by the model's rules only
/// and drawn by the view.
struct State {
    LocalTime local = nullptr;
    Size size;
    EmojiWidth emoji = EmojiWidth::two;
    Focus focus = Focus::input;
    bool window_focused = true;  ///< as the terminal says (mode 1004); true if it never does

    client::event::LinkChanged link;
    /// What is to be settled about the relay before there is a link.
    enum class RelayKey { in_order, unknown, changed };
    RelayKey relay_key = RelayKey::in_order;
    std::string own_name;
    std::string own_fingerprint;

    std::map<std::string, client::event::UserEntry> users;
    Selection users_selection;
    std::vector<client::event::RequestArrived> requests;  ///< oldest first
    Selection requests_selection;

    Chats chats;

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
    /// Something lies over the panes.
    [[nodiscard]] bool covered() const noexcept {
        return !std::holds_alternative<std::monostate>(overlay);
    }

    /// Names of the Users pane, in its order: online first, then by name; filtered.
    [[nodiscard]] std::vector<std::string> user_rows() const;
    [[nodiscard]] std::vector<std::string> request_rows() const;
    [[nodiscard]] const client::event::RequestArrived* request_of(const std::string& user) const;

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
