#include "tui/faces/send_face.h"

#include "crypto/base/protocol_values.h"
#include "crypto/base/utf8.h"
#include "tui/common/words.h"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace sotto::tui {

namespace event = client::event;
using client::ChatState;
using client::Link;

namespace {

constexpr std::size_t kMaxInput = 1024 * 1024;  // of all of them

bool continues_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::vector<std::string_view> pieces_of(std::string_view text, std::size_t max_bytes) {
    std::vector<std::string_view> out;
    while (text.size() > max_bytes) {
        const std::size_t newline = text.rfind('\n', max_bytes - 1);
        std::size_t size = newline == std::string_view::npos ? max_bytes : newline + 1;
        while (continues_character(text[size])) {
            --size;
        }
        out.push_back(text.substr(0, size));
        text.remove_prefix(size);
    }
    if (!text.empty()) {
        out.push_back(text);
    }
    return out;
}

SendFace::SendFace(int input, int output, std::string user, Sink sink)
    : input_(input), output_(output), user_(std::move(user)), sink_(std::move(sink)) {}

int SendFace::exit_status() const {
    return entered_ == pieces_ && !failed_ ? tui::exit_status(view_, false) : 1;
}

void SendFace::on_input(Time /*now*/) {
    std::array<char, 16'384> block{};
    const ssize_t size = ::read(input_, block.data(), block.size());
    if (size > 0) {
        text_.append(block.data(), static_cast<std::size_t>(size));
        if (text_.size() > kMaxInput) {
            complete_ = true;
            fail("that is more than the 1 MiB that goes as messages");
        }
    } else if (size == 0 || (errno != EINTR && errno != EAGAIN)) {
        complete_ = true;
        input_ended();
    }
}

void SendFace::input_ended() {
    if (!text_.empty() && text_.back() == '\n') {
        text_.pop_back();
    }
    if (text_.empty()) {
        fail("there is nothing to send");
    } else if (!base::is_utf8(text_)) {
        fail("the input is not UTF-8 text");
    } else {
        send_when_possible();
    }
}

void SendFace::send_when_possible() {
    if (!complete_ || pieces_ || failed_ ||
        !is_current(view_.chat(client::ChatKey::with(user_)).about.state)) {
        return;
    }
    const auto pieces = pieces_of(text_, base::kMaxText);
    pieces_ = pieces.size();
    for (const std::string_view piece : pieces) {
        sink_(client::command::SendText{client::ChatKey::with(user_), std::string(piece)});
    }
}

void SendFace::on_event(const client::Event& what, Time /*now*/) {
    fold(view_, what);
    std::visit([this](const auto& one) { show(one); }, what.what);
    if (entered_ == pieces_ && undelivered(view_).empty() && !view_.given_up) {
        leave();
    }
}

void SendFace::show(const event::LinkChanged& changed) {
    if (changed.state != Link::connected) {
        asked_ = false;
    }
    const std::string line =
        word(changed.state) + " " + changed.relay + ": " + changed.detail.str();
    if (changed.state == Link::refused) {
        reason_ = line;  // what to do about it may follow
        fail("");
    } else if (!changed.detail.empty()) {
        say("sotto: " + line);
    }
}

void SendFace::show(const event::RelayTrustNeeded& needed) {
    fail("the pin of " + needed.relay + " is " + needed.pin_hex +
         "; agree to it in sotto, or name it with --pin");
}

void SendFace::show(const event::RelayKeyChanged& changed) {
    fail("THE KEY OF THE RELAY " + changed.relay + " HAS CHANGED; pinned " + changed.stored_hex +
         ", seen " + changed.seen_hex);
}

void SendFace::show(const event::Registered& /*event*/) {
    if (!is_current(view_.chat(client::ChatKey::with(user_)).about.state)) {
        asked_ = true;
        sink_(client::command::RequestChat{client::ChatKey::with(user_)});
    }
}

void SendFace::show(const event::ChatChanged& changed) {
    if (changed.chat.name() != user_) {
        return;
    }
    if (is_current(changed.state)) {
        send_when_possible();
    } else if (asked_ && view_.link.state == Link::connected && changed.state != ChatState::asked) {
        fail(user_ + ": " + word(changed.state) +
             (changed.why.empty() ? "" : " (" + changed.why.str() + ")"));
    }
}

/// It was acknowledged to its author: it must not be lost here.
void SendFace::show(const event::MessageAdded& message) {
    if (message.own) {
        ++entered_;
    } else {
        say(attributed(message.chat.name(), message.text.str()));
    }
}

void SendFace::show(const event::KeyChanged& changed) {
    if (changed.user == user_) {
        fail("THE KEY OF " + user_ + " HAS CHANGED; settle it in sotto");
    }
}

void SendFace::show(const event::Notice& notice) {
    if (explained_ && notice.chat == client::ChatKey::with(user_)) {
        return;  // it says the same
    }
    say("sotto: " + notice.text.str());
}

void SendFace::show(const event::Refused& refused) {
    fail(refused.why.str());
}

void SendFace::show(const event::Finished& /*event*/) {
    if (!explained_ && !reason_.empty()) {
        say("sotto: " + reason_);
    }
}

/// The first reason that is given counts; one may follow when it has failed already.
void SendFace::fail(const std::string& why) {
    if (leaving_ && !failed_) {
        return;  // all was delivered
    }
    if (!why.empty() && !std::exchange(explained_, true)) {
        say("sotto: " + why);
    }
    failed_ = true;
    leave();
}

void SendFace::leave() {
    if (!std::exchange(leaving_, true)) {
        sink_(client::command::Quit{});
    }
}

}  // namespace sotto::tui
