// What stands between a chat's title and its log.
#include "tui/common/words.h"
#include "tui/model/pages.h"

namespace sotto::tui {

std::vector<PageLine> banner(const State& state, const Chat& chat) {
    const std::string& user = chat.user;
    const ClientView::Chat& facts = state.facts(chat);
    const std::string& why = facts.about.why.str();
    if (const auto* change = state.key_change(chat)) {
        return {
            {"THE KEY OF " + user + " HAS CHANGED" +
                 (change->was_verified ? " (it was VERIFIED)" : "") +
                 ": nothing is sent until you settle it.",
             Style::alarm},
            {"old " + change->old_fingerprint, Style::alarm},
            {"new " + change->new_fingerprint, Style::alarm},
            {"Ask " + user + " by another way; then /trust accepts the new key.", Style::alarm}};
    }
    switch (facts.about.state) {
        case client::ChatState::asked: {
            const auto* request = state.client.request(facts.about.chat);
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
            if (state.client.link.state == client::Link::refused) {
                return {{"The session is lost" + (why.empty() ? "." : ": " + why + ".") +
                             " /connect goes on.",
                         Style::unverified}};
            }
            return {
                {"The session is lost and comes back by itself" + (why.empty() ? "." : ": " + why),
                 Style::unverified}};
        case client::ChatState::declined:
        case client::ChatState::ended:
            return {{(facts.about.state == client::ChatState::declined ? "Declined" : "Ended") +
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
