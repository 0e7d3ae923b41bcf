#pragma once

#include "tui/client/command.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>

namespace sotto::tui {

/// Gives commands their ids, and keeps what a face wants to know of each when an event answers
/// it: of the newest `remembered` commands.
template <class Note>
class CommandIds {
  public:
    explicit CommandIds(std::size_t remembered) : remembered_(remembered) {}

    /// An id that no command of this face had before.
    [[nodiscard]] client::CommandId next() { return client::CommandId{++last_}; }
    [[nodiscard]] client::CommandId add(Note note) {
        const client::CommandId id = next();
        notes_.emplace(id, std::move(note));
        if (notes_.size() > remembered_) {
            notes_.erase(notes_.begin());
        }
        return id;
    }
    /// Null if the command has no note, or was given too long ago.
    [[nodiscard]] Note* find(std::optional<client::CommandId> id) {
        const auto at = id ? notes_.find(*id) : notes_.end();
        return at == notes_.end() ? nullptr : &at->second;
    }

  private:
    std::size_t remembered_;
    std::uint64_t last_ = 0;
    std::map<client::CommandId, Note> notes_;
};

}  // namespace sotto::tui
