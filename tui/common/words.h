#pragma once

#include "tui/client/event.h"

#include <string>

/// States as words: colours alone would be lost on screen readers and pipes.
namespace sotto::tui {

[[nodiscard]] std::string word(client::Trust trust);
[[nodiscard]] std::string word(client::ChatState state);
[[nodiscard]] std::string word(client::Delivery delivery);
[[nodiscard]] std::string word(client::Link link);

/// Why something was refused, behind the command that it was; a text was no command.
[[nodiscard]] std::string word(const client::event::Refused& refused);

/// What `author` wrote, for lines: each names its author (`bob> ...`, then `bob| ...`), so
/// that none that somebody else wrote looks like one of ours. Without the last newline.
[[nodiscard]] std::string attributed(const std::string& author, const std::string& text);

/// True if `notice` says no more than `why` has said.
[[nodiscard]] bool repeats(const client::SafeText& notice, const client::SafeText& why);

/// True for a chat that text can be written to.
[[nodiscard]] bool is_current(client::ChatState state);

}  // namespace sotto::tui
