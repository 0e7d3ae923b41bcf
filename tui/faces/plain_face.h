#pragma once

#include "tui/common/client_view.h"
#include "tui/common/command_table.h"
#include "tui/common/face.h"
#include "tui/faces/line_input.h"
#include "tui/faces/line_output.h"
#include "tui/faces/plain_sentences.h"
#include "tui/faces/text_target.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sotto::tui {

/// The client line by line: for screen readers, pipes and dumb terminals. Events come
/// out as sentences; a line that goes in is text for the current chat or a command. What
/// comes from a pipe waits until it can be used: for the relay, and text for an answer to the
/// request before it. A person sees how things stand, and must be able to leave meanwhile.
class PlainFace final : public Face {
  public:
    struct Options {
        bool show_wire = false;
        bool pipe = false;  ///< nobody sits at the input
    };
    /// Reads `input`, writes `output`; both stay the caller's.
    PlainFace(int input, int output, Sink sink, Options options);
    PlainFace(int input, int output, Sink sink) : PlainFace(input, output, std::move(sink), {}) {}

    void on_event(const client::Event& event, Time now) override;
    void on_input(Time now) override;
    [[nodiscard]] bool on_interrupt(Time now) override;
    [[nodiscard]] int input_descriptor() const override;
    [[nodiscard]] int exit_status() const override { return tui::exit_status(view_, lost_); }

  private:
    void react(const client::Event& event);
    [[nodiscard]] Current current() const;
    void run_lines();
    [[nodiscard]] bool must_wait(const LineInput::Line& line) const;
    void line(const std::string& text);
    void say(const std::string& text);
    void say(const std::vector<std::string>& lines);
    void say_again_to(const std::string& user);
    void leave_when_settled();
    void leave();

    // What a command does to the face itself.
    struct ActionRow {
        FaceAction key;
        void (PlainFace::*run)(const std::string& argument);
    };
    static const ActionRow& row_of_action(FaceAction action);
    void help(const std::string& word);
    void select(const std::string& user);
    void next_chat(const std::string& argument);
    void previous_chat(const std::string& argument);
    void go_to(const std::string& user);
    void ask_trust(const std::string& user);
    void show_link(const std::string& user);
    void list_users(const std::string& argument);
    void list_requests(const std::string& argument);
    void tell_fingerprint(const std::string& argument);
    void toggle_wire(const std::string& argument);
    void refer_to_screen(const std::string& argument);

    LineInput input_;
    LineOutput output_;
    Sink sink_;
    ClientView view_;
    PlainSentences sentences_;
    TextTarget target_;
    bool wire_;
    bool pipe_;
    bool ready_;                ///< the relay has answered, or something is to be settled first
    bool running_ = false;      ///< lines are, further up the stack
    bool interrupted_ = false;  ///< by Ctrl-C, and nothing was typed since
    bool lost_ = false;         ///< a line that was meant as a text never became one
    bool leaving_ = false;
    Time now_{};
    std::uint64_t last_id_ = 0;  ///< of the commands that are looked out for
};

}  // namespace sotto::tui
