#pragma once

#include "tui/common/command_table.h"
#include "tui/model/context.h"

/// What a command from the input line, or a key that stands for one, does on the screen.
namespace sotto::tui {

/// What a command means when it names nobody.
[[nodiscard]] Current current(const State& state);
/// Hands a command to the client, asking first where something would be lost.
void carry_out(Context& context, const client::Command& command, Errand errand = {});
void carry_out(Context& context, const FaceRequest& request);

}  // namespace sotto::tui
