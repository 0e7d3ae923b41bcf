#pragma once

#include "tui/common/client_view.h"
#include "tui/common/face.h"
#include "tui/faces/json_commands.h"
#include "tui/faces/json_events.h"
#include "tui/faces/json_ids.h"
#include "tui/faces/line_input.h"
#include "tui/faces/line_output.h"

#include <optional>
#include <string>
#include <string_view>

namespace sotto::tui {

/// The client for programs: every event is a line of JSON, and every line of input one
/// command (sotto-json(5)). A line that is none is answered by `refused`, and nothing
/// else happens.
class JsonFace final : public Face {
  public:
    /// Reads `input`, writes `output`; both stay the caller's. The first line is `ready`.
    JsonFace(int input, int output, Sink sink, const JsonReady& ready);

    void on_event(const client::Event& event, Time now) override;
    void on_input(Time now) override;
    [[nodiscard]] int input_descriptor() const override { return input_.descriptor(); }
    [[nodiscard]] int exit_status() const override { return tui::exit_status(view_, lost_); }

  private:
    void command(std::string_view line, Time now);
    void refuse(const JsonRefusal& refusal, Time now);
    void write(const std::string& line);
    void leave_when_settled();
    void leave();

    LineInput input_;
    LineOutput output_;
    Sink sink_;
    ClientView view_;
    JsonIds ids_;
    bool lost_ = false;  ///< a text was refused, or a line may have been one
    bool leaving_ = false;
};

}  // namespace sotto::tui
