#include "tui/common/words.h"

#include "tui/common/command_table.h"

#include <array>

namespace sotto::tui {

namespace {

// Each in the order of its enumeration.
constexpr std::array kTrust{"unknown", "unverified", "from a link", "VERIFIED", "KEY CHANGED"};
constexpr std::array kChat{"no chat", "requested", "asks for a chat", "securing",   "secure chat",
                           "broken",  "declined",  "ended",           "KEY CHANGED"};
constexpr std::array kDelivery{"sending", "sent", "delivered", "discarded"};
constexpr std::array kLink{"offline",   "connecting to", "registering at",
                           "connected", "waiting for",   "refused"};

template <class Words, class Value>
std::string at(const Words& words, Value value) {
    return words.at(static_cast<std::size_t>(value));
}

}  // namespace

std::string word(client::Trust trust) {
    return at(kTrust, trust);
}
std::string word(client::ChatState state) {
    return at(kChat, state);
}
std::string word(client::Delivery delivery) {
    return at(kDelivery, delivery);
}
std::string word(client::Link link) {
    return at(kLink, link);
}

std::string word(const client::event::Refused& refused) {
    const bool command = is_command(refused.command);
    return (command ? "/" + refused.command + ": " : "") + refused.why.str();
}

bool repeats(const client::SafeText& notice, const client::SafeText& why) {
    const std::string& text = notice.str();
    const std::size_t size = why.str().size();
    return size > 0 && text.size() >= size &&
           text.compare(text.size() - size, size, why.str()) == 0;
}

bool is_current(client::ChatState state) {
    using client::ChatState;
    return state == ChatState::requested || state == ChatState::securing ||
           state == ChatState::open || state == ChatState::broken;
}

}  // namespace sotto::tui
