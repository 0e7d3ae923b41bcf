#pragma once

#include "crypto/base/time.h"
#include "net/wire/envelope.h"
#include "net/wire/limits.h"
#include "relay/core/place.h"
#include "relay/core/registry.h"

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What the relay core wants done. It owns no socket: the glue performs it.
namespace sotto::relay {

using Time = base::MonotonicTime;

/// Send a text of the relay's own to a connection of its loop.
struct Send {
    ConnectionId to = 0;
    std::string text;
};
/// Pass on a message, byte for byte. If `to` is on another loop, the relay there gets it by
/// `on_delivery`.
struct Forward {
    Place from;
    Place to;
    std::string_view text;    ///< valid as long as the message that the relay was given
    bool is_request = false;  ///< a chat_request: how many a user gets is limited
};
/// Answer the sender of a message that another loop passed on; its relay gets the error by
/// `on_bounce`.
struct Bounce {
    Place to;
    std::string error;
};
/// Close after what was sent before it is out.
struct Close {
    ConnectionId connection = 0;
    wire::CloseCode code = wire::CloseCode::normal;
    std::string reason;
};
/// Read nothing more from a sender that is too fast, until then.
struct Pause {
    ConnectionId connection = 0;
    Time until{};
};
/// Give a name that has no owner to a key, durably; `Relay::on_claimed` gets the outcome.
struct Claim {
    Place claimant;
    std::string user;
    IdentityKey key{};
    wire::Id message_id;  ///< of the register message
};
/// The user of the connection has registered on another one: tell its relay by
/// `Relay::on_replaced`.
struct Replace {
    Place place;
};
/// A line for the operator's log: never payloads, signatures or keys.
struct Note {
    enum class Level { debug, info, warning, error };
    Level level = Level::info;
    std::string text;
};

using Action = std::variant<Send, Forward, Bounce, Close, Pause, Claim, Replace, Note>;
using Actions = std::vector<Action>;  ///< reused by the caller, appended to by the core

}  // namespace sotto::relay
