#pragma once

#include "tui/client/command.h"

#include <gsl/span>

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sotto::tui {

/// What a command does to the face itself, not to the client.
enum class FaceAction {
    help,
    select,  ///< the chat named by the argument becomes the current one
    users,
    requests,
    fingerprint,
    wire,
    status,
};

/// A line that was understood: something for the client, or for the face.
struct FaceRequest {
    FaceAction action = FaceAction::help;
    std::string argument;
};
struct Misunderstood {
    std::string why;
};
using Understood = std::variant<client::Command, FaceRequest, Misunderstood>;

/// A row of the table that `/help`, the manual and completion are made from.
struct CommandRow {
    std::string_view name;
    std::string_view aliases;    ///< separated by spaces
    std::string_view arguments;  ///< as in `/help`
    std::string_view help;
};
[[nodiscard]] gsl::span<const CommandRow> command_table() noexcept;

/// What an input line means, with `current` (may be empty) as the chat that text goes
/// to. `//x` sends `/x`; a line that begins with a slash and is no command is never sent.
[[nodiscard]] Understood understand(std::string_view line, const std::string& current);

}  // namespace sotto::tui
