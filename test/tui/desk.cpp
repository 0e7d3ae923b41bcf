#include "test/tui/desk.h"

#include <map>
#include <sstream>
#include <utility>

namespace sotto::test {

namespace event = client::event;
using tui::Key;

namespace {

constexpr std::uint64_t kAfternoon = 1'795'529'100'000;  // 2026-11-24 14:05 UTC

std::tm utc(std::uint64_t ms) {
    const auto seconds = static_cast<std::time_t>(ms / 1'000);
    std::tm out{};
    ::gmtime_r(&seconds, &out);
    return out;
}

Key key_named(std::string name) {
    static const std::map<std::string, Key::Code> codes{
        {"Enter", Key::Code::enter},
        {"Tab", Key::Code::tab},
        {"S-Tab", Key::Code::back_tab},
        {"Esc", Key::Code::escape},
        {"Backspace", Key::Code::backspace},
        {"Del", Key::Code::remove},
        {"Up", Key::Code::up},
        {"Down", Key::Code::down},
        {"Left", Key::Code::left},
        {"Right", Key::Code::right},
        {"Home", Key::Code::home},
        {"End", Key::Code::end},
        {"PgUp", Key::Code::page_up},
        {"PgDn", Key::Code::page_down},
    };
    Key key;
    if (name == "C-j") {
        key.code = Key::Code::line_feed;
        return key;
    }
    if (name.rfind("M-", 0) == 0) {
        key.meta = true;
        name.erase(0, 2);
    }
    if (name.rfind("C-", 0) == 0) {
        key.control = true;
        name.erase(0, 2);
    }
    if (const auto at = codes.find(name); at != codes.end()) {
        key.code = at->second;
    } else if (name.size() > 1 && name[0] == 'F') {
        key.code = Key::Code::function;
        key.number = std::stoi(name.substr(1));
    } else {
        key.text = name == "Space" ? " " : name;
    }
    return key;
}

}  // namespace

Desk::Desk(tui::Size size) : model(utc, tui::EmojiWidth::two), wall_ms(kAfternoon) {
    model.on_resize(size);
}

void Desk::press(const std::string& name) {
    std::istringstream keys(name);
    for (std::string one; keys >> one;) {
        model.on_input(key_named(one), wall_ms);
    }
}

void Desk::type(const std::string& text) {
    for (const char letter : text) {
        Key key;
        key.text = std::string(1, letter);
        model.on_input(key, wall_ms);
    }
}

void Desk::type_line(const std::string& text) {
    type(text);
    press("Enter");
}

void Desk::paste(const std::string& text) {
    model.on_input(tui::Paste{text, false}, wall_ms);
}

void Desk::collect() {
    for (client::Command& one : model.take_commands()) {
        given_[one.kind()] = one.id;
        unseen_.push_back(std::move(one));
    }
}

std::vector<client::Command> Desk::commands() {
    collect();
    return std::exchange(unseen_, {});
}

void Desk::answer(client::CommandKind kind, client::Event event) {
    collect();
    event.answers = given_.at(kind);
    tell(event);
}

void Desk::open_chat(const std::string& user, client::Trust trust, bool show) {
    event::ChatChanged chat;
    chat.chat = client::ChatKey::with(user);
    chat.state = client::ChatState::open;
    chat.trust = trust;
    chat.suite = 1;
    tell(chat);
    if (show) {
        type_line("/chat " + user);
    }
}

void Desk::hear(const std::string& user, const std::string& text) {
    event::MessageAdded message;
    message.chat = client::ChatKey::with(user);
    message.id = std::to_string(++said_);
    message.time_ms = wall_ms;
    message.text = client::SafeText::from(text, client::SafeText::Lines::many);
    tell(message);
}

void Desk::ask(const std::string& user) {
    tell(event::RequestArrived{client::ChatKey::with(user), "1111 2222 3333 4444", wall_ms,
                               client::Trust::unverified});
    event::ChatChanged chat;
    chat.chat = client::ChatKey::with(user);
    chat.state = client::ChatState::asked;
    chat.trust = client::Trust::unverified;
    tell(chat);
}

void Desk::online(const std::vector<std::string>& users) {
    if (model.state().client.link.state != client::Link::connected) {
        tell(event::LinkChanged{client::Link::connected, {}, "relay.example:7443", {}});
    }
    event::UsersChanged changed;
    for (const std::string& user : users) {
        changed.users.push_back({user, true, client::Trust::unverified, false});
    }
    tell(changed);
}

tui::Frame Desk::frame() const {
    return tui::render(model.state(), {wall_ms, monotonic});
}

std::string Desk::screen() const {
    const tui::Frame shown = frame();
    std::string out;
    for (int i = 0; i < shown.size().rows; ++i) {
        out += shown.row_text(i) + "\n";
    }
    return out;
}

bool Desk::shows(const std::string& text) const {
    return screen().find(text) != std::string::npos;
}

}  // namespace sotto::test
