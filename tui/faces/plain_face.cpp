#include "tui/faces/plain_face.h"

#include "crypto/base/ascii.h"
#include "crypto/base/enum_table.h"
#include "tui/common/words.h"

#include <iterator>
#include <utility>

namespace sotto::tui {

namespace {

constexpr std::size_t kMaxLine = 32 * 1024;

bool is_text(const std::string& line) {
    return line.front() != '/' || line.substr(0, 2) == "//";
}

}  // namespace

PlainFace::PlainFace(int input, int output, Sink sink, Options options)
    : input_(input, kMaxLine),
      output_(output),
      sink_(std::move(sink)),
      target_(options.pipe),
      wire_(options.show_wire),
      pipe_(options.pipe),
      ready_(!options.pipe) {}

void PlainFace::say(const std::string& text) {
    if (!output_.line(text)) {
        leave();  // nobody reads any more
    }
}

void PlainFace::say(const std::vector<std::string>& lines) {
    for (const std::string& line : lines) {
        say(line);
    }
}

void PlainFace::on_event(const client::Event& event, Time now) {
    now_ = now;
    const std::vector<std::string> lines = sentences_.of(event, view_);
    fold(view_, event);
    say(lines);
    react(event);
    run_lines();
}

/// What follows from an event besides its lines.
void PlainFace::react(const client::Event& event) {
    if (const auto* link = std::get_if<client::event::LinkChanged>(&event.what)) {
        ready_ = ready_ || link->state == client::Link::refused;
    } else if (std::holds_alternative<client::event::RelayTrustNeeded>(event.what) ||
               std::holds_alternative<client::event::Registered>(event.what)) {
        ready_ = true;
    } else if (const auto* chat = std::get_if<client::event::ChatChanged>(&event.what)) {
        say_again_to(target_.follow(*chat, event.answers, now_));
    } else if (const auto* refused = std::get_if<client::event::Refused>(&event.what)) {
        lost_ = lost_ || refused->command == client::CommandKind::send_text;
        // With another pin than the one that was shown: the person decides again.
        ready_ = ready_ || refused->command == client::CommandKind::trust_relay;
        say_again_to(target_.refused(event.answers, now_));
    } else if (const auto* seen = std::get_if<client::event::WireSeen>(&event.what);
               seen && wire_) {
        say((seen->outgoing ? "-> " : "<- ") + seen->json.str());
    }
}

void PlainFace::say_again_to(const std::string& user) {
    if (!user.empty()) {
        say("* still to " + user);
    }
}

void PlainFace::on_input(Time now) {
    now_ = now;
    input_.read();
    run_lines();
}

int PlainFace::input_descriptor() const {
    return ready_ && !input_.waiting() ? input_.descriptor() : -1;
}

/// The terminal has thrown away the line that was begun.
bool PlainFace::on_interrupt(Time /*now*/) {
    if (pipe_ || std::exchange(interrupted_, true)) {
        return false;
    }
    say("");
    say("* Ctrl-C clears the line; /quit leaves, or Ctrl-C once more");
    return true;
}

/// All that need not wait. A line may bring about events, and those call this again.
void PlainFace::run_lines() {
    if (std::exchange(running_, true)) {
        return;
    }
    while (input_.waiting() && !must_wait(*input_.waiting())) {
        const auto next = input_.next();
        if (next->too_long) {
            lost_ = true;
            say("! that line is too long; it was dropped");
        } else {
            line(next->text);
        }
    }
    running_ = false;
    leave_when_settled();
}

bool PlainFace::must_wait(const LineInput::Line& line) const {
    if (!pipe_ || (ready_ && !target_.is_asking() && line.text.empty())) {
        return false;
    }
    const bool unanswered = view_.chat(client::ChatKey::with(target_.user())).about.state ==
                            client::ChatState::requested;
    return !ready_ || target_.is_asking() || (unanswered && is_text(line.text));
}

void PlainFace::leave_when_settled() {
    if (input_.ended() && !input_.waiting() && ready_ && !target_.is_asking() &&
        is_settled(view_)) {
        leave();
    }
}

void PlainFace::leave() {
    if (!std::exchange(leaving_, true)) {
        sink_(client::command::Quit{});
    }
}

Current PlainFace::current() const {
    return {target_.user(), view_.requests.size() == 1 ? view_.requests.front().chat.name() : ""};
}

void PlainFace::line(const std::string& text) {
    interrupted_ = false;
    if (text.empty()) {
        return;
    }
    const Understood understood = understand(text, current());
    if (const auto* wrong = std::get_if<Misunderstood>(&understood)) {
        if (is_text(text)) {
            lost_ = true;  // it was meant for somebody
        }
        say("! " + wrong->why);
    } else if (const auto* command = std::get_if<client::Command>(&understood)) {
        if (std::holds_alternative<client::command::SendText>(command->what)) {
            target_.keep();
        } else if (std::holds_alternative<client::command::TrustRelay>(command->what)) {
            ready_ = !pipe_;
        }
        sink_(*command);
    } else {
        const auto& request = std::get<FaceRequest>(understood);
        (this->*row_of_action(request.action).run)(request.argument);
    }
}

const PlainFace::ActionRow& PlainFace::row_of_action(FaceAction action) {
    static constexpr base::EnumTable<FaceAction, ActionRow> kRows({
        {FaceAction::help, &PlainFace::help},
        {FaceAction::select, &PlainFace::select},
        {FaceAction::users, &PlainFace::list_users},
        {FaceAction::requests, &PlainFace::list_requests},
        {FaceAction::next_chat, &PlainFace::next_chat},
        {FaceAction::previous_chat, &PlainFace::previous_chat},
        {FaceAction::search, &PlainFace::refer_to_screen},
        {FaceAction::clear, &PlainFace::refer_to_screen},
        {FaceAction::fingerprint, &PlainFace::tell_fingerprint},
        {FaceAction::qr, &PlainFace::show_link},
        {FaceAction::trust, &PlainFace::ask_trust},
        {FaceAction::wire, &PlainFace::toggle_wire},
    });
    return kRows[action];
}

void PlainFace::refer_to_screen(const std::string& /*argument*/) {
    say("! that is for the full screen; here everything stands in its line");
}

void PlainFace::help(const std::string& word) {
    bool any = false;
    for (const CommandRow& row : command_table()) {
        const std::string text = "/" + std::string(row.name) + " " + std::string(row.arguments) +
                                 "  " + std::string(row.help);
        if (!row.full_screen &&
            base::lower_case(text).find(base::lower_case(word)) != std::string::npos) {
            say(text);
            any = true;
        }
    }
    if (!any) {
        say("no command holds " + word);
    }
}

void PlainFace::select(const std::string& user) {
    if (is_current(view_.chat(client::ChatKey::with(user)).about.state)) {
        go_to(user);
    } else {
        const client::CommandId id{++last_id_};
        target_.ask(user, id, now_);
        sink_(client::Command(client::command::RequestChat{client::ChatKey::with(user)}, id));
    }
}

void PlainFace::go_to(const std::string& user) {
    if (user.empty()) {
        say("! there is no chat to go to; /chat NAME asks for one");
        return;
    }
    target_.set(user);
    say("* now to " + user);
}

void PlainFace::next_chat(const std::string& /*argument*/) {
    const auto& chats = view_.chats;
    auto at = chats.upper_bound(client::ChatKey::with(target_.user()));
    at = at == chats.end() ? chats.begin() : at;
    go_to(chats.empty() ? "" : at->first.name());
}

void PlainFace::previous_chat(const std::string& /*argument*/) {
    const auto& chats = view_.chats;
    const auto at = chats.lower_bound(client::ChatKey::with(target_.user()));
    go_to(chats.empty() ? "" : std::prev(at == chats.begin() ? chats.end() : at)->first.name());
}

void PlainFace::ask_trust(const std::string& user) {
    const auto change = view_.key_changes.find(user);
    if (change != view_.key_changes.end()) {
        say(sentences_of(change->second));
    } else {
        say("! the key of " + user + " has not changed");
    }
}

/// No code of blocks: a screen reader could only spell it out.
void PlainFace::show_link(const std::string& user) {
    sink_(client::command::ShowContact{user.empty() ? view_.own_name : user});
}

void PlainFace::list_users(const std::string& /*argument*/) {
    for (const auto& [name, user] : view_.users) {
        say(name == view_.own_name ? "  " + name + " (you)" : row_of(user));
    }
    sink_(client::command::RefreshUsers{});
}

void PlainFace::list_requests(const std::string& /*argument*/) {
    say(view_.requests.empty() ? "no requests wait" : "requests:");
    for (const auto& request : view_.requests) {
        say("  " + request.chat.name() + "  " + request.fingerprint);
    }
}

void PlainFace::tell_fingerprint(const std::string& /*argument*/) {
    say("your fingerprint: " + view_.own_fingerprint);
}

void PlainFace::toggle_wire(const std::string& /*argument*/) {
    wire_ = !wire_;
    say(wire_ ? "showing the wire" : "hiding the wire");
}

}  // namespace sotto::tui
