#pragma once

#include "tui/model/key.h"
#include "tui/model/layout.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sotto::tui {

/// What was pressed, by its name in the table of keys.
struct KeyPress {
    Key key;
    std::string name;    ///< of a chord, both: `C-x o`
    bool chord = false;  ///< the second key of one
};

/// Makes one press of what takes two keys: a chord, or Esc before a key instead of Meta.
class KeyReader {
  public:
    /// Nothing if `key` begins a chord. `idle`: an Esc has nothing to close or to leave.
    [[nodiscard]] std::optional<KeyPress> read(Key key, Focus focus, bool idle,
                                               std::uint64_t wall_ms);

  private:
    [[nodiscard]] Key after_escape(Key key, Focus focus, bool idle, std::uint64_t wall_ms);

    std::string chord_;                       ///< a key that waits for its second
    std::optional<std::uint64_t> escape_ms_;  ///< when an Esc had nothing else to do
};

}  // namespace sotto::tui
