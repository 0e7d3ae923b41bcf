#include "tui/screen/curses_screen.h"

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

constexpr int kEscapeDelay = 50;  // ms: how long an escape sequence may take to come whole
constexpr std::size_t kMaxPaste = 64 * 1024;
constexpr std::string_view kModesOn = "\033[?2004h\033[?1004h";  // bracketed paste, focus
constexpr std::string_view kModesOff = "\033[?2004l\033[?1004l";

/// Codes of our own for sequences that terminfo doesn't name.
enum OwnCode : int {
    own_first = 0x2000,
    own_paste_begin = own_first,
    own_paste_end,
    own_focus_in,
    own_focus_out,
    own_modified,  ///< and on: index into kModified
};

struct Modified {
    const char* sequence;
    Key::Code code;
    bool control;
    bool meta;
};
constexpr std::array kModified{
    Modified{"\033[1;3A", Key::Code::up, false, true},
    Modified{"\033[1;3B", Key::Code::down, false, true},
    Modified{"\033[1;3C", Key::Code::right, false, true},
    Modified{"\033[1;3D", Key::Code::left, false, true},
    Modified{"\033[1;5A", Key::Code::up, true, false},
    Modified{"\033[1;5B", Key::Code::down, true, false},
    Modified{"\033[1;5C", Key::Code::right, true, false},
    Modified{"\033[1;5D", Key::Code::left, true, false},
    Modified{"\033[1;3H", Key::Code::home, false, true},
    Modified{"\033[1;3F", Key::Code::end, false, true},
    Modified{"\033[5;3~", Key::Code::page_up, false, true},
    Modified{"\033[6;3~", Key::Code::page_down, false, true},
    Modified{"\033[1;5H", Key::Code::home, true, false},
    Modified{"\033[1;5F", Key::Code::end, true, false},
    // What some terminals send although terminfo says otherwise.
    Modified{"\033[1~", Key::Code::home, false, false},
    Modified{"\033[4~", Key::Code::end, false, false},
    Modified{"\033[H", Key::Code::home, false, false},
    Modified{"\033[F", Key::Code::end, false, false},
    Modified{"\033[A", Key::Code::up, false, false},
    Modified{"\033[B", Key::Code::down, false, false},
    Modified{"\033[C", Key::Code::right, false, false},
    Modified{"\033[D", Key::Code::left, false, false},
};

struct Named {
    int code;
    Key::Code key;
};
constexpr std::array kNamed{
    Named{KEY_ENTER, Key::Code::enter},
    Named{KEY_BTAB, Key::Code::back_tab},
    Named{KEY_BACKSPACE, Key::Code::backspace},
    Named{KEY_DC, Key::Code::remove},
    Named{KEY_IC, Key::Code::insert},
    Named{KEY_UP, Key::Code::up},
    Named{KEY_DOWN, Key::Code::down},
    Named{KEY_LEFT, Key::Code::left},
    Named{KEY_RIGHT, Key::Code::right},
    Named{KEY_HOME, Key::Code::home},
    Named{KEY_END, Key::Code::end},
    Named{KEY_PPAGE, Key::Code::page_up},
    Named{KEY_NPAGE, Key::Code::page_down},
};

std::string utf8(wint_t code) {
    std::string out;
    const auto byte = [&](wint_t value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | (code >> 6));
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | (code >> 12));
        byte(0x80 | ((code >> 6) & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | (code >> 18));
        byte(0x80 | ((code >> 12) & 0x3F));
        byte(0x80 | ((code >> 6) & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
    return out;
}

/// A character, not a key code, as a key.
Key character(wint_t code) {
    Key key;
    if (code == L'\r') {
        key.code = Key::Code::enter;
    } else if (code == L'\n') {
        key.code = Key::Code::line_feed;
    } else if (code == L'\t') {
        key.code = Key::Code::tab;
    } else if (code == 0x08 || code == 0x7F) {
        key.code = Key::Code::backspace;
    } else if (code == 0x1B) {
        key.code = Key::Code::escape;
    } else if (code < 0x20) {
        key.control = true;
        key.text = code == 0      ? " "
                   : code <= 0x1A ? std::string(1, static_cast<char>('a' + code - 1))
                                  : std::string(1, static_cast<char>('@' + code));
    } else {
        key.text = utf8(code);
    }
    return key;
}

std::optional<Key> key_of_code(int code) {
    Key key;
    if (code >= KEY_F(1) && code <= KEY_F(24)) {
        key.code = Key::Code::function;
        key.number = code - KEY_F(0);
        return key;
    }
    if (code >= own_modified && code < own_modified + static_cast<int>(kModified.size())) {
        const Modified& row = kModified.at(static_cast<std::size_t>(code - own_modified));
        key.code = row.code;
        key.control = row.control;
        key.meta = row.meta;
        return key;
    }
    const auto at = std::find_if(kNamed.begin(), kNamed.end(),
                                 [&](const Named& row) { return row.code == code; });
    if (at == kNamed.end()) {
        return std::nullopt;
    }
    key.code = at->key;
    return key;
}

struct Look {
    attr_t attributes;
    short foreground;
    short background;  ///< -1 for the terminal's own
    attr_t plain;      ///< without colours
};

/// In the order of Style.
constexpr std::array<Look, 15> kLooks{{
    {A_NORMAL, -1, -1, A_NORMAL},                           // normal
    {A_DIM, -1, -1, A_DIM},                                 // dim
    {A_BOLD, -1, -1, A_BOLD},                               // bold
    {A_REVERSE, -1, -1, A_REVERSE},                         // title
    {A_BOLD, COLOR_BLACK, COLOR_CYAN, A_REVERSE | A_BOLD},  // focused
    {A_REVERSE, -1, -1, A_REVERSE},                         // selected
    {A_UNDERLINE, -1, -1, A_UNDERLINE},                     // marked
    {A_BOLD, COLOR_CYAN, -1, A_BOLD},                       // own
    {A_BOLD, COLOR_GREEN, -1, A_NORMAL},                    // peer
    {A_BOLD, COLOR_GREEN, -1, A_BOLD},                      // verified
    {A_NORMAL, COLOR_YELLOW, -1, A_NORMAL},                 // unverified
    {A_BOLD, COLOR_WHITE, COLOR_RED, A_REVERSE | A_BOLD},   // alarm
    {A_BOLD, COLOR_RED, -1, A_BOLD},                        // error
    {A_NORMAL, COLOR_BLUE, -1, A_NORMAL},                   // notice
    {A_BOLD, COLOR_MAGENTA, -1, A_BOLD},                    // activity
}};

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
            return;  // the terminal is gone; reading will tell
        }
        text.remove_prefix(static_cast<std::size_t>(wrote));
    }
}

/// What stands for a character that a terminal without UTF-8 can't show.
const char* ascii_for(std::string_view cluster) {
    constexpr std::array<std::pair<std::string_view, const char*>, 4> table{
        {{"\xE2\x94\x82", "|"}, {"\xE2\x80\xA6", "."}, {"\xC2\xB7", "."}, {"\xE2\x94\x80", "-"}}};
    for (const auto& [from, to] : table) {
        if (from == cluster) {
            return to;
        }
    }
    return "?";
}

}  // namespace

struct CursesScreen::Impl {
    explicit Impl(Options options) : utf8_terminal(::nl_langinfo(CODESET) == std::string("UTF-8")) {
        screen = ::newterm(nullptr, stdout, stdin);
        if (screen == nullptr) {
            throw std::runtime_error(
                "this kind of terminal is not known (TERM); try --plain, line by line");
        }
        ::set_escdelay(kEscapeDelay);
        ::raw();
        ::noecho();
        ::nonl();
        ::keypad(stdscr, TRUE);
        ::nodelay(stdscr, TRUE);
        ::intrflush(stdscr, FALSE);
        ::leaveok(stdscr, FALSE);
        define_keys();
        colours = options.colours && ::has_colors() && ::start_color() == OK &&
                  ::use_default_colors() == OK;
        for (std::size_t i = 0; colours && i < kLooks.size(); ++i) {
            ::init_pair(static_cast<short>(i + 1), kLooks[i].foreground, kLooks[i].background);
        }
    }
    ~Impl() { ::delscreen(screen); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    static void define_keys() {
        ::define_key("\033[200~", own_paste_begin);
        ::define_key("\033[201~", own_paste_end);
        ::define_key("\033[I", own_focus_in);
        ::define_key("\033[O", own_focus_out);
        for (std::size_t i = 0; i < kModified.size(); ++i) {
            if (::key_defined(kModified[i].sequence) == 0) {
                ::define_key(kModified[i].sequence, own_modified + static_cast<int>(i));
            }
        }
    }

    [[nodiscard]] attr_t attributes(Style style) const {
        const Look& look = kLooks.at(static_cast<std::size_t>(style));
        return colours ? look.attributes : look.plain;
    }
    [[nodiscard]] short pair(Style style) const {
        return colours ? static_cast<short>(static_cast<int>(style) + 1) : short{0};
    }

    void put(int row, int column, const Cell& cell, int width) const;
    void take(int status, wint_t code, bool meta, std::vector<Input>& out);
    void take_pasted(int status, wint_t code, std::vector<Input>& out);

    bool utf8_terminal;
    SCREEN* screen = nullptr;
    bool colours = false;
    std::optional<Frame> shown;
    std::optional<std::string> paste;  ///< begun
    bool paste_cut = false;
    bool gone = false;
    std::unique_ptr<TerminalGuard> guard;
};

/// Puts a cluster that takes `width` columns. A sequence to which ncurses and the terminal
/// might give different widths is shown by its first character alone.
void CursesScreen::Impl::put(int row, int column, const Cell& cell, int width) const {
    const std::string& text = cell.text;
    const attr_t attrs = attributes(cell.style);
    std::wstring first;  // a spacing character and what combines with it
    std::wstring all;
    int first_width = 0;
    int all_width = 0;
    bool plain = utf8_terminal;
    std::mbstate_t state{};
    for (std::size_t at = 0; plain && at < text.size();) {
        wchar_t letter = 0;
        const std::size_t size = std::mbrtowc(&letter, &text[at], text.size() - at, &state);
        const int columns = size == 0 || size > text.size() ? -1 : ::wcwidth(letter);
        if (columns < 0) {
            plain = false;
            break;
        }
        const bool combines = columns == 0 && letter != 0x200D && letter != 0xFE0F;
        if (columns > 0 && all_width == 0) {
            first_width = columns;
        }
        if (all_width == 0 || (combines && all_width == first_width)) {
            first += columns > 0 || (combines && first.size() < CCHARW_MAX)
                         ? std::wstring(1, letter)
                         : std::wstring();
        }
        all_width += columns;
        all += letter;
        at += size;
    }
    const bool exact = plain && all_width == width && all.find(L'\x200D') == std::wstring::npos &&
                       all.find(L'\xFE0F') == std::wstring::npos;
    ::wattr_set(stdscr, attrs, pair(cell.style), nullptr);
    if (exact) {
        ::mvaddnwstr(row, column, all.c_str(), static_cast<int>(all.size()));
        return;
    }
    int used = 0;
    if (plain && first_width > 0 && first_width <= width) {
        ::mvaddnwstr(row, column, first.c_str(), static_cast<int>(first.size()));
        used = first_width;
    } else {
        const bool ascii = text.size() == 1;
        ::mvaddstr(row, column, ascii ? text.c_str() : ascii_for(text));
        used = 1;
    }
    for (; used < width; ++used) {
        ::mvaddch(row, column + used, ' ');
    }
}

CursesScreen::CursesScreen(Options options) : impl_(std::make_unique<Impl>(options)) {
    // The modes that ncurses found are those to go back to; its own are set by now, so
    // the guard is made between leaving and entering.
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
                continue;  // the right half of the one before
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
    wint_t code = 0;
    bool any = false;
    for (int status = ::get_wch(&code); status != ERR; status = ::get_wch(&code)) {
        any = true;
        bool meta = false;
        if (!impl_->paste && status == OK && code == 0x1B) {
            wint_t next = 0;
            const int second = ::get_wch(&next);
            if (second != ERR && !(second == OK && next == 0x1B)) {
                meta = true;
                status = second;
                code = next;
            }
        }
        impl_->take(status, code, meta, out);
    }
    if (!any) {
        pollfd input{STDIN_FILENO, POLLIN, 0};
        impl_->gone = ::poll(&input, 1, 0) == 1 && (input.revents & (POLLHUP | POLLERR)) != 0;
    }
    return out;
}

void CursesScreen::Impl::take(int status, wint_t code, bool meta, std::vector<Input>& out) {
    const bool function = status == KEY_CODE_YES;
    if (paste) {
        take_pasted(status, code, out);
    } else if (function && code == own_paste_begin) {
        paste.emplace();
        paste_cut = false;
    } else if (function && (code == own_focus_in || code == own_focus_out)) {
        out.emplace_back(WindowFocus{code == own_focus_in});
    } else if (const auto key = function ? key_of_code(static_cast<int>(code))
                                         : std::optional(character(code))) {
        Key pressed = *key;
        pressed.meta = pressed.meta || meta;
        out.emplace_back(pressed);
    }
}

void CursesScreen::Impl::take_pasted(int status, wint_t code, std::vector<Input>& out) {
    if (status == KEY_CODE_YES) {
        if (code == own_paste_end) {
            out.emplace_back(Paste{*std::exchange(paste, std::nullopt), paste_cut});
        }
        return;  // a key sequence in what is pasted is no key
    }
    const std::string letter = utf8(code);
    if (paste->size() + letter.size() > kMaxPaste) {
        paste_cut = true;
    } else {
        *paste += letter;
    }
}

bool CursesScreen::pasting() const noexcept {
    return impl_->paste.has_value();
}

std::vector<Input> CursesScreen::end_paste() {
    std::vector<Input> out;
    if (impl_->paste) {
        out.emplace_back(Paste{*std::exchange(impl_->paste, std::nullopt), impl_->paste_cut});
    }
    return out;
}

bool CursesScreen::hung_up() const noexcept {
    return impl_->gone;
}

}  // namespace sotto::tui
