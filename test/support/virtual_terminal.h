#pragma once

#include "test/support/job.h"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sotto::test {

struct TerminalSize {
    int rows = 24;
    int columns = 80;
};

/// A terminal with a program in it: the program runs on a pty, what it writes goes through
/// a terminal emulator (libvterm), what the test types comes back to it. Whatever waits
/// polls the pty for a condition with a deadline; nothing sleeps.
class VirtualTerminal {
  public:
    using Duration = std::chrono::milliseconds;
    static constexpr Duration kPatience{30'000};

    using Size = TerminalSize;
    struct Position {
        int row = 0;
        int column = 0;
    };

    /// Starts the program. Throws std::system_error if there is no pty or no process left.
    explicit VirtualTerminal(Program program, Size size = {});
    ~VirtualTerminal();
    VirtualTerminal(const VirtualTerminal&) = delete;
    VirtualTerminal& operator=(const VirtualTerminal&) = delete;

    /// What a keyboard sends. May read from the pty meanwhile, so any length is fine.
    void send(std::string_view keys);
    /// Pastes `text` as terminals do: newlines as CR, in brackets if the program wants them.
    void paste(std::string_view text);
    /// The window gets or loses the focus: said to the program if it wants to hear it.
    void focus(bool in);
    /// Another program writes to the terminal.
    void scribble(std::string_view bytes);
    /// The window has another size: the program gets SIGWINCH. Not for sizes below 1x1.
    void resize(Size size);

    /// Reads until `met` holds; false if it does not in time, or the program has ended.
    [[nodiscard]] bool wait_for(const std::function<bool()>& met, Duration patience = kPatience);
    /// Reads until `text` stands somewhere on one row.
    [[nodiscard]] bool wait_for_text(std::string_view text, Duration patience = kPatience);
    /// Reads until `text` stands nowhere.
    [[nodiscard]] bool wait_for_no_text(std::string_view text, Duration patience = kPatience);
    /// Reads whatever comes for that long: how a test sees that nothing comes.
    void read_for(Duration duration);

    /// A row as UTF-8 without the blanks at its end.
    [[nodiscard]] std::string row(int number) const;
    /// All rows, a newline after each.
    [[nodiscard]] std::string screen() const;
    [[nodiscard]] bool shows(std::string_view text) const;
    [[nodiscard]] Position cursor() const;
    [[nodiscard]] Size size() const;
    /// What the cell is drawn with.
    struct Look {
        bool bold = false;
        bool underline = false;
        bool reverse = false;
        bool coloured = false;  ///< foreground or background is not the default
    };
    [[nodiscard]] Look look(Position at) const;

    [[nodiscard]] bool alternate_screen() const;
    [[nodiscard]] bool cursor_visible() const;
    [[nodiscard]] bool wants_paste_brackets() const;
    [[nodiscard]] bool wants_focus() const;
    [[nodiscard]] bool wants_mouse() const;
    [[nodiscard]] const std::string& title() const;
    [[nodiscard]] int bells() const;

    /// Everything that the program wrote so far; a mark is its size at some time.
    [[nodiscard]] const std::string& written() const;

    /// The program on the terminal.
    [[nodiscard]] Job& job();
    /// Reads until the program has ended, and what it left on the way; false if it does not
    /// in time.
    [[nodiscard]] bool wait_for_end(Duration patience = kPatience);
    /// Reads until the program is suspended (C-z).
    [[nodiscard]] bool wait_for_stop(Duration patience = kPatience);

    /// The modes of the pty, as a shell would find them; before the program, and now.
    [[nodiscard]] const termios& modes_before() const;
    [[nodiscard]] termios modes() const;

  private:
    class Screen;

    bool turn(std::chrono::steady_clock::time_point deadline);
    void take_output();
    void flush();

    std::unique_ptr<Screen> screen_;
    std::string written_;
    std::string to_send_;
    termios before_{};
    int master_ = -1;
    int slave_ = -1;
    std::unique_ptr<Job> job_;
};

/// The flags and control characters of both are the same.
[[nodiscard]] bool same_modes(const termios& one, const termios& other);

}  // namespace sotto::test
