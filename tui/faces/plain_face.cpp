#include "tui/faces/plain_face.h"

#include "tui/model/words.h"

#include <unistd.h>

#include <cerrno>
#include <utility>

namespace sotto::tui {

namespace {

constexpr std::size_t kMaxLine = 32 * 1024;

std::string grouped(const std::string& digits, std::size_t size) {
    std::string out;
    for (std::size_t i = 0; i < digits.size(); ++i) {
        out += i != 0 && i % size == 0 ? " " : "";
        out += digits[i];
    }
    return out;
}

}  // namespace

PlainFace::PlainFace(int input, int output, Sink sink)
    : input_(input), output_(output), sink_(std::move(sink)) {}

void PlainFace::say(const std::string& text) {
    const std::string out = text + "\n";
    for (std::size_t done = 0; done < out.size();) {
        const ssize_t wrote = ::write(output_, out.data() + done, out.size() - done);
        if (wrote < 0 && errno != EINTR && errno != EAGAIN) {
            return;  // nobody reads any more
        }
        done += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
    }
}

void PlainFace::on_event(const client::Event& event, Time /*now*/) {
    std::visit([this](const auto& one) { show(one); }, event);
}

void PlainFace::on_input(Time /*now*/) {
    char block[4'096];
    const ssize_t size = ::read(input_, block, sizeof block);
    if (size < 0 && (errno == EINTR || errno == EAGAIN)) {
        return;
    }
    if (size <= 0) {
        ended_ = true;
        leaving_ = true;
        leave_when_delivered();
        return;
    }
    pending_.append(block, static_cast<std::size_t>(size));
    for (std::size_t end = pending_.find('\n'); end != std::string::npos;
         end = pending_.find('\n')) {
        std::string text = pending_.substr(0, end);
        pending_.erase(0, end + 1);
        if (!text.empty() && text.back() == '\r') {
            text.pop_back();
        }
        line(text);
    }
    if (pending_.size() > kMaxLine) {
        pending_.clear();
        say("! that line is too long; it was dropped");
    }
}

void PlainFace::leave_when_delivered() {
    if (leaving_ && undelivered_.empty()) {
        leaving_ = false;
        sink_(client::command::Quit{});
    }
}

void PlainFace::line(const std::string& text) {
    if (text.empty()) {
        return;
    }
    const Understood understood = understand(
        text, {current_, requests_.size() == 1 ? requests_.begin()->first : std::string()});
    if (const auto* wrong = std::get_if<Misunderstood>(&understood)) {
        say("! " + wrong->why);
    } else if (const auto* command = std::get_if<client::Command>(&understood)) {
        sink_(*command);
    } else {
        act(std::get<FaceRequest>(understood));
    }
}

void PlainFace::act(const FaceRequest& request) {
    const std::string& argument = request.argument;
    switch (request.action) {
        case FaceAction::help:
            for (const CommandRow& row : command_table()) {
                const std::string text = "/" + std::string(row.name) + " " +
                                         std::string(row.arguments) + "  " + std::string(row.help);
                if (text.find(argument) != std::string::npos) {
                    say(text);
                }
            }
            break;
        case FaceAction::select: {
            const auto chat = chats_.find(argument);
            const bool open = chat != chats_.end() && is_current(chat->second.state);
            current_ = argument;
            if (!open) {
                sink_(client::command::RequestChat{argument});
            }
            break;
        }
        case FaceAction::users:
            for (const auto& [name, user] : users_) {
                say("  " + name + (user.online ? " online " : " offline ") + word(user.trust));
            }
            sink_(client::command::RefreshUsers{});
            break;
        case FaceAction::requests:
            say(requests_.empty() ? "no requests wait" : "requests:");
            for (const auto& [user, print] : requests_) {
                say("  " + user + "  " + print);
            }
            break;
        case FaceAction::fingerprint:
            say("your fingerprint: " + fingerprint_);
            break;
        case FaceAction::wire:
            wire_ = !wire_;
            say(wire_ ? "showing the wire" : "hiding the wire");
            break;
        case FaceAction::status:
            for (const auto& [user, chat] : chats_) {
                say("  " + user + ": " + word(chat.state) + ", " + word(chat.trust));
            }
            break;
        default:
            say("! that is for the full screen; here everything stands in its line");
    }
}

void PlainFace::show(const client::event::LinkChanged& event) {
    say("* " + word(event.state) + (event.relay.empty() ? "" : " " + event.relay) +
        (event.detail.empty() ? "" : ": " + event.detail.str()));
}

void PlainFace::show(const client::event::RelayTrustNeeded& event) {
    say("? the relay " + event.relay + " is new to you. Its pin is");
    say("?   " + event.pin_hex);
    say("? compare it with what its operator tells you; then: /agree " + event.pin_hex);
}

void PlainFace::show(const client::event::RelayKeyChanged& event) {
    say("! THE KEY OF THE RELAY " + event.relay + " HAS CHANGED; nothing was sent to it");
    say("!   pinned: " + event.stored_hex);
    say("!   seen:   " + event.seen_hex);
    status_ = 1;
}

void PlainFace::show(const client::event::Registered& event) {
    fingerprint_ = event.fingerprint;
    say("* you are " + event.user + ", fingerprint " + event.fingerprint);
}

void PlainFace::show(const client::event::UsersChanged& event) {
    if (event.full) {
        users_.clear();
    }
    for (const auto& user : event.users) {
        users_[user.name] = user;
    }
}

void PlainFace::show(const client::event::SearchResult& event) {
    for (const auto& user : event.users) {
        say("  " + user.name + (user.online ? " online " : " offline ") + word(user.trust));
    }
}

void PlainFace::show(const client::event::RequestArrived& event) {
    requests_[event.user] = event.fingerprint;
    say("? " + event.user + " asks for a chat (" + word(event.trust) + ", key " +
        event.fingerprint + "); /accept " + event.user + " or /decline " + event.user);
}

void PlainFace::show(const client::event::RequestGone& event) {
    requests_.erase(event.user);
    say("* the request of " + event.user + " is gone: " + event.why.str());
}

void PlainFace::show(const client::event::ChatChanged& event) {
    const auto before = chats_.find(event.user);
    const bool same = before != chats_.end() && before->second.state == event.state &&
                      before->second.trust == event.trust && before->second.why == event.why;
    chats_[event.user] = event;
    if (same) {
        return;  // a new epoch is not worth a line
    }
    if (event.state == client::ChatState::open && current_.empty()) {
        current_ = event.user;
    }
    say("* " + event.user + ": " + word(event.state) + ", " + word(event.trust) +
        (event.why.empty() ? "" : " (" + event.why.str() + ")"));
}

void PlainFace::show(const client::event::MessageAdded& event) {
    if (event.own) {
        undelivered_.insert(event.id);
    }
    say((event.own ? "you to " + event.user : event.user) + "> " + event.text.str());
}

void PlainFace::show(const client::event::DeliveryChanged& event) {
    if (event.delivery == client::Delivery::delivered ||
        event.delivery == client::Delivery::discarded) {
        undelivered_.erase(event.id);
        say("* " + word(event.delivery) + " to " + event.user);
        leave_when_delivered();
    }
}

void PlainFace::show(const client::event::PeerTyping& /*event*/) {}

void PlainFace::show(const client::event::KeyChanged& event) {
    say("! THE KEY OF " + event.user + " HAS CHANGED" +
        (event.was_verified ? " (it was verified)" : "") + "; nothing is sent until you settle it");
    say("!   old: " + event.old_fingerprint);
    say("!   new: " + event.new_fingerprint);
    say("! ask " + event.user + " by another way; then: /trust " + event.user + " " +
        event.new_fingerprint);
}

void PlainFace::show(const client::event::SafetyNumber& event) {
    say("safety number with " + event.user + (event.verified ? " (verified):" : ":"));
    say("  " + grouped(event.digits, 5));
    say("if " + event.user + " reads out the same: /verified " + event.user);
}

void PlainFace::show(const client::event::Contact& event) {
    say("  " + event.user + ": " + word(event.trust) + (event.blocked ? ", blocked" : ""));
    if (!event.fingerprint.empty()) {
        say("  key " + event.fingerprint);
        say("  link " + event.link);
    }
}

void PlainFace::show(const client::event::BlockedUsers& event) {
    say(event.users.empty() ? "nobody is blocked" : "blocked:");
    for (const auto& user : event.users) {
        say("  " + user.name);
    }
}

void PlainFace::show(const client::event::Notice& event) {
    say((event.level == client::event::Notice::Level::info ? "* " : "! ") + event.text.str());
}

void PlainFace::show(const client::event::Refused& event) {
    say("! /" + event.command + ": " + event.why.str());
}

void PlainFace::show(const client::event::WireSeen& event) {
    if (wire_) {
        say((event.outgoing ? "-> " : "<- ") + event.json.str());
    }
}

void PlainFace::show(const client::event::Finished& /*event*/) {
    say("* bye");
}

}  // namespace sotto::tui
