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
    next_chat,
    previous_chat,
    search,
    clear,
    fingerprint,
    qr,     ///< the contact link of the argument, or one's own, as a QR code
    trust,  ///< show old and new key of the argument, and ask
    wire,
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

/// What a command means when it names nobody.
struct Current {
    std::string chat;     ///< that text goes to; empty if none
    std::string request;  ///< selected, or the only one that waits; empty if none
};

/// A row of the table that `/help`, the manual and completion are made from.
struct CommandRow {
    struct Line {
        std::string_view arguments;  ///< what follows the command
        const Current& current;
        std::string_view name;  ///< of the row
    };
    std::string_view name;
    std::string_view aliases;    ///< separated by spaces
    std::string_view arguments;  ///< as in `/help`
    std::string_view help;
    /// Nothing means that an argument is missing.
    std::optional<Understood> (*run)(const Line& line);
    bool full_screen = false;  ///< means nothing line by line
};
[[nodiscard]] gsl::span<const CommandRow> command_table() noexcept;

/// True for a name of that table, or an alias.
[[nodiscard]] bool is_command(std::string_view name) noexcept;

/// What an input line means. `//x` sends `/x`; a line that begins with a slash and is no
/// command is never sent.
[[nodiscard]] Understood understand(std::string_view line, const Current& current);

}  // namespace sotto::tui
