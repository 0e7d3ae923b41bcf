#include "tui/driver/open_screen.h"

#include "tui/driver/driver.h"

#include <clocale>
#include <csignal>
#include <cstdlib>
#include <utility>

namespace sotto::program {

std::unique_ptr<tui::Face> open_screen(net::Loop& loop, tui::Face::Sink sink,
                                       tui::ScreenFace::Options look) {
    std::setlocale(LC_CTYPE, "");                     // NOLINT(concurrency-mt-unsafe)
    const char* no_colour = std::getenv("NO_COLOR");  // NOLINT(concurrency-mt-unsafe)
    look.colours = no_colour == nullptr || *no_colour == '\0';
    auto face = std::make_unique<tui::ScreenFace>(look, std::move(sink));
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
