#include "test/support/virtual_terminal.h"

#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <vterm.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <type_traits>
#include <utility>

namespace sotto::test {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::uint32_t kRightHalf = 0xFFFFFFFF;  // of a wide character, in libvterm's cells

void append_utf8(std::string& out, std::uint32_t c) {
    const auto tail = [&](int shift) { out += static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | (c >> 6));
        tail(0);
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | (c >> 12));
        tail(6);
        tail(0);
    } else {
        out += static_cast<char>(0xF0 | (c >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

/// libvterm tells a title as a C string before 0.2, in pieces since then.
template <typename Piece>
void take_title(std::string& title, const Piece& piece) {
    if constexpr (std::is_pointer_v<Piece>) {
        title = piece;
    } else {
        if (piece.initial) {
            title.clear();
        }
        title.append(piece.str, piece.len);
    }
}

winsize window(VirtualTerminal::Size size) {
    winsize out{};
    out.ws_row = static_cast<unsigned short>(size.rows);
    out.ws_col = static_cast<unsigned short>(size.columns);
    return out;
}

}  // namespace

/// The emulator, and what it tells.
class VirtualTerminal::Screen {
  public:
    explicit Screen(Size size)
        : terminal_(vterm_new(size.rows, size.columns), &vterm_free),
          state_(vterm_obtain_state(terminal_.get())),
          screen_(vterm_obtain_screen(terminal_.get())) {
        vterm_set_utf8(terminal_.get(), 1);
        vterm_output_set_callback(
            terminal_.get(),
            [](const char* bytes, std::size_t count, void* self) {
                static_cast<Screen*>(self)->answers.append(bytes, count);
            },
            this);
        static const VTermScreenCallbacks kCallbacks = [] {
            VTermScreenCallbacks callbacks{};
            callbacks.settermprop = &Screen::on_property;
            callbacks.bell = [](void* self) { return ++static_cast<Screen*>(self)->bells; };
            return callbacks;
        }();
        vterm_screen_set_callbacks(screen_, &kCallbacks, this);
        vterm_screen_enable_altscreen(screen_, 1);
        vterm_screen_reset(screen_, 1);
    }

    void write(std::string_view bytes) {
        vterm_input_write(terminal_.get(), bytes.data(), bytes.size());
    }
    void resize(Size size) { vterm_set_size(terminal_.get(), size.rows, size.columns); }

    [[nodiscard]] VTermScreenCell cell(Position at) const {
        VTermScreenCell out{};
        vterm_screen_get_cell(screen_, {at.row, at.column}, &out);
        return out;
    }
    [[nodiscard]] Position cursor() const {
        VTermPos at{};
        vterm_state_get_cursorpos(state_, &at);
        return {at.row, at.col};
    }
    [[nodiscard]] Size size() const {
        Size out;
        vterm_get_size(terminal_.get(), &out.rows, &out.columns);
        return out;
    }

    /// What the terminal would send at the beginning of a paste, or when it gets the focus:
    /// nothing, if the program did not ask for it.
    std::string begin_paste() {
        return said([this] { vterm_keyboard_start_paste(terminal_.get()); });
    }
    std::string end_paste() {
        return said([this] { vterm_keyboard_end_paste(terminal_.get()); });
    }
    std::string focus(bool in) {
        return said([&] { in ? vterm_state_focus_in(state_) : vterm_state_focus_out(state_); });
    }

    std::string answers;  ///< to the program, of its questions
    bool alternate = false;
    bool cursor_shown = true;
    int mouse = VTERM_PROP_MOUSE_NONE;
    int bells = 0;
    std::string title;

  private:
    template <typename Action>
    std::string said(Action action) {
        std::string kept = std::exchange(answers, {});
        action();
        return std::exchange(answers, std::move(kept));
    }

    static int on_property(VTermProp property, VTermValue* value, void* user) {
        auto& self = *static_cast<Screen*>(user);
        if (property == VTERM_PROP_ALTSCREEN) {
            self.alternate = value->boolean != 0;
        } else if (property == VTERM_PROP_CURSORVISIBLE) {
            self.cursor_shown = value->boolean != 0;
        } else if (property == VTERM_PROP_MOUSE) {
            self.mouse = value->number;
        } else if (property == VTERM_PROP_TITLE) {
            take_title(self.title, value->string);
        }
        return 1;
    }

    std::unique_ptr<VTerm, void (*)(VTerm*)> terminal_;
    VTermState* state_;
    VTermScreen* screen_;
};

VirtualTerminal::VirtualTerminal(Program program, Size size)
    : screen_(std::make_unique<Screen>(size)) {
    const winsize at_first = window(size);
    if (::openpty(&master_, &slave_, nullptr, nullptr, &at_first) != 0) {
        throw std::system_error(errno, std::generic_category(), "openpty");
    }
    for (const int fd : {master_, slave_}) {
        ::fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    ::fcntl(master_, F_SETFL, ::fcntl(master_, F_GETFL) | O_NONBLOCK);
    ::tcgetattr(slave_, &before_);
    job_ = std::make_unique<Job>(program, slave_);
}

VirtualTerminal::~VirtualTerminal() {
    job_.reset();
    ::close(slave_);
    ::close(master_);
}

void VirtualTerminal::send(std::string_view keys) {
    to_send_ += keys;
    (void)wait_for([this] { return to_send_.empty(); });
}

void VirtualTerminal::paste(std::string_view text) {
    std::string typed(text);
    std::replace(typed.begin(), typed.end(), '\n', '\r');
    send(screen_->begin_paste() + typed + screen_->end_paste());
}

void VirtualTerminal::focus(bool in) {
    send(screen_->focus(in));
}

void VirtualTerminal::scribble(std::string_view bytes) {
    screen_->write(bytes);
}

void VirtualTerminal::resize(Size size) {
    screen_->resize(size);
    const winsize now = window(size);
    ::ioctl(master_, TIOCSWINSZ, &now);
}

bool VirtualTerminal::wait_for(const std::function<bool()>& met, Duration patience) {
    const auto deadline = Clock::now() + patience;
    while (!met()) {
        if (!turn(deadline)) {
            return met();
        }
    }
    return true;
}

bool VirtualTerminal::wait_for_text(std::string_view text, Duration patience) {
    return wait_for([&] { return shows(text); }, patience);
}

bool VirtualTerminal::wait_for_no_text(std::string_view text, Duration patience) {
    return wait_for([&] { return !shows(text); }, patience);
}

void VirtualTerminal::read_for(Duration duration) {
    const auto deadline = Clock::now() + duration;
    while (turn(deadline)) {
    }
}

bool VirtualTerminal::wait_for_end(Duration patience) {
    return wait_for([this] { return job_->ended(); }, patience);
}

bool VirtualTerminal::wait_for_stop(Duration patience) {
    return wait_for([this] { return job_->stopped(); }, patience);
}

/// Waits for one thing to happen and deals with it. False when the time is over, or when
/// the program has ended and all that it wrote is read.
bool VirtualTerminal::turn(Clock::time_point deadline) {
    const bool ended = job_->ended();
    std::array<pollfd, 2> watched{};
    watched[0] = {master_, static_cast<short>(POLLIN | (to_send_.empty() ? 0 : POLLOUT)), 0};
    watched[1] = {ended ? -1 : job_->descriptor(), POLLIN, 0};
    const auto left = std::chrono::ceil<Duration>(deadline - Clock::now()).count();
    const int timeout = ended ? 0 : static_cast<int>(std::max<Duration::rep>(left, 0));
    if (::poll(watched.data(), watched.size(), timeout) <= 0) {
        return false;
    }
    if (watched[1].revents != 0) {
        job_->update();
    }
    if ((watched[0].revents & POLLIN) != 0) {
        take_output();
    }
    if ((watched[0].revents & POLLOUT) != 0) {
        flush();
    }
    return true;
}

void VirtualTerminal::take_output() {
    std::array<char, 65'536> bytes;
    const ssize_t size = ::read(master_, bytes.data(), bytes.size());
    if (size <= 0) {
        return;
    }
    const std::string_view got(bytes.data(), static_cast<std::size_t>(size));
    written_ += got;
    screen_->write(got);
    to_send_ += std::exchange(screen_->answers, {});
}

void VirtualTerminal::flush() {
    const ssize_t size = ::write(master_, to_send_.data(), to_send_.size());
    if (size > 0) {
        to_send_.erase(0, static_cast<std::size_t>(size));
    }
}

std::string VirtualTerminal::row(int number) const {
    std::string out;
    std::size_t end = 0;  // of what is no blank
    for (int column = 0; column < size().columns; ++column) {
        const VTermScreenCell cell = screen_->cell({number, column});
        if (cell.chars[0] == kRightHalf) {
            continue;
        }
        if (cell.chars[0] == 0) {
            out += ' ';
            continue;
        }
        for (const std::uint32_t c : cell.chars) {
            if (c == 0) {
                break;
            }
            append_utf8(out, c);
        }
        end = cell.chars[0] == ' ' ? end : out.size();
    }
    out.resize(end);
    return out;
}

std::string VirtualTerminal::screen() const {
    std::string out;
    for (int i = 0; i < size().rows; ++i) {
        out += row(i) + "\n";
    }
    return out;
}

bool VirtualTerminal::shows(std::string_view text) const {
    return screen().find(text) != std::string::npos;
}

VirtualTerminal::Position VirtualTerminal::cursor() const {
    return screen_->cursor();
}

VirtualTerminal::Size VirtualTerminal::size() const {
    return screen_->size();
}

VirtualTerminal::Look VirtualTerminal::look(Position at) const {
    const VTermScreenCell cell = screen_->cell(at);
    Look out;
    out.bold = cell.attrs.bold != 0;
    out.underline = cell.attrs.underline != 0;
    out.reverse = cell.attrs.reverse != 0;
    out.coloured = !VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg);
    return out;
}

bool VirtualTerminal::alternate_screen() const {
    return screen_->alternate;
}
bool VirtualTerminal::cursor_visible() const {
    return screen_->cursor_shown;
}
bool VirtualTerminal::wants_paste_brackets() const {
    return !screen_->begin_paste().empty();
}
bool VirtualTerminal::wants_focus() const {
    return !screen_->focus(true).empty();
}
bool VirtualTerminal::wants_mouse() const {
    return screen_->mouse != VTERM_PROP_MOUSE_NONE;
}
const std::string& VirtualTerminal::title() const {
    return screen_->title;
}
int VirtualTerminal::bells() const {
    return screen_->bells;
}
const std::string& VirtualTerminal::written() const {
    return written_;
}
Job& VirtualTerminal::job() {
    return *job_;
}
const termios& VirtualTerminal::modes_before() const {
    return before_;
}

termios VirtualTerminal::modes() const {
    termios out{};
    ::tcgetattr(slave_, &out);
    return out;
}

bool same_modes(const termios& one, const termios& other) {
    return one.c_iflag == other.c_iflag && one.c_oflag == other.c_oflag &&
           one.c_cflag == other.c_cflag && one.c_lflag == other.c_lflag &&
           std::memcmp(one.c_cc, other.c_cc, sizeof one.c_cc) == 0;
}

}  // namespace sotto::test
