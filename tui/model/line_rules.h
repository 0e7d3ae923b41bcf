#pragma once

#include "tui/model/context.h"
#include "tui/model/key.h"

#include <string>

/// Rules of the input line: typing, pasting, sending.
namespace sotto::tui {

void type(Context& context, const std::string& text);
/// A paste of several lines is asked about first. It answers no question.
void paste(Context& context, const Paste& paste);
/// The line is understood and done; one that was not understood stays.
void send_line(Context& context);
/// A text was not taken: it stands where it was typed, unless something else does by now.
void put_back(Context& context, const Errand::Text& text);

}  // namespace sotto::tui
