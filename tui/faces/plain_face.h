#pragma once

#include "tui/face.h"
#include "tui/model/command_table.h"

#include <map>
#include <memory>
#include <set>
#include <string>

namespace sotto::tui {

/// The client line by line: for screen readers, pipes and dumb terminals. Events come
/// out as sentences; a line that goes in is text for the current chat or a command.
class PlainFace final : public Face {
  public:
    /// Reads `input`, writes `output`; both stay the caller's.
    PlainFace(int input, int output, Sink sink);

    void on_event(const client::Event& event, Time now) override;
    void on_input(Time now) override;
    [[nodiscard]] int input_descriptor() const override { return ended_ ? -1 : input_; }
    [[nodiscard]] int exit_status() const override { return status_; }

  private:
    void line(const std::string& text);
    void say(const std::string& text);
    void act(const FaceRequest& request);
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
    void show(const client::event::Notice& event);
    void show(const client::event::Refused& event);
    void show(const client::event::WireSeen& event);
    void show(const client::event::Finished& event);
    void leave_when_delivered();

    int input_;
    int output_;
    Sink sink_;
    std::string pending_;  ///< input without its newline yet
    std::string current_;  ///< the chat that text goes to
    std::string fingerprint_;
    std::map<std::string, client::event::UserEntry> users_;
    std::map<std::string, std::string> requests_;  ///< user -> fingerprint
    std::map<std::string, client::event::ChatChanged> chats_;
    std::set<client::MessageKey> undelivered_;
    bool wire_ = false;
    bool ended_ = false;
    bool leaving_ = false;
    int status_ = 0;
};

}  // namespace sotto::tui
