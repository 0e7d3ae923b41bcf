#pragma once

#include "net/loop/loop.h"
#include "tui/screen/screen_face.h"

#include <memory>

namespace sotto::program {

/// Takes the terminal for the full screen, and its signals: resize, stop, continue. Obeys
/// NO_COLOR, whatever `look` says. `loop` must outlive the face and not run after that is
/// destroyed. Throws std::runtime_error with a sentence for the person.
[[nodiscard]] std::unique_ptr<tui::Face> open_screen(net::Loop& loop, tui::Face::Sink sink,
                                                     tui::ScreenFace::Options look = {});

}  // namespace sotto::program
