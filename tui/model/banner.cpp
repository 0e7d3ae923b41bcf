// What stands between a chat's title and its log.
#include "tui/common/words.h"
#include "tui/model/pages.h"

namespace sotto::tui {

std::vector<PageLine> banner(const State& state, const Chat& chat) {
    const std::string& user = chat.user;
    const std::string& why = chat.about.why.str();
    if (chat.key_changed) {
        return {
            {"THE KEY OF " + user + " HAS CHANGED" +
                 (chat.key_changed->was_verified ? " (it was VERIFIED)" : "") +
                 ": nothing is sent until you settle it.",
             Style::alarm},
            {"old " + chat.key_changed->old_fingerprint, Style::alarm},
            {"new " + chat.key_changed->new_fingerprint, Style::alarm},
            {"Ask " + user + " by another way; then /trust accepts the new key.", Style::alarm}};
    }
    switch (chat.about.state) {
        case client::ChatState::asked: {
            const auto* request = state.request_of(user);
            return {{user + " asks for a chat" +
                         (request != nullptr
                              ? " (" + word(request->trust) + ", key " + request->fingerprint + ")"
                              : "") +
                         ". /accept or /decline",
                     Style::activity}};
        }
        case client::ChatState::requested:
            return {{"Waiting for " + user + " to answer. /cancel takes it back.", Style::notice}};
        case client::ChatState::securing:
            return {{"Securing the chat; what you write now is sent then.", Style::notice}};
        case client::ChatState::broken:
            if (state.link.state == client::Link::refused) {
                return {{"The session is lost" + (why.empty() ? "." : ": " + why + ".") +
                             " /connect goes on.",
                         Style::unverified}};
            }
            return {
                {"The session is lost and comes back by itself" + (why.empty() ? "." : ": " + why),
                 Style::unverified}};
        case client::ChatState::declined:
        case client::ChatState::ended:
            return {{(chat.about.state == client::ChatState::declined ? "Declined" : "Ended") +
                         (why.empty() ? "." : ": " + why + ".") + " /chat " + user +
                         " asks again, /close puts it away.",
                     Style::notice}};
        case client::ChatState::none:
            return user.empty()
                       ? std::vector<PageLine>()
                       : std::vector<PageLine>{{"No chat with " + user +
                                                    (why.empty() ? "." : ": " + why + ".") +
                                                    " /chat " + user + " asks for one.",
                                                Style::notice}};
        default:
            return {};
    }
}

}  // namespace sotto::tui
