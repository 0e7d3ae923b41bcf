#pragma once

#include "tui/model/state.h"
#include "tui/view/frame.h"
#include "tui/view/render.h"

/// The parts of the screen, each drawn into its own rectangle.
namespace sotto::tui {

void draw_users(Frame& frame, const State& state, const Rect& where);
void draw_requests(Frame& frame, const State& state, const Rect& where);
void draw_chat(Frame& frame, const State& state, const Rect& where);
/// Draws the overlay on top of the panes, if there is one.
void draw_overlay(Frame& frame, const State& state, const Rect& where);

/// The row above the input line: the chats by number, and the state of the link.
void draw_status(Frame& frame, const State& state, Moment moment, const Rect& where);

/// A bar with text at its left and right ends, as far as it fits.
void draw_bar(Frame& frame, const Rect& where, const std::string& left, const std::string& right,
              Style style);

[[nodiscard]] Style style_of(client::Trust trust);

}  // namespace sotto::tui
