#include "tui/program/open_screen.h"

#include "tui/program/driver.h"
#include "tui/screen/screen_face.h"

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <utility>

namespace sotto::program {

std::unique_ptr<tui::Face> open_screen(net::Loop& loop, tui::Face::Sink sink) {
    std::setlocale(LC_CTYPE, "");                     // NOLINT(concurrency-mt-unsafe)
    const char* no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
    tui::ScreenFace::Options options;
    options.colours = no_colour == nullptr || *no_colour == '\0';
    auto face = std::make_unique<tui::ScreenFace>(options, std::move(sink));
    loop.on_signals({SIGWINCH, SIGTSTP, SIGCONT}, [screen = face.get()](int signal) {
        if (signal == SIGWINCH) {
            screen->on_resize();
        } else if (signal == SIGTSTP) {
            screen->on_suspend();
        } else {
            screen->on_resume();
        }
        screen->refresh(Driver::now().monotonic);
    });
    return face;
}

}  // namespace sotto::program
