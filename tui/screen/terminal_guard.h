#pragma once

#include <string>

namespace sotto::tui {

/// While it lives, a process that crashes leaves the terminal as it was: SIGSEGV, SIGBUS,
/// SIGFPE, SIGILL, SIGSYS, SIGQUIT and SIGABRT (so also an uncaught exception) write a
/// prepared string, set the terminal's modes, and go on to what they do by default. The
/// handlers do nothing that is not async-signal-safe, and run on a stack of their own.
class TerminalGuard {
  public:
    /// Keeps the modes that `descriptor` has now. `restore` is what undoes the full screen;
    /// it is cut at 512 bytes.
    TerminalGuard(int descriptor, const std::string& restore);
    ~TerminalGuard();
    TerminalGuard(const TerminalGuard&) = delete;
    TerminalGuard& operator=(const TerminalGuard&) = delete;

    /// The full screen is left or entered: whether a crash has anything to undo.
    void arm(bool on) noexcept;
};

}  // namespace sotto::tui
