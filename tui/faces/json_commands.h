#pragma once

#include "tui/client/command.h"
#include "tui/faces/json_row.h"

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sotto::tui {

/// A command as a line of JSON gave it, with the name it was given by.
struct JsonCommand {
    std::string_view name;
    client::Command command;
};
/// Why a line is no command. `name` is empty if it could not be told which was meant.
struct JsonRefusal {
    std::string_view name;
    std::string why;
};

/// Reads `{"command":"send_text","user":"bob","text":"hi"}`: exactly the fields of the
/// struct, each of its type.
[[nodiscard]] tl::expected<JsonCommand, JsonRefusal> command_from_json(std::string_view line);

/// Every command with its fields, as the manual has them.
[[nodiscard]] std::vector<JsonShape> json_command_shapes();

}  // namespace sotto::tui
