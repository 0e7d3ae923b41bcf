#pragma once

#include "net/wire/envelope.h"
#include "net/wire/limits.h"
#include "relay/core/registry.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

/// What the relay core wants done. It owns no socket: the glue performs it.
namespace sotto::relay {

using ConnectionId = std::uint64_t;
using Time = std::chrono::milliseconds;  ///< monotonic, origin of the caller's choice

/// Send a text of the relay's own: to a connection of this relay, or an error to one of another
/// loop's, whose relay gets it as `on_refused`.
struct Send {
    ConnectionId to = 0;
    std::string text;
};
/// Pass on the message just handed in, byte for byte: to a connection of this relay, or of
/// another loop's, whose relay gets it as `on_delivery`.
struct Forward {
    ConnectionId to = 0;
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
/// Make a name nobody has had belong to a key, durably; `Relay::on_claimed` hears of it.
struct Claim {
    ConnectionId connection = 0;
    std::string user;
    IdentityKey key{};
    wire::Id message_id;  ///< of the register message
};
/// The connection's user has registered anew: tell its relay, which may be another loop's,
/// by `Relay::on_replaced`.
struct Replace {
    ConnectionId connection = 0;
};
/// A line for the operator's log: never payloads, signatures or keys.
struct Note {
    enum class Level { debug, info, warning, error };
    Level level = Level::info;
    std::string text;
};

using Action = std::variant<Send, Forward, Close, Pause, Claim, Replace, Note>;
using Actions = std::vector<Action>;  ///< reused by the caller, appended to by the core

}  // namespace sotto::relay
