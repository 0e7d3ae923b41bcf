#pragma once

#include "tui/face.h"
#include "tui/faces/line_input.h"
#include "tui/faces/line_output.h"
#include "tui/model/command_table.h"
#include "tui/model/delivery_tally.h"

#include <map>
#include <string>

namespace sotto::tui {

/// The client line by line: for screen readers, pipes and dumb terminals. Events come
/// out as sentences; a line that goes in is text for the current chat or a command.
class PlainFace final : public Face {
  public:
    /// Reads `input`, writes `output`; both stay the caller's.
    PlainFace(int input, int output, Sink sink, bool show_wire = false);

    void on_event(const client::Event& event, Time now) override;
    void on_input(Time now) override;
    [[nodiscard]] int input_descriptor() const override { return input_.descriptor(); }
    [[nodiscard]] int exit_status() const override { return tally_.exit_status(); }

  private:
    using Chats = std::map<std::string, client::event::ChatChanged>;

    [[nodiscard]] Current current() const;
    void go_to(Chats::const_iterator chat, int step = 0);
    void line(const std::string& text);
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
    void list_users(const std::string& argument);
    void list_requests(const std::string& argument);
    void tell_fingerprint(const std::string& argument);
    void toggle_wire(const std::string& argument);

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
    std::string current_;  ///< the chat that text goes to
    std::string own_;      ///< one's name
    std::string fingerprint_;
    std::map<std::string, client::event::UserEntry> users_;
    std::map<std::string, std::string> requests_;  ///< user -> fingerprint
    std::map<std::string, client::event::KeyChanged> key_changes_;
    Chats chats_;
    std::string link_ = "offline";  ///< what the last change of the link said
    bool wire_;
    bool leaving_ = false;
};

}  // namespace sotto::tui
