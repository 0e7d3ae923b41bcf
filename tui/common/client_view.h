#pragma once

#include "tui/client/event.h"

#include <map>
#include <string>
#include <vector>

namespace sotto::tui {

/// What a person can see of the client, as its events have told it. All faces fold the same
/// events into the same view, so they can't disagree. Plain data: only `fold` changes it.
struct ClientView {
    struct Chat {
        client::event::ChatChanged about;
        bool typing = false;  ///< the peer is
        /// Own texts that nobody has confirmed yet.
        std::map<client::MessageKey, client::Delivery> undelivered;
    };
    /// What is to be settled about the relay before there is a link.
    enum class RelayKey { in_order, unknown, changed };

    client::event::LinkChanged link;
    RelayKey relay_key = RelayKey::in_order;
    std::string own_name;         ///< empty before the relay has registered it
    std::string own_fingerprint;  ///< likewise
    std::map<std::string, client::event::UserEntry> users;
    std::vector<client::event::RequestArrived> requests;  ///< oldest first
    std::map<client::ChatKey, Chat> chats;
    std::map<std::string, client::event::KeyChanged> key_changes;  ///< by user, until settled
    bool finished = false;  ///< the client has quit: there is no link any more
    bool given_up = false;  ///< an own text was discarded before it was delivered

    /// One of which nothing is known if nothing was told.
    [[nodiscard]] const Chat& chat(const client::ChatKey& key) const;
    /// The request for that chat that waits for the person; null if none does.
    [[nodiscard]] const client::event::RequestArrived* request(const client::ChatKey& key) const;
};

void fold(ClientView& view, const client::Event& event);

/// No own text is on its way, or those left can't arrive unless somebody acts.
[[nodiscard]] bool is_settled(const ClientView& view);
/// How many texts nobody has confirmed yet, by chat.
[[nodiscard]] std::map<client::ChatKey, int> undelivered(const ClientView& view);
/// What a face exits with: 0 if every text was delivered and the relay did not turn us away.
/// `lost`: something that was meant as a text never became one.
[[nodiscard]] int exit_status(const ClientView& view, bool lost);

}  // namespace sotto::tui
