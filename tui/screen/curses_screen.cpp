#include "tui/screen/curses_screen.h"

#include "crypto/base/enum_table.h"
#include "tui/screen/key_decoder.h"
#include "tui/screen/terminal_guard.h"

#define NCURSES_NOMACROS 1
#define _XOPEN_SOURCE_EXTENDED 1
#include <curses.h>
#include <langinfo.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cwchar>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

// From <term.h>, which also defines `columns`, `lines`, `tab` and more as macros.
extern "C" {
char* tigetstr(const char* name);
int tputs(const char* text, int lines, int (*put)(int));
}

namespace sotto::tui {

namespace {

constexpr const char* kUnknownTerminal =
    "this kind of terminal is not known (TERM); try --plain, line by line";
constexpr int kReadsInATurn = 32;  // a flood of input must not starve other events
constexpr std::string_view kModesOn = "\033[?2004h\033[?1004h";  // bracketed paste, focus
constexpr std::string_view kModesOff = "\033[?2004l\033[?1004l";

/// The terminfo names of the keys: for terminals with unusual sequences.
struct Named {
    const char* capability;
    Key::Code key;
};
constexpr std::array kNamed{
    Named{"kent", Key::Code::enter},   Named{"kcbt", Key::Code::back_tab},
    Named{"kdch1", Key::Code::remove}, Named{"kich1", Key::Code::insert},
    Named{"kcuu1", Key::Code::up},     Named{"kcud1", Key::Code::down},
    Named{"kcub1", Key::Code::left},   Named{"kcuf1", Key::Code::right},
    Named{"khome", Key::Code::home},   Named{"kend", Key::Code::end},
    Named{"kpp", Key::Code::page_up},  Named{"knp", Key::Code::page_down},
};
constexpr int kFunctionKeys = 24;

struct Look {
    Style key;
    attr_t attributes;
    short foreground;
    short background;  ///< -1 for the terminal's own
    attr_t plain;      ///< without colours
};

constexpr base::EnumTable<Style, Look> kLooks({
    {Style::normal, A_NORMAL, -1, -1, A_NORMAL},
    {Style::dim, A_DIM, -1, -1, A_DIM},
    {Style::bold, A_BOLD, -1, -1, A_BOLD},
    {Style::title, A_REVERSE, -1, -1, A_REVERSE},
    {Style::focused, A_BOLD, COLOR_BLACK, COLOR_CYAN, A_REVERSE | A_BOLD},
    {Style::selected, A_REVERSE, -1, -1, A_REVERSE},
    {Style::marked, A_UNDERLINE, -1, -1, A_UNDERLINE},
    {Style::own, A_BOLD, COLOR_CYAN, -1, A_BOLD},
    {Style::peer, A_BOLD, COLOR_GREEN, -1, A_NORMAL},
    {Style::verified, A_BOLD, COLOR_GREEN, -1, A_BOLD},
    {Style::unverified, A_NORMAL, COLOR_YELLOW, -1, A_NORMAL},
    {Style::alarm, A_BOLD, COLOR_WHITE, COLOR_RED, A_REVERSE | A_BOLD},
    {Style::error, A_BOLD, COLOR_RED, -1, A_BOLD},
    {Style::notice, A_NORMAL, COLOR_CYAN, -1, A_NORMAL},  // blue is hard to read
    {Style::activity, A_BOLD, COLOR_MAGENTA, -1, A_BOLD},
});

/// The number of a style's colour pair; 0 is the terminal's default.
short pair_of(Style style) {
    return static_cast<short>(base::enum_index(style) + 1);
}

std::string* g_collected = nullptr;  // tputs takes a function, not an object
int collect(int letter) {
    *g_collected += static_cast<char>(letter);
    return letter;
}

/// A terminfo string as the bytes to write.
std::string capability(const char* name) {
    const char* value = ::tigetstr(name);
    std::string out;
    if (value != nullptr && value != reinterpret_cast<const char*>(-1)) {
        g_collected = &out;
        ::tputs(value, 1, collect);
    }
    return out;
}

void write_all(std::string_view text) {
    while (!text.empty()) {
        const ssize_t wrote = ::write(STDOUT_FILENO, text.data(), text.size());
        if (wrote <= 0) {
            return;  // the terminal is gone; reading will report it
        }
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

/// The substitute for a character that the terminal can't show.
std::string ascii_for(std::string_view cluster) {
    constexpr std::array<std::pair<std::string_view, const char*>, 4> table{
        {{"\xE2\x94\x82", "|"}, {"\xE2\x80\xA6", "."}, {"\xC2\xB7", "."}, {"\xE2\x94\x80", "-"}}};
    for (const auto& [from, to] : table) {
        if (from == cluster) {
            return to;
        }
    }
    return cluster.size() == 1 ? std::string(cluster) : "?";
}

/// A cluster as ncurses sees it.
struct Decoded {
    std::wstring all;
    std::wstring first;  ///< its first spacing character and the marks that combine with it
    int columns = 0;     ///< the sum of wcwidth; 0 if unknown
    int first_columns = 0;
    bool joined = false;  ///< by a joiner or variation selector: the width is in dispute
};

Decoded decode(std::string_view text) {
    Decoded out;
    std::mbstate_t state{};
    while (!text.empty()) {
        wchar_t letter = 0;
        const std::size_t size = std::mbrtowc(&letter, text.data(), text.size(), &state);
        const int width = size == 0 || size > text.size() ? -1 : ::wcwidth(letter);
        if (width < 0) {
            return {};
        }
        out.all += letter;
        out.columns += width;
        if (letter == 0x200D || (letter >= 0xFE00 && letter <= 0xFE0F)) {
            out.joined = true;
        } else if (width > 0 && out.first_columns == 0) {
            out.first_columns = width;
            out.first = letter;
        } else if (width == 0 && out.columns == out.first_columns && !out.joined &&
                   out.first.size() < CCHARW_MAX) {
            out.first += letter;
        }
        text.remove_prefix(size);
    }
    return out;
}

void put_wide(int row, int column, const std::wstring& text) {
    ::mvaddnwstr(row, column, text.c_str(), static_cast<int>(text.size()));
}

}  // namespace

struct CursesScreen::Impl {
    explicit Impl(Options options)
        : utf8_terminal(charset() == "UTF-8"), decoder(letters_of(charset())) {
        screen = ::newterm(nullptr, stdout, stdin);
        if (screen == nullptr) {
            throw std::runtime_error(kUnknownTerminal);
        }
        if (capability("cup").empty()) {  // no full screen on this terminal: TERM=dumb
            ::endwin();
            ::delscreen(screen);
            throw std::runtime_error(kUnknownTerminal);
        }
        ::raw();
        ::noecho();
        ::nonl();
        ::keypad(stdscr, TRUE);  // makes the terminal send the sequences of terminfo
        ::intrflush(stdscr, FALSE);
        ::leaveok(stdscr, FALSE);
        learn_keys();
        colours = options.colours && ::has_colors() && ::start_color() == OK &&
                  ::use_default_colors() == OK;
        for (const Look& look : kLooks) {
            if (colours) {
                ::init_pair(pair_of(look.key), look.foreground, look.background);
            }
        }
    }
    ~Impl() { ::delscreen(screen); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    static std::string charset() { return ::nl_langinfo(CODESET); }
    /// The C locale knows only ASCII, but the input is most likely UTF-8 anyway.
    static KeyDecoder::Letters letters_of(const std::string& charset) {
        return charset == "UTF-8" || charset == "ANSI_X3.4-1968" ? KeyDecoder::Letters::utf8
                                                                 : KeyDecoder::Letters::locale;
    }

    void learn_keys() {
        Key key;
        for (const Named& row : kNamed) {
            key.code = row.key;
            decoder.learn(capability(row.capability), key);
        }
        key.code = Key::Code::function;
        for (key.number = 1; key.number <= kFunctionKeys; ++key.number) {
            decoder.learn(capability(("kf" + std::to_string(key.number)).c_str()), key);
        }
    }

    [[nodiscard]] attr_t attributes(Style style) const {
        const Look& look = kLooks[style];
        return colours ? look.attributes : look.plain;
    }
    [[nodiscard]] short pair(Style style) const { return colours ? pair_of(style) : short{0}; }

    void put(int row, int column, const Cell& cell, int width) const;

    bool utf8_terminal;
    SCREEN* screen = nullptr;
    bool colours = false;
    std::optional<Frame> shown;
    KeyDecoder decoder;
    bool gone = false;
    std::unique_ptr<TerminalGuard> guard;
};

/// Writes a cluster of `width` columns. If ncurses and the terminal may disagree about the
/// width of a sequence, only its first character is shown.
void CursesScreen::Impl::put(int row, int column, const Cell& cell, int width) const {
    ::wattr_set(stdscr, attributes(cell.style), pair(cell.style), nullptr);
    const Decoded cluster = utf8_terminal ? decode(cell.text) : Decoded{};
    int used = 1;
    if (cluster.columns == width && !cluster.joined) {
        put_wide(row, column, cluster.all);
        return;
    }
    if (cluster.first_columns > 0 && cluster.first_columns <= width) {
        put_wide(row, column, cluster.first);
        used = cluster.first_columns;
    } else {
        ::mvaddstr(row, column, ascii_for(cell.text).c_str());
    }
    for (; used < width; ++used) {
        ::mvaddch(row, column + used, ' ');
    }
}

CursesScreen::CursesScreen(Options options) : impl_(std::make_unique<Impl>(options)) {
    // The guard must restore the modes that ncurses found. ncurses has set its own by now,
    // so the guard is created between leaving and entering.
    ::endwin();
    const std::string restore = std::string(kModesOff) + capability("sgr0") + capability("op") +
                                capability("cnorm") + capability("rmkx") + capability("rmcup");
    impl_->guard = std::make_unique<TerminalGuard>(STDOUT_FILENO, restore);
    enter();
}

CursesScreen::~CursesScreen() {
    leave();
}

void CursesScreen::leave() {
    if (::isendwin() == TRUE) {
        return;
    }
    write_all(kModesOff);
    ::curs_set(1);
    ::endwin();
    impl_->guard->arm(false);
}

void CursesScreen::enter() {
    impl_->guard->arm(true);
    ::refresh();
    write_all(kModesOn);
    forget();
}

void CursesScreen::forget() {
    impl_->shown.reset();
    ::clearok(curscr, TRUE);
}

void CursesScreen::bell() {
    ::beep();
}

Size CursesScreen::size() {
    winsize now{};
    if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &now) == 0 && now.ws_row > 0 && now.ws_col > 0 &&
        (now.ws_row != ::getmaxy(stdscr) || now.ws_col != ::getmaxx(stdscr))) {
        ::resizeterm(now.ws_row, now.ws_col);
        forget();
    }
    return {::getmaxy(stdscr), ::getmaxx(stdscr)};
}

void CursesScreen::show(const Frame& frame) {
    const Size size = frame.size();
    const bool anew = !impl_->shown || impl_->shown->size().rows != size.rows ||
                      impl_->shown->size().columns != size.columns;
    if (anew) {
        ::werase(stdscr);
    }
    for (int row = 0; row < size.rows; ++row) {
        for (int column = 0; column < size.columns; ++column) {
            const Cell& cell = frame.at(row, column);
            if (cell.text.empty()) {
                continue;  // the right half of the previous cell
            }
            const bool wide = column + 1 < size.columns && frame.at(row, column + 1).text.empty();
            const bool same = !anew && impl_->shown->at(row, column) == cell &&
                              (!wide || impl_->shown->at(row, column + 1).text.empty());
            if (!same) {
                impl_->put(row, column, cell, wide ? 2 : 1);
            }
        }
    }
    if (frame.cursor()) {
        ::move(frame.cursor()->row, frame.cursor()->column);
    } else {
        ::move(size.rows - 1, size.columns - 1);
    }
    ::curs_set(frame.cursor() ? 1 : 0);
    ::wnoutrefresh(stdscr);
    ::doupdate();
    impl_->shown = frame;
}

std::vector<Input> CursesScreen::read() {
    std::vector<Input> out;
    std::array<char, 4096> bytes{};
    pollfd input{STDIN_FILENO, POLLIN, 0};
    bool any = false;
    for (int reads = 0; reads < kReadsInATurn && ::poll(&input, 1, 0) == 1; ++reads) {
        const ssize_t got = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        if (got <= 0) {
            break;
        }
        any = true;
        const auto read = impl_->decoder.take({bytes.data(), static_cast<std::size_t>(got)});
        out.insert(out.end(), read.begin(), read.end());
    }
    impl_->gone = !any && (input.revents & (POLLHUP | POLLERR)) != 0;
    return out;
}

std::optional<std::chrono::milliseconds> CursesScreen::patience() const {
    return impl_->decoder.patience();
}

std::vector<Input> CursesScreen::settle() {
    return impl_->decoder.settle();
}

bool CursesScreen::pasting() const noexcept {
    return impl_->decoder.pasting();
}

std::vector<Input> CursesScreen::end_paste() {
    return impl_->decoder.end_paste();
}

bool CursesScreen::hung_up() const noexcept {
    return impl_->gone;
}

}  // namespace sotto::tui
