#include "test/sim/settle_claims.h"

namespace sotto::sim {

void settle_claims(relay::Hub& hub, relay::Relay& relay, relay::Actions& actions) {
    for (std::size_t i = 0; i < actions.size(); ++i) {  // it may grow
        if (const auto* claim = std::get_if<relay::Claim>(&actions[i])) {
            const auto round = hub.attend({*claim});
            actions.insert(actions.end(), round.notes.begin(), round.notes.end());
            for (const auto& claimed : round.claimed) {
                relay.on_claimed(claimed, actions);
            }
        } else if (const auto* replaced = std::get_if<relay::Replace>(&actions[i])) {
            relay.on_replaced(replaced->place.connection, actions);
        }
    }
}

void attend(relay::Hub& hub, relay::Relay& relay, relay::Actions& actions) {
    const auto round = hub.attend({});
    actions.insert(actions.end(), round.notes.begin(), round.notes.end());
    for (const auto& dismissal : round.dismissed) {
        relay.on_dismissed(dismissal, actions);
    }
}

}  // namespace sotto::sim
