#pragma once

#include "tui/client/event.h"
#include "tui/model/chat_log.h"
#include "tui/model/chat_rows.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace sotto::tui {

/// The page of one chat, or the first page (`user` empty), where the program speaks of itself.
struct Chat {
    std::string user;
    client::ChatState logged_state = client::ChatState::none;  ///< the last that the log says
    ChatLog log;
    std::optional<ScrollPosition> scroll;  ///< nothing: at the end, following
    std::optional<ChatLog::Number> hit;    ///< of the search
    std::string draft;
};

/// The chats in the order they came, behind the first page, which is always there; which of
/// them is shown, and which was before.
class Chats {
  public:
    using Place = std::size_t;  ///< 0 is the first page
    Chats() : list_(1) {}

    [[nodiscard]] Place size() const noexcept { return list_.size(); }
    [[nodiscard]] Chat& at(Place place) { return list_.at(place); }
    [[nodiscard]] const Chat& at(Place place) const { return list_.at(place); }
    [[nodiscard]] auto begin() noexcept { return list_.begin(); }
    [[nodiscard]] auto end() noexcept { return list_.end(); }
    [[nodiscard]] Chat& first_page() { return list_.front(); }

    [[nodiscard]] Chat* find(const std::string& user);
    [[nodiscard]] const Chat* find(const std::string& user) const;
    /// The chat with `user`, added at the end if there is none.
    Chat& open(const std::string& user);
    [[nodiscard]] Place place_of(const Chat& chat) const;
    /// If it is shown, the chat before it is shown now. Never the first page.
    void remove(Place place);

    [[nodiscard]] Place current() const noexcept { return current_; }
    [[nodiscard]] Chat& shown() { return list_.at(current_); }
    [[nodiscard]] const Chat& shown() const { return list_.at(current_); }
    void show(Place place);
    [[nodiscard]] Place before() const noexcept { return before_; }
    /// The place `by` places on, round through all.
    [[nodiscard]] Place neighbour(int by) const;

  private:
    std::vector<Chat> list_;
    Place current_ = 0;
    Place before_ = 0;
};

}  // namespace sotto::tui
