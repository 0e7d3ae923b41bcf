#pragma once

#include "tui/model/context.h"
#include "tui/model/key_reader.h"

/// Rules of what is asked for in place of the input line, or lies over the panes.
namespace sotto::tui {

void show_wire(State& state);
void close_overlay(State& state);

/// How much is seen of what lies over the panes; it is there.
[[nodiscard]] Extent overlay_extent(const State& state);
/// Moves what lies over the panes by so many rows, up if negative.
void scroll_overlay(State& state, int rows);
/// Answers the question that is asked.
void answer(Context& context, bool yes);

/// A key while a page, a question or a safety number lies over the panes.
void key_in_overlay(Context& context, const KeyPress& press);
/// A key while a word is asked for.
void key_in_prompt(Context& context, const KeyPress& press);

}  // namespace sotto::tui
