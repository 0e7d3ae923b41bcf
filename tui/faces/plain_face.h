#pragma once

#include "tui/common/command_table.h"
#include "tui/common/delivery_tally.h"
#include "tui/common/face.h"
#include "tui/common/link_news.h"
#include "tui/faces/line_input.h"
#include "tui/faces/line_output.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

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
    [[nodiscard]] int exit_status() const override { return tally_.exit_status(); }

  private:
    using Chats = std::map<std::string, client::event::ChatChanged>;

    [[nodiscard]] Current current() const;
    void go_to(Chats::const_iterator chat, int step = 0);
    void run_lines();
    [[nodiscard]] bool must_wait(const LineInput::Line& line) const;
    void line(const std::string& text);
    void follow(const client::event::ChatChanged& event);
    void back_from_failed_request();
    void say(const std::string& text);
    void leave_when_settled();
    void leave();

    void act(const FaceRequest& request);
    void help(const std::string& word);
    void select(const std::string& user);
    void next_chat(const std::string& argument);
    void previous_chat(const std::string& argument);
    void ask_trust(const std::string& user);
    void show_link(const std::string& user);
    [[nodiscard]] static std::string row_of(const client::event::UserEntry& user);
    void list_users(const std::string& argument);
    void list_requests(const std::string& argument);
    void tell_fingerprint(const std::string& argument);
    void toggle_wire(const std::string& argument);

    // plain_events.cpp
    void show(const client::event::LinkChanged& event);
    void show(const client::event::RelayTrustNeeded& event);
    void show(const client::event::RelayKeyChanged& event);
    void show(const client::event::Registered& event);
    void show(const client::event::UsersChanged& event);
    void show(const client::event::SearchResult& event);
    void show(const client::event::RequestArrived& event);
    void show(const client::event::RequestGone& event);
    void show(const client::event::ChatChanged& event);
    void show(const client::event::MessageAdded& event);
    void show(const client::event::DeliveryChanged& event);
    void show(const client::event::PeerTyping& event);
    void show(const client::event::KeyChanged& event);
    void show(const client::event::SafetyNumber& event);
    void show(const client::event::Contact& event);
    void show(const client::event::BlockedUsers& event);
    void show(const client::event::Status& event);
    void show(const client::event::Notice& event);
    void show(const client::event::Refused& event);
    void show(const client::event::WireSeen& event);
    void show(const client::event::Finished& event);

    LineInput input_;
    LineOutput output_;
    Sink sink_;
    DeliveryTally tally_;
    LinkNews news_;
    std::string current_;  ///< the chat that text goes to
    std::string own_;      ///< one's name
    std::string fingerprint_;
    std::map<std::string, client::event::UserEntry> users_;
    std::map<std::string, std::string> requests_;  ///< user -> fingerprint
    std::map<std::string, client::event::KeyChanged> key_changes_;
    Chats chats_;
    std::string link_ = "offline";  ///< what the last change of the link said
    bool wire_;
    bool pipe_;
    bool ready_;                ///< the relay has answered, or something is to be settled first
    bool running_ = false;      ///< lines are, further up the stack
    bool interrupted_ = false;  ///< by Ctrl-C, and nothing was typed since
    std::string asked_;         ///< for a chat; the client has not said anything to it yet
    /// The way back from a request that comes to nothing at once: a mistyped name.
    struct Way {
        std::string from;
        std::string back;  ///< the chat before
        Time until{};      ///< later somebody may be writing to `from`
    };
    std::optional<Way> way_;
    Time now_{};
    bool leaving_ = false;
};

}  // namespace sotto::tui
