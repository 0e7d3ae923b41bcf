#pragma once

#include "tui/model/context.h"

namespace sotto::tui {

/// What arrives becomes state. Nothing that arrives moves a selection or takes the focus.
void take_event(Context& context, const client::Event& event);

}  // namespace sotto::tui
