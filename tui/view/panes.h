#pragma once

#include "tui/model/state.h"
#include "tui/view/frame.h"
#include "tui/view/render.h"

/// The parts of the screen, each drawn into its own rectangle.
namespace sotto::tui {

void draw_users(Frame& frame, const State& state, const Rect& where);
void draw_requests(Frame& frame, const State& state, const Rect& where);
void draw_chat(Frame& frame, const State& state, const Rect& where);
/// What lies over the panes; nothing if there is no overlay.
void draw_overlay(Frame& frame, const State& state, const Rect& where);

/// The last row but one: the chats by number, and how the link is.
void draw_status(Frame& frame, const State& state, Moment moment, const Rect& where);

/// A bar with text to the left and to the right, as far as there is room.
void draw_bar(Frame& frame, const Rect& where, const std::string& left, const std::string& right,
              Style style);

[[nodiscard]] Style style_of(client::Trust trust);

}  // namespace sotto::tui
