#include "tui/faces/plain_face.h"

#include "tui/common/ascii.h"
#include "tui/common/words.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sotto::tui {

namespace {

constexpr std::size_t kMaxLine = 32 * 1024;
constexpr Face::Time kAtOnce = std::chrono::seconds(5);  // a relay that doesn't know a name says so

bool is_text(const std::string& line) {
    return line.front() != '/' || line.substr(0, 2) == "//";
}

}  // namespace

PlainFace::PlainFace(int input, int output, Sink sink, Options options)
    : input_(input, kMaxLine),
      output_(output),
      sink_(std::move(sink)),
      wire_(options.show_wire),
      pipe_(options.pipe),
      ready_(!options.pipe) {}

void PlainFace::say(const std::string& text) {
    if (!output_.line(text)) {
        leave();  // nobody reads any more
    }
}

void PlainFace::on_event(const client::Event& event, Time now) {
    now_ = now;
    tally_.observe(event);
    std::visit([this](const auto& one) { show(one); }, event.what);
    run_lines();
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
            tally_.lose();
            say("! that line is too long; it was dropped");
        } else {
            line(next->text);
        }
    }
    running_ = false;
    leave_when_settled();
}

bool PlainFace::must_wait(const LineInput::Line& line) const {
    if (!pipe_ || (ready_ && asked_.empty() && line.text.empty())) {
        return false;
    }
    const auto chat = chats_.find(current_);
    const bool unanswered =
        chat != chats_.end() && chat->second.state == client::ChatState::requested;
    return !ready_ || !asked_.empty() || (unanswered && is_text(line.text));
}

void PlainFace::leave_when_settled() {
    if (input_.ended() && !input_.waiting() && ready_ && asked_.empty() && tally_.settled()) {
        leave();
    }
}

void PlainFace::leave() {
    if (!std::exchange(leaving_, true)) {
        sink_(client::command::Quit{});
    }
}

Current PlainFace::current() const {
    return {current_, requests_.size() == 1 ? requests_.begin()->first : ""};
}

void PlainFace::line(const std::string& text) {
    interrupted_ = false;
    if (text.empty()) {
        return;
    }
    const Understood understood = understand(text, current());
    if (const auto* wrong = std::get_if<Misunderstood>(&understood)) {
        if (is_text(text)) {
            tally_.lose();  // it was meant for somebody
        }
        say("! " + wrong->why);
    } else if (const auto* command = std::get_if<client::Command>(&understood)) {
        if (std::holds_alternative<client::command::SendText>(command->what)) {
            way_.reset();  // somebody writes there
        } else if (std::holds_alternative<client::command::TrustRelay>(command->what)) {
            ready_ = !pipe_;
        }
        sink_(*command);
    } else {
        act(std::get<FaceRequest>(understood));
    }
}

void PlainFace::act(const FaceRequest& request) {
    using Act = void (PlainFace::*)(const std::string& argument);
    static const std::map<FaceAction, Act> acts{
        {FaceAction::help, &PlainFace::help},
        {FaceAction::select, &PlainFace::select},
        {FaceAction::next_chat, &PlainFace::next_chat},
        {FaceAction::previous_chat, &PlainFace::previous_chat},
        {FaceAction::trust, &PlainFace::ask_trust},
        {FaceAction::qr, &PlainFace::show_link},
        {FaceAction::users, &PlainFace::list_users},
        {FaceAction::requests, &PlainFace::list_requests},
        {FaceAction::fingerprint, &PlainFace::tell_fingerprint},
        {FaceAction::wire, &PlainFace::toggle_wire},
    };
    const auto act = acts.find(request.action);
    if (act == acts.end()) {
        say("! that is for the full screen; here everything stands in its line");
    } else {
        (this->*act->second)(request.argument);
    }
}

void PlainFace::help(const std::string& word) {
    bool any = false;
    for (const CommandRow& row : command_table()) {
        const std::string text = "/" + std::string(row.name) + " " + std::string(row.arguments) +
                                 "  " + std::string(row.help);
        if (!row.full_screen && lower_case(text).find(lower_case(word)) != std::string::npos) {
            say(text);
            any = true;
        }
    }
    if (!any) {
        say("no command holds " + word);
    }
}

void PlainFace::select(const std::string& user) {
    const auto chat = chats_.find(user);
    if (chat != chats_.end() && is_current(chat->second.state)) {
        way_.reset();
        current_ = user;
        say("* now to " + user);
    } else {
        asked_ = user;
        way_ = Way{user, current_, now_ + kAtOnce};
        sink_(client::command::RequestChat{client::ChatKey::with(user)});
    }
}

/// Text goes to a chat once the client has taken the request for it.
void PlainFace::follow(const client::event::ChatChanged& event) {
    if (event.chat.name() == asked_ && event.state != client::ChatState::asked) {
        asked_.clear();
        current_ = is_current(event.state) ? event.chat.name() : current_;
    }
    if (!way_ || event.chat.name() != way_->from || event.state == client::ChatState::requested ||
        event.state == client::ChatState::asked) {
        return;
    }
    if (event.state == client::ChatState::none) {
        back_from_failed_request();
    }
    way_.reset();
}

/// A person reads that nothing came of it. A pipe goes on with text for whom it named: that
/// must not reach somebody else.
void PlainFace::back_from_failed_request() {
    if (pipe_) {
        current_.clear();
    } else if (now_ <= way_->until) {
        current_ = way_->back;
        if (!current_.empty()) {
            say("* still to " + current_);
        }
    }
}

void PlainFace::next_chat(const std::string& /*argument*/) {
    const auto at = chats_.upper_bound(current_);
    go_to(at == chats_.end() ? chats_.begin() : at);
}

void PlainFace::previous_chat(const std::string& /*argument*/) {
    const auto at = chats_.lower_bound(current_);
    go_to(at == chats_.begin() ? chats_.end() : at, -1);
}

void PlainFace::go_to(Chats::const_iterator chat, int step) {
    if (chats_.empty()) {
        say("! there is no chat to go to; /chat NAME asks for one");
        return;
    }
    current_ = std::next(chat, step)->first;
    say("* now to " + current_);
}

void PlainFace::ask_trust(const std::string& user) {
    const auto change = key_changes_.find(user);
    if (change == key_changes_.end()) {
        say("! the key of " + user + " has not changed");
    } else {
        show(change->second);
    }
}

/// No code of blocks: a screen reader could only spell it out.
void PlainFace::show_link(const std::string& user) {
    sink_(client::command::ShowContact{user.empty() ? own_ : user});
}

std::string PlainFace::row_of(const client::event::UserEntry& user) {
    return "  " + user.name + (user.online ? " online " : " offline ") + word(user.trust) +
           (user.blocked ? ", blocked" : "");
}

void PlainFace::list_users(const std::string& /*argument*/) {
    for (const auto& [name, user] : users_) {
        say(name == own_ ? "  " + name + " (you)" : row_of(user));
    }
    sink_(client::command::RefreshUsers{});
}

void PlainFace::list_requests(const std::string& /*argument*/) {
    say(requests_.empty() ? "no requests wait" : "requests:");
    for (const auto& [user, print] : requests_) {
        say("  " + user + "  " + print);
    }
}

void PlainFace::tell_fingerprint(const std::string& /*argument*/) {
    say("your fingerprint: " + fingerprint_);
}

void PlainFace::toggle_wire(const std::string& /*argument*/) {
    wire_ = !wire_;
    say(wire_ ? "showing the wire" : "hiding the wire");
}

}  // namespace sotto::tui
