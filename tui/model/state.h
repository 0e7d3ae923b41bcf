#pragma once

#include "tui/client/command.h"
#include "tui/client/event.h"
#include "tui/model/chat_log.h"
#include "tui/model/chat_rows.h"
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

/// One chat, or the first page (`user` empty), where the program speaks of itself.
struct Chat {
    std::string user;
    client::event::ChatChanged about;
    client::ChatState logged_state = client::ChatState::none;  ///< the last that the log says
    ChatLog log;
    std::optional<ScrollPosition> scroll;  ///< nothing: at the end, following
    std::optional<ChatLog::Number> hit;    ///< of the search
    std::string draft;
    bool typing = false;  ///< the peer is
    std::optional<client::event::KeyChanged> key_changed;

    /// What a person should look at here first; the higher, the more.
    enum class Activity { none, message, request, key_change };
    [[nodiscard]] Activity activity() const;
};

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

    std::vector<Chat> chats;  ///< [0] is the first page; the others in the order they came
    std::size_t current = 0;
    std::size_t last = 0;  ///< the chat before this one

    LineEditor input;
    std::optional<Prompt> prompt;
    std::string search_word;
    std::string hint;  ///< in the status line until the next key; empty if there is none
    /// The wall clock when a hint goes by itself; nothing if it waits for the next key.
    std::optional<std::uint64_t> hint_until_ms;
    Overlay overlay;
    std::deque<client::event::WireSeen> wire;

    [[nodiscard]] Chat& chat() { return chats.at(current); }
    [[nodiscard]] const Chat& chat() const { return chats.at(current); }
    [[nodiscard]] Chat* find(const std::string& user);
    [[nodiscard]] const Chat* find(const std::string& user) const;

    /// Names of the Users pane, in its order: online first, then by name; filtered.
    [[nodiscard]] std::vector<std::string> user_rows() const;
    [[nodiscard]] std::vector<std::string> request_rows() const;
    [[nodiscard]] const client::event::RequestArrived* request_of(const std::string& user) const;

    [[nodiscard]] Layout layout() const;
    [[nodiscard]] ChatPane pane(const Chat& chat) const;
    [[nodiscard]] ChatColumns columns(const Chat& chat) const;
    /// Rows of the chat pane that its title and banners take.
    [[nodiscard]] int rows_above_log(const Chat& chat) const;
};

/// Columns before the text on the input line.
constexpr int kPromptColumns = 2;

}  // namespace sotto::tui
