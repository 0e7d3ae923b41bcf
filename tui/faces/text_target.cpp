#include "tui/faces/text_target.h"

#include "tui/common/words.h"

#include <chrono>
#include <utility>

namespace sotto::tui {

using client::ChatState;

namespace {

constexpr std::chrono::milliseconds kAtOnce =
    std::chrono::seconds(5);  // a relay that doesn't know a name says so

}  // namespace

void TextTarget::set(const std::string& user) {
    way_.reset();
    user_ = user;
}

void TextTarget::ask(const std::string& user, client::CommandId id, Face::Time now) {
    asked_ = id;
    way_ = Way{user, user_, now + kAtOnce};
}

std::string TextTarget::follow(const client::event::ChatChanged& chat, Answered command,
                               Face::Time now) {
    if (asked_ && command == asked_ && chat.state != ChatState::asked) {
        asked_.reset();
        user_ = is_current(chat.state) ? chat.chat.name() : user_;
    }
    if (chat.state == ChatState::open && user_.empty()) {
        user_ = chat.chat.name();
    }
    if (!way_ || chat.chat.name() != way_->from || chat.state == ChatState::requested ||
        chat.state == ChatState::asked) {
        return "";
    }
    std::string again = chat.state == ChatState::none ? go_back(now) : "";
    way_.reset();
    return again;
}

std::string TextTarget::refused(Answered command, Face::Time now) {
    if (!asked_ || command != asked_) {
        return "";
    }
    asked_.reset();
    std::string again = way_ ? go_back(now) : "";
    way_.reset();
    return again;
}

std::string TextTarget::go_back(Face::Time now) {
    if (pipe_) {
        user_.clear();
        return "";
    }
    if (now > way_->until) {
        return "";
    }
    user_ = way_->back;
    return user_;
}

}  // namespace sotto::tui
