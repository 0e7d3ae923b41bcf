#pragma once

#include "tui/model/key.h"
#include "tui/view/frame.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sotto::tui {

/// The terminal through ncurses: the only file that knows it. Shows frames and reads keys.
/// One at a time in a process, on one thread.
class CursesScreen {
  public:
    struct Options {
        bool colours = true;  ///< false with NO_COLOR
    };

    /// Takes the terminal on standard input and output into full-screen mode. The locale
    /// must be set. Throws std::runtime_error with a sentence for the person if the kind of
    /// terminal is unknown.
    explicit CursesScreen(Options options);
    /// Restores the terminal.
    ~CursesScreen();
    CursesScreen(const CursesScreen&) = delete;
    CursesScreen& operator=(const CursesScreen&) = delete;

    /// Writes the cells that differ from what is shown, in one update.
    void show(const Frame& frame);
    /// The next `show` redraws everything.
    void forget();
    void bell();

    /// Everything typed so far, possibly nothing. An incomplete paste is kept back, and so is
    /// the possible beginning of a key: `settle` takes that as it is, once nothing has
    /// followed for the time of `patience`.
    [[nodiscard]] std::vector<Input> read();
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const;
    [[nodiscard]] std::vector<Input> settle();
    /// A paste is incomplete; `end_paste` takes it as it is.
    [[nodiscard]] bool pasting() const noexcept;
    [[nodiscard]] std::vector<Input> end_paste();
    /// The terminal is gone: no more input will come.
    [[nodiscard]] bool hung_up() const noexcept;

    /// The size the terminal has now.
    [[nodiscard]] Size size();

    /// Restores the terminal before a stop, and takes it again after it.
    void leave();
    void enter();

    struct Impl;

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::tui
