#include "tui/common/words.h"

#include "tui/common/word_table.h"

namespace sotto::tui {

namespace {

constexpr WordTable<client::Trust> kTrust({
    {client::Trust::unknown, "unknown"},
    {client::Trust::unverified, "unverified"},
    {client::Trust::from_link, "from a link"},
    {client::Trust::verified, "VERIFIED"},
    {client::Trust::key_changed, "KEY CHANGED"},
});
constexpr WordTable<client::ChatState> kChat({
    {client::ChatState::none, "no chat"},
    {client::ChatState::requested, "requested"},
    {client::ChatState::asked, "asks for a chat"},
    {client::ChatState::securing, "securing"},
    {client::ChatState::open, "secure chat"},
    {client::ChatState::broken, "broken"},
    {client::ChatState::declined, "declined"},
    {client::ChatState::ended, "ended"},
    {client::ChatState::key_changed, "KEY CHANGED"},
});
constexpr WordTable<client::Delivery> kDelivery({
    {client::Delivery::waiting, "sending"},
    {client::Delivery::sent, "sent"},
    {client::Delivery::delivered, "delivered"},
    {client::Delivery::discarded, "discarded"},
});
constexpr WordTable<client::Link> kLink({
    {client::Link::offline, "offline"},
    {client::Link::connecting, "connecting to"},
    {client::Link::registering, "registering at"},
    {client::Link::connected, "connected"},
    {client::Link::waiting, "waiting for"},
    {client::Link::refused, "refused"},
});

// The slash command that a person may have typed; nothing where there is none.
constexpr WordTable<client::CommandKind> kTyped({
    {client::CommandKind::connect, "connect"},
    {client::CommandKind::disconnect, "disconnect"},
    {client::CommandKind::trust_relay, "agree"},
    {client::CommandKind::refresh_users, "users"},
    {client::CommandKind::search_users, "users"},
    {client::CommandKind::request_chat, "chat"},
    {client::CommandKind::accept_request, "accept"},
    {client::CommandKind::decline_request, "decline"},
    {client::CommandKind::cancel_request, "cancel"},
    {client::CommandKind::send_text, ""},
    {client::CommandKind::set_typing, ""},
    {client::CommandKind::end_chat, "close"},
    {client::CommandKind::discard_unsent, "discard"},
    {client::CommandKind::show_safety_number, "verify"},
    {client::CommandKind::confirm_safety_number, "confirm"},
    {client::CommandKind::set_verified, "verified"},
    {client::CommandKind::accept_key_change, "trust"},
    {client::CommandKind::lower_suite, "lower"},
    {client::CommandKind::block, "block"},
    {client::CommandKind::unblock, "unblock"},
    {client::CommandKind::list_blocked, "blocked"},
    {client::CommandKind::import_link, "link"},
    {client::CommandKind::show_contact, "info"},
    {client::CommandKind::show_status, "status"},
    {client::CommandKind::quit, "quit"},
});

}  // namespace

std::string word(client::Trust trust) {
    return std::string(kTrust[trust].text);
}
std::string word(client::ChatState state) {
    return std::string(kChat[state].text);
}
std::string word(client::Delivery delivery) {
    return std::string(kDelivery[delivery].text);
}
std::string word(client::Link link) {
    return std::string(kLink[link].text);
}

std::string word(const client::event::Refused& refused) {
    const bool untrust = refused.code == client::RefusalCode::not_verified;  // the same command
    const std::string_view typed = untrust           ? "untrust"
                                   : refused.command ? kTyped[*refused.command].text
                                                     : "";
    return (typed.empty() ? "" : "/" + std::string(typed) + ": ") + refused.why.str();
}

std::string attributed(const std::string& author, const std::string& text) {
    std::string out = author + "> ";
    for (const char c : text) {
        out += c;
        if (c == '\n') {
            out += author + "| ";
        }
    }
    return out;
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
