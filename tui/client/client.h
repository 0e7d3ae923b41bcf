#pragma once

#include "crypto/base/time.h"
#include "crypto/bytes.h"
#include "crypto/identity.h"
#include "crypto/random.h"
#include "tui/client/command.h"
#include "tui/client/event.h"
#include "tui/client/store.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sotto::client {

using Time = base::MonotonicTime;

/// Both clocks at once: deadlines use the first, signed times the second.
struct Now {
    Time monotonic{};
    base::WallTime wall;
};

/// What the core wants its transport to do.
namespace effect {
struct Open {};  ///< connect to the configured relay
struct Send {
    std::string text;
};
struct Close {
    std::uint16_t code = 1000;
    std::string reason;
};
/// Store the pin that the relay showed: the person agreed to it (Open follows), or confirmed
/// a link that names it.
struct StorePin {
    std::string pin_hex;
};
}  // namespace effect
using Effect = std::variant<effect::Open, effect::Send, effect::Close, effect::StorePin>;

/// Why a link ended, in the core's own terms (net's LinkEnd is translated by the glue).
struct LinkLoss {
    enum class How { failed, untrusted, key_changed, closed, lost, closed_here };
    How how = How::lost;
    int code = 0;
    std::string reason;      ///< hostile
    std::string pin_hex;     ///< untrusted, key_changed: what was seen
    std::string stored_hex;  ///< key_changed: what was expected
};

/// The chat itself: no screen, no socket, no clock. Several peers at once; sections
/// 2 to 10 from the client's side. After any call, take effects and events.
/// Nothing that the relay or a peer sends makes it throw.
class Client {
  public:
    struct Options {
        std::string user;
        std::string relay;  ///< host:port, as shown
        std::string software = "sotto/0.1.0";
        bool show_wire = true;  ///< emit event::WireSeen
        bool reconnect = true;  ///< come back by itself with backoff
    };

    /// `identity`, `store` and `random` must outlive the client.
    Client(Options options, const crypto::Identity& identity, Store& store, crypto::Random& random);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    struct LinkUp {
        base::Pin pin{};            ///< spki_sha256 that was seen
        base::Exporter exporter{};  ///< RFC 9266
    };
    void on_link_up(const LinkUp& link, Now now);
    void on_message(std::string_view text, Now now);
    void on_link_down(const LinkLoss& loss, Now now);

    void execute(const Command& command, Now now);

    /// Runs the deadlines that have passed; `next_deadline` says when to come again.
    void on_tick(Now now);
    [[nodiscard]] std::optional<Time> next_deadline() const;

    [[nodiscard]] std::vector<Effect> take_effects();
    [[nodiscard]] std::vector<Event> take_events();

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace sotto::client
