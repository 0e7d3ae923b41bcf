#pragma once

#include "tui/common/face.h"
#include "tui/model/model.h"
#include "tui/screen/curses_screen.h"

#include <optional>
#include <vector>

namespace sotto::tui {

/// The full-screen face: the model decides, the view draws, the terminal shows.
class ScreenFace final : public Face {
  public:
    struct Options {
        bool colours = true;
        bool wire = false;  ///< begins with the /wire page
        EmojiWidth emoji = EmojiWidth::two;
    };

    /// Throws std::runtime_error if the terminal can't be used. Install the program's signal
    /// handlers before: ncurses does not replace them.
    ScreenFace(Options options, Sink sink);

    void on_event(const client::Event& event, Time now) override;
    void on_input(Time now) override;
    void on_resize() override;
    void on_tick(Time now) override;
    [[nodiscard]] std::optional<Time> next_deadline() const override;
    void refresh(Time now) override;
    void on_suspend() override;
    void on_resume() override;
    [[nodiscard]] int input_descriptor() const override;
    [[nodiscard]] int exit_status() const override { return model_.exit_status(); }

  private:
    void take(const std::vector<Input>& inputs);
    void pass_on();
    void perform(Effect effect);

    Sink sink_;
    CursesScreen screen_;
    Model model_;
    std::optional<Time> paste_since_;
    std::optional<Time> settle_at_;  ///< when an Esc counts as a key of its own
    Time change_{};                  ///< when the frame changes without an event
    bool ended_ = false;
};

}  // namespace sotto::tui
