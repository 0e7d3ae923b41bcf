#include "test/sim/describe.h"

#include "crypto/base/enum.h"

#include <variant>

namespace sotto::sim {

namespace {

namespace event = client::event;
namespace command = client::command;

template <class... F>
struct Cases : F... {
    using F::operator()...;
};
template <class... F>
Cases(F...) -> Cases<F...>;

template <class Enum>
std::string name(Enum value) {
    return std::string(base::enum_name(value));
}

std::string because(const client::SafeText& why) {
    return why.empty() ? "" : " (" + why.str() + ")";
}

/// The words, without the padding.
std::string words(const std::string& text) {
    const auto end = text.find(' ');
    return end == std::string::npos
               ? text
               : text.substr(0, end) + " and " + std::to_string(text.size() - end) + " bytes";
}

/// The value of a member whose value is a string; as the writer writes it, without spaces.
std::string_view member(std::string_view text, std::string_view name) {
    for (std::size_t at = text.find(name); at != std::string_view::npos;
         at = text.find(name, at + 1)) {
        const std::size_t value = at + name.size() + 3;
        if (at > 0 && text[at - 1] == '"' && text.substr(at + name.size(), 3) == "\":\"") {
            return text.substr(value, text.find('"', value) - value);
        }
    }
    return {};
}

int step_of(std::string_view payload) {  // its first octet, in base64
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    if (payload.size() < 2) {
        return 0;
    }
    return static_cast<int>(digits.find(payload[0]) * 4 + digits.find(payload[1]) / 16);
}

}  // namespace

std::string describe(const client::Event& event) {
    return std::visit(
        Cases{
            [](const event::LinkChanged& e) {
                return "the link is " + name(e.state) + because(e.detail);
            },
            [](const event::Registered& /*e*/) { return std::string("is registered"); },
            [](const event::RequestArrived& e) { return "is asked by " + e.chat.name(); },
            [](const event::RequestGone& e) {
                return "the request of " + e.chat.name() + " is gone" + because(e.why);
            },
            [](const event::ChatChanged& e) {
                return "the chat with " + e.chat.name() + " is " + name(e.state) + ", " +
                       name(e.trust) + (e.suite == 0 ? "" : ", epoch " + std::to_string(e.epoch)) +
                       because(e.why);
            },
            [](const event::MessageAdded& e) {
                return (e.own ? "has said " : "is shown, from " + e.chat.name() + ": ") +
                       words(e.text.str());
            },
            [](const event::DeliveryChanged& e) {
                return "to " + e.chat.name() + ": " + e.id.substr(0, 8) + " is " + name(e.delivery);
            },
            [](const event::PeerTyping& e) {
                return "sees " + e.chat.name() + (e.on ? " typing" : " pause");
            },
            [](const event::KeyChanged& e) { return "is told that the key changed: " + e.user; },
            [](const event::SafetyNumber& e) { return "sees the safety number with " + e.user; },
            [](const event::SearchResult& e) {
                return "has found " + std::to_string(e.users.size()) + (e.more ? " and more" : "");
            },
            [](const event::Notice& e) { return "is told: " + e.text.str(); },
            [](const event::Refused& e) { return "is refused: " + e.why.str(); },
            [](const event::Finished& /*e*/) { return std::string("has finished"); },
            [](const auto& /*other*/) { return std::string(); },
        },
        event.what);
}

std::string describe(const client::Command& command) {
    return std::visit(
        Cases{
            [](const command::Connect& /*c*/) { return std::string("connects"); },
            [](const command::Disconnect& /*c*/) { return std::string("disconnects"); },
            [](const command::SearchUsers& c) { return "searches for " + c.prefix; },
            [](const command::RequestChat& c) { return "asks " + c.chat.name(); },
            [](const command::AcceptRequest& c) { return "accepts " + c.chat.name(); },
            [](const command::DeclineRequest& c) { return "declines " + c.chat.name(); },
            [](const command::CancelRequest& c) {
                return "takes the request back: " + c.chat.name();
            },
            [](const command::SendText& c) {
                return "says to " + c.chat.name() + ": " + words(c.text);
            },
            [](const command::SetTyping& c) { return "types to " + c.chat.name(); },
            [](const command::EndChat& c) { return "ends the chat with " + c.chat.name(); },
            [](const command::DiscardUnsent& c) {
                return "discards what waits for " + c.chat.name();
            },
            [](const command::ShowSafetyNumber& c) { return "looks at the number of " + c.user; },
            [](const command::ConfirmSafetyNumber& c) { return "compares it with " + c.user; },
            [](const command::Block& c) { return "blocks " + c.user; },
            [](const command::Unblock& c) { return "unblocks " + c.user; },
            [](const command::Quit& /*c*/) { return std::string("quits"); },
            [](const auto& /*other*/) { return std::string("gives a command"); },
        },
        command.what);
}

Seen look_at(std::string_view text) {
    Seen seen;
    seen.type = member(text, "type");
    seen.from = member(text, "from");
    seen.to = member(text, "to");
    seen.kind = member(text, "kind");
    seen.code = member(text, "code");
    seen.accept = text.find("\"accept\":true") != std::string_view::npos;
    seen.more = text.find("\"more\":true") != std::string_view::npos;
    seen.step = seen.kind == "handshake" ? step_of(member(text, "payload")) : 0;
    return seen;
}

std::string describe(const Seen& seen) {
    std::string out(seen.kind.empty() ? seen.type : seen.kind);
    if (seen.step != 0) {
        out += " step " + std::to_string(seen.step);
    }
    if (!seen.code.empty()) {
        out.append(" ").append(seen.code);
    }
    if (!seen.from.empty()) {
        out.append(" from ").append(seen.from);
    }
    if (!seen.to.empty()) {
        out.append(" to ").append(seen.to);
    }
    return seen.type == "chat_response" ? out + (seen.accept ? ", yes" : ", no") : out;
}

}  // namespace sotto::sim
