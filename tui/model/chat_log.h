#pragma once

#include "tui/client/event.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <string_view>

namespace sotto::tui {

/// One thing said in a chat, or said about it by the program.
struct LogEntry {
    enum class Kind { message, notice, error };
    Kind kind = Kind::notice;
    client::MessageKey id;  ///< empty unless a message
    bool own = false;
    std::uint64_t time_ms = 0;
    client::SafeText text;
    client::Delivery delivery = client::Delivery::waiting;
};

/// What a chat shows, oldest first, and how much of it the person has not seen. Entries
/// have numbers that never repeat and stay when old entries go.
class ChatLog {
  public:
    static constexpr std::size_t kMaxEntries = 5'000;
    using Number = std::uint64_t;

    /// `seen`: the person was caught up and is looking at the end of this log right now.
    void add(LogEntry entry, bool seen = false);
    void set_delivery(const client::MessageKey& id, client::Delivery delivery);
    /// All goes but one's own messages of which nothing has become yet.
    void clear();

    /// Messages of the peer that were not seen: browsing does not clear them.
    [[nodiscard]] int unread() const noexcept { return unread_; }
    /// Where "new" begins; stays after the reading until something newer comes.
    [[nodiscard]] std::optional<Number> first_unread() const noexcept { return first_unread_; }
    void mark_read() noexcept { unread_ = 0; }

    [[nodiscard]] bool empty() const noexcept { return entries_.empty(); }
    [[nodiscard]] Number begin() const noexcept { return first_; }
    [[nodiscard]] Number end() const noexcept { return first_ + entries_.size(); }
    [[nodiscard]] const LogEntry& at(Number number) const;

    /// The nearest message before `from` (or after it) whose text holds `word`, without
    /// regard to ASCII case.
    [[nodiscard]] std::optional<Number> find_before(std::string_view word, Number from) const;
    [[nodiscard]] std::optional<Number> find_after(std::string_view word, Number from) const;

  private:
    std::deque<LogEntry> entries_;
    Number first_ = 0;
    int unread_ = 0;
    std::optional<Number> first_unread_;
};

}  // namespace sotto::tui
