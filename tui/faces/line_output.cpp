#include "tui/faces/line_output.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>

namespace sotto::tui {

bool LineOutput::line(std::string text) {
    text += '\n';
    for (std::size_t done = 0; done < text.size() && !closed_;) {
        const ssize_t wrote = ::write(descriptor_, text.data() + done, text.size() - done);
        if (wrote >= 0) {
            done += static_cast<std::size_t>(wrote);
        } else if (errno == EAGAIN) {
            pollfd writable{descriptor_, POLLOUT, 0};
            ::poll(&writable, 1, -1);
        } else if (errno != EINTR) {
            closed_ = true;
        }
    }
    return !closed_;
}

}  // namespace sotto::tui
