#pragma once

#include "tui/common/client_view.h"
#include "tui/common/face.h"
#include "tui/faces/line_output.h"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::tui {

/// Sends what stands on its input to one person and leaves: asks for a chat, waits for the
/// answer and until everything was delivered. What goes wrong, and what the person says
/// meanwhile, comes out as lines.
class SendFace final : public Face {
  public:
    /// Reads `input`, writes `output`; both stay the caller's.
    SendFace(int input, int output, std::string user, Sink sink);

    void on_event(const client::Event& event, Time now) override;
    void on_input(Time now) override;
    [[nodiscard]] int input_descriptor() const override { return complete_ ? -1 : input_; }
    [[nodiscard]] int exit_status() const override;

  private:
    void show(const client::event::LinkChanged& event);
    void show(const client::event::RelayTrustNeeded& event);
    void show(const client::event::RelayKeyChanged& event);
    void show(const client::event::Registered& event);
    void show(const client::event::ChatChanged& event);
    void show(const client::event::MessageAdded& event);
    void show(const client::event::KeyChanged& event);
    void show(const client::event::Notice& event);
    void show(const client::event::Refused& event);
    void show(const client::event::Finished& event);
    template <class Other>
    void show(const Other& /*event*/) {}

    void say(const std::string& text) { (void)output_.line(text); }
    void input_ended();
    void send_when_possible();
    void fail(const std::string& why);
    void leave();

    int input_;
    LineOutput output_;
    std::string user_;
    Sink sink_;
    ClientView view_;
    std::string text_;
    bool asked_ = false;                 ///< on this connection
    bool complete_ = false;              ///< the input has ended
    std::optional<std::size_t> pieces_;  ///< so many texts were handed to the client
    std::size_t entered_ = 0;            ///< so many of them it has taken
    bool failed_ = false;
    std::string reason_;      ///< of the relay's refusal, for want of a better explanation
    bool explained_ = false;  ///< it was said why
    bool leaving_ = false;
};

/// `text` in pieces of at most `max_bytes` (4 or more), cut behind a newline where there
/// is one, else between two characters. `text` is valid UTF-8.
[[nodiscard]] std::vector<std::string_view> pieces_of(std::string_view text, std::size_t max_bytes);

}  // namespace sotto::tui
