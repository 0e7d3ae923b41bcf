#pragma once

#include <string>

namespace sotto::tui {

/// While it exists, a crash restores the terminal: the handlers of SIGSEGV, SIGBUS, SIGFPE,
/// SIGILL, SIGSYS, SIGQUIT and SIGABRT (so also of an uncaught exception) write a prepared
/// string, set the terminal's modes, and then let the signal take its default action. They
/// do only what is async-signal-safe, and run on a stack of their own.
class TerminalGuard {
  public:
    /// Remembers the present modes of `descriptor`. `restore` is the string that undoes the full
    /// screen; it is cut at 512 bytes.
    TerminalGuard(int descriptor, const std::string& restore);
    ~TerminalGuard();
    TerminalGuard(const TerminalGuard&) = delete;
    TerminalGuard& operator=(const TerminalGuard&) = delete;

    /// Tells the guard that the full screen was entered or left: whether a crash must undo it.
    void arm(bool on) noexcept;
};

}  // namespace sotto::tui
