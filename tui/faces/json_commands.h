#pragma once

#include "tui/client/command.h"
#include "tui/faces/json_row.h"

#include <tl/expected.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::tui {

/// A command as a line gave it.
struct JsonCommand {
    client::Command command;
    std::optional<std::string> id;  ///< as JSON, if it has one
};
/// Why a line is no command.
struct JsonRefusal {
    std::optional<std::string> id;               ///< as JSON, if one could be read
    std::optional<client::CommandKind> command;  ///< the one that was meant, if that is known
    std::string why;
};

/// Reads `{"command":"send_text","user":"bob","text":"hi"}`: exactly the fields of the
/// struct, each of its type, and an `id` if the program wants one.
[[nodiscard]] tl::expected<JsonCommand, JsonRefusal> command_from_json(std::string_view line);

/// Every command with its fields, as the manual has them.
[[nodiscard]] std::vector<JsonShape> json_command_shapes();

}  // namespace sotto::tui
