#pragma once

#include "crypto/base/time.h"
#include "tui/client/command.h"
#include "tui/client/event.h"

#include <functional>
#include <optional>

namespace sotto::tui {

/// A way for a person or a program to use the client core: the ncurses screen, the
/// plain lines, the JSON lines. All are equal users of the same events and commands.
/// Everything is called on the loop's thread.
class Face {
  public:
    using Time = base::MonotonicTime;
    using Sink = std::function<void(const client::Command&)>;

    Face() = default;
    Face(const Face&) = delete;
    Face& operator=(const Face&) = delete;
    virtual ~Face() = default;

    virtual void on_event(const client::Event& event, Time now) = 0;
    /// The input descriptor is readable.
    virtual void on_input(Time now) = 0;
    virtual void on_resize() {}
    /// Ctrl-C at the terminal, where that is a signal. False: it means that we shall leave.
    [[nodiscard]] virtual bool on_interrupt(Time) { return false; }
    virtual void on_tick(Time) {}
    [[nodiscard]] virtual std::optional<Time> next_deadline() const { return std::nullopt; }
    /// After every turn of the loop: show what changed, once.
    virtual void refresh(Time) {}
    /// Ctrl-Z and back.
    virtual void on_suspend() {}
    virtual void on_resume() {}

    /// The descriptor that `on_input` reads; -1 while it would read nothing, as at the end.
    [[nodiscard]] virtual int input_descriptor() const = 0;
    /// What the process should exit with.
    [[nodiscard]] virtual int exit_status() const { return 0; }
};

}  // namespace sotto::tui
