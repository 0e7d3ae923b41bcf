#pragma once

#include "tui/model/context.h"
#include "tui/model/key.h"

#include <cstdint>
#include <vector>

namespace sotto::tui {

/// The full screen without a screen, clock or descriptor: events, keys and sizes in; a State
/// to draw, commands for the client and effects for the terminal out.
class Model {
  public:
    Model(LocalTime local, EmojiWidth emoji);

    /// `wall_ms` is the time shown with what the program says.
    void on_event(const client::Event& event, std::uint64_t wall_ms);
    void on_input(const Input& input, std::uint64_t wall_ms);
    void on_resize(Size size);

    [[nodiscard]] const State& state() const noexcept { return context_.state; }
    [[nodiscard]] std::vector<client::Command> take_commands();
    [[nodiscard]] std::vector<Effect> take_effects();
    /// As /wire does: at the start, for who wants to see it from there.
    void show_wire();
    /// What the process should exit with, as things stand.
    [[nodiscard]] int exit_status() const { return tui::exit_status(state().client, false); }

  private:
    Context context_;
};

}  // namespace sotto::tui
