#pragma once

#include "tui/client/command.h"
#include "tui/client/event.h"
#include "tui/common/command_table.h"
#include "tui/common/completion.h"
#include "tui/common/delivery_tally.h"
#include "tui/common/link_news.h"
#include "tui/model/key.h"
#include "tui/model/key_table.h"
#include "tui/model/state.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sotto::tui {

/// The rules of the full screen: events, keys and sizes in; a State to draw, commands for
/// the client and effects for the terminal out. No screen, clock or descriptor.
/// model_events.cpp: what arrives; model_keys.cpp: keys; model_line.cpp: the input line;
/// model_overlays.cpp: keys while something is asked; model_commands.cpp: slash commands.
class Model {
  public:
    /// What the terminal itself is to do.
    enum class Effect { bell, redraw, suspend };

    Model(LocalTime local, EmojiWidth emoji);

    /// `wall_ms` is the time shown with what the program says.
    void on_event(const client::Event& event, std::uint64_t wall_ms);
    void on_input(const Input& input, std::uint64_t wall_ms);
    void on_resize(Size size);

    [[nodiscard]] const State& state() const noexcept { return state_; }
    [[nodiscard]] std::vector<client::Command> take_commands();
    [[nodiscard]] std::vector<Effect> take_effects();
    /// As /wire does: at the start, for who wants to see it from there.
    void show_wire();
    /// What the process should exit with, as things stand.
    [[nodiscard]] int exit_status() const noexcept { return tally_.exit_status(); }

  private:
    // model_events.cpp
    void on(const client::event::LinkChanged& event);
    void on(const client::event::RelayTrustNeeded& event);
    void on(const client::event::RelayKeyChanged& event);
    void on(const client::event::Registered& event);
    void on(const client::event::UsersChanged& event);
    void on(const client::event::SearchResult& event);
    void on(const client::event::RequestArrived& event);
    void on(const client::event::RequestGone& event);
    void on(const client::event::ChatChanged& event);
    void on(const client::event::MessageAdded& event);
    void on(const client::event::DeliveryChanged& event);
    void on(const client::event::PeerTyping& event);
    void on(const client::event::KeyChanged& event);
    void on(const client::event::SafetyNumber& event);
    void on(const client::event::Contact& event);
    void on(const client::event::BlockedUsers& event);
    void on(const client::event::Status& event);
    void on(const client::event::Notice& event);
    void on(const client::event::Refused& event);
    void on(const client::event::WireSeen& event);
    void on(const client::event::Finished& event);
    Chat& chat_with(const std::string& user);
    void renew_request(const std::string& user, client::Trust trust);
    void log_state(Chat& chat, const client::event::ChatChanged& before);
    void say(Chat& chat, LogEntry::Kind kind, client::SafeText text);
    void say_here(LogEntry::Kind kind, const std::string& text);
    [[nodiscard]] bool watching(const Chat& chat) const;
    [[nodiscard]] bool nothing_in(const Chat& chat) const;

    // model_keys.cpp
    void on(const Key& key);
    void on(const WindowFocus& focus);
    [[nodiscard]] Key after_escape(Key key);
    void run(Act act, const Key& key);
    void show_help(const Key& key);
    void focus_pane(int step);
    void begin_selection();
    void list_act(Act act);
    void scroll(int rows);
    void search_again(bool older);
    void search_for(const std::string& word);

    // model_line.cpp
    void on(const Paste& paste);
    void run(Edit edit);
    void type(const std::string& text);
    void seen();
    void complete_word(int step);
    [[nodiscard]] std::vector<std::string> names() const;
    void send_line();
    void put_back();

    // model_overlays.cpp
    void in_prompt(const Key& key, const std::string& name);
    void in_overlay(Page& page, const Key& key, const std::string& name);
    [[nodiscard]] Extent extent_of(const std::vector<PageLine>& lines) const;
    int scroll(int& top, const std::vector<PageLine>& lines, Act act) const;
    void begin_command();
    void in_overlay(Question& question, const Key& key, const std::string& name);
    void in_overlay(Verification& verification, const Key& key, const std::string& name);
    void in_full(Question& question, const Key& key, const std::string& name);
    void answer(bool yes);
    void compare(Verification& verification);

    // model_commands.cpp
    void act(const FaceRequest& request);
    void command(const client::Command& command);
    void go_to(std::size_t chat);
    void step_chat(int by);
    void next_activity();
    void select(const std::string& user);
    void remove_chat(std::size_t at);
    [[nodiscard]] bool over(const std::string& user) const;
    void put_away(const std::string& user);
    [[nodiscard]] Current current() const;

    /// A line as it was typed, and in whose chat; that is not whom its text is for with /msg.
    struct Text {
        std::string typed_in;
        std::string user;
        std::string line;
    };

    State state_;
    DeliveryTally tally_;
    std::optional<Text> handed_over_;  ///< to the client, which may refuse it
    std::vector<client::Command> commands_;
    std::vector<Effect> effects_;
    std::uint64_t wall_ms_ = 0;
    LinkNews news_;
    std::string answered_;     ///< whose request the person has just answered in the list
    std::string confirming_;   ///< whose safety number the client compares
    bool distrusted_ = false;  ///< the person has just said no to the relay's key
    std::string chord_;        ///< a key that waits for its second
    std::optional<std::uint64_t> escape_ms_;  ///< when an Esc had nothing else to do
    std::string wanted_chat_;                 ///< asked for by name: shown once it exists
    std::string unblocked_;   ///< by a command: what comes of it is said where that was typed
    bool wanted_qr_ = false;  ///< the next contact is shown as a QR code
    Completion completion_;   ///< of the last Tab
    std::string completed_;   ///< the line that it left
    std::optional<std::size_t> candidate_;  ///< of its candidates, once one was taken whole
};

}  // namespace sotto::tui
