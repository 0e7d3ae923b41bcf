#pragma once

#include "tui/client/command.h"
#include "tui/client/event.h"

#include <string>
#include <string_view>

namespace sotto::sim {

/// A line of the story; empty for what is not worth one.
[[nodiscard]] std::string describe(const client::Event& event);
[[nodiscard]] std::string describe(const client::Command& command);

/// A message on the wire as the story and the watch of the wire need it; empty where it has no
/// such member. Payloads are not opened.
struct Seen {
    std::string_view type;
    std::string_view from;
    std::string_view to;
    std::string_view kind;  ///< of a relay message
    std::string_view code;  ///< of an error
    bool accept = false;    ///< of a chat_response
    bool more = false;      ///< of a user_list
    int step = 0;           ///< of a handshake
};
[[nodiscard]] Seen look_at(std::string_view text);
[[nodiscard]] std::string describe(const Seen& seen);

}  // namespace sotto::sim
