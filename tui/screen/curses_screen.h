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
    /// The terminal is as it was.
    ~CursesScreen();
    CursesScreen(const CursesScreen&) = delete;
    CursesScreen& operator=(const CursesScreen&) = delete;

    /// Writes the cells that differ from what is shown, in one update.
    void show(const Frame& frame);
    /// Everything is drawn anew with the next `show`.
    void forget();
    void bell();

    /// All that was typed so far; nothing if nothing was. A paste whose end has not come
    /// yet is kept back, and so is what may be the beginning of a key: `settle` takes that as
    /// it is, once nothing has followed for the time of `patience`.
    [[nodiscard]] std::vector<Input> read();
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const;
    [[nodiscard]] std::vector<Input> settle();
    /// A paste is kept back; `end_paste` takes it as it is.
    [[nodiscard]] bool pasting() const noexcept;
    [[nodiscard]] std::vector<Input> end_paste();
    /// The terminal is gone: nothing will come any more.
    [[nodiscard]] bool hung_up() const noexcept;

    /// The size the terminal has now.
    [[nodiscard]] Size size();

    /// Gives the terminal back, and takes it again: around a stop.
    void leave();
    void enter();

    struct Impl;

  private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::tui
