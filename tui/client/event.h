#pragma once

#include "crypto/base/time.h"
#include "tui/client/chat_key.h"
#include "tui/client/command.h"
#include "tui/client/one_of.h"
#include "tui/client/refusal.h"
#include "tui/client/safe_text.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What the client core tells its face. Everything that somebody else wrote is
/// SafeText; user names were checked against `[a-z0-9][a-z0-9._-]{0,31}`.
///
/// Peers and chats are two things. A *peer* is a user: its key, trust, presence and block are
/// in the rows of UsersChanged, and in Contact, KeyChanged and SafetyNumber, by user name. A
/// *chat* is what is talked in: its state, session, requests and texts are in the events that
/// carry a ChatKey.
namespace sotto::client {

/// Who the peer is, in the words the panes use.
enum class Trust { unknown, unverified, from_link, verified, key_changed };

/// Where a chat stands.
enum class ChatState {
    none,         ///< nobody has asked
    requested,    ///< we asked; no answer yet
    asked,        ///< they asked; the person decides
    securing,     ///< consent held, handshake under way or due
    open,         ///< a session stands: the lock may be shown
    broken,       ///< consent held, session lost; coming back by itself
    declined,     ///< they said no
    ended,        ///< ended by either side
    key_changed,  ///< blocked until the person settles the key change
};

/// How far a text of ours has come.
enum class Delivery {
    waiting,    ///< in the outbox: no session to send it in
    sent,       ///< sealed and handed to the relay
    delivered,  ///< the peer's authenticated `received` names it
    discarded,  ///< the person gave it up
};

enum class Link { offline, connecting, registering, connected, waiting, refused };

using MessageKey = std::string;  ///< message_id as 32 hex digits

namespace event {

struct LinkChanged {
    Link state = Link::offline;
    SafeText detail;    ///< why, in a sentence; may be empty
    std::string relay;  ///< host:port
    /// With Link::waiting: when the next try is due, on the caller's monotonic clock.
    std::optional<base::MonotonicTime> retry_at;
    bool elsewhere = false;  ///< with Link::refused: the same identity has signed in elsewhere
};
/// The relay's key is known to nobody yet: show the pin, ask, send TrustRelay.
struct RelayTrustNeeded {
    std::string relay;
    std::string pin_hex;
};
/// The relay showed another key than the pinned one. Nothing was sent to it.
struct RelayKeyChanged {
    std::string relay;
    std::string stored_hex;
    std::string seen_hex;
};
struct Registered {
    std::string user;
    std::string fingerprint;  ///< of the own key
};

struct UserEntry {
    std::string name;
    bool online = false;
    Trust trust = Trust::unknown;
    bool blocked = false;
};
/// Changed rows only; with `full` the list starts anew.
struct UsersChanged {
    bool full = false;
    std::vector<UserEntry> users;
};
struct SearchResult {
    std::string prefix;
    std::vector<UserEntry> users;
    bool more = false;  ///< another SearchResult for the same prefix follows
};

struct RequestArrived {
    ChatKey chat;
    std::string fingerprint;
    std::uint64_t time_ms = 0;
    Trust trust = Trust::unknown;
};
/// The request is no longer pending (taken back, replaced, answered, its sender gone).
struct RequestGone {
    ChatKey chat;
    SafeText why;
};

/// State of a chat; sent whenever any of it changed.
struct ChatChanged {
    ChatKey chat;
    ChatState state = ChatState::none;
    Trust trust = Trust::unknown;  ///< the peer's, as the last UsersChanged row has it
    int suite = 0;                 ///< 0 unless open
    std::uint32_t epoch = 0;
    SafeText why;  ///< a sentence when it ended or broke
    /// Not 0: no session comes about because this suite was used with the contact before
    /// and one side has less by now. `why` says which; LowerSuite lets less be used.
    int needs_suite = 0;
};

/// A text of either side enters the conversation.
struct MessageAdded {
    ChatKey chat;
    MessageKey id;
    bool own = false;
    std::uint64_t time_ms = 0;  ///< the sender's clock
    SafeText text;
    Delivery delivery = Delivery::waiting;  ///< meaningful if own
    bool readable = true;
};
struct DeliveryChanged {
    ChatKey chat;
    MessageKey id;
    Delivery delivery = Delivery::waiting;
};
struct PeerTyping {
    ChatKey chat;
    bool on = false;
};
/// The key of `user` is another than the pinned one: the chat is blocked.
struct KeyChanged {
    std::string user;
    std::string old_fingerprint;
    std::string new_fingerprint;
    bool was_verified = false;
};
/// The number to compare, and what the person is to type of it. `asked` are positions of
/// groups of five digits, 1 to 12, rising, drawn anew each time: a face hides them while
/// it prompts, the peer reads them out from its own screen, and ConfirmSafetyNumber takes
/// what was heard. Both sides can do so at once: neither hides what the other asks for.
struct SafetyNumber {
    std::string user;
    std::string digits;  ///< 60; the QR code is `sotto:v1:` and these
    bool verified = false;
    std::array<int, 4> asked{};
};
struct Contact {
    std::string user;
    std::string fingerprint;  ///< empty if no key is pinned
    Trust trust = Trust::unknown;
    bool blocked = false;
    std::uint64_t first_seen_ms = 0;
    int best_suite = 0;
    std::string link;  ///< sotto:// link of this contact
    /// With Trust::key_changed: of the new key; `fingerprint` is the old one's.
    std::string changed_fingerprint;
};
/// Everyone who is blocked, by name.
struct BlockedUsers {
    std::vector<UserEntry> users;
};
/// What no other event tells.
struct Status {
    std::uint64_t dropped = 0;  ///< messages that were dropped since the start (section 0)
};
/// A sentence for the person, to be shown in `chat`; without one it belongs to no chat.
struct Notice {
    enum class Level { info, warning, error };
    Level level = Level::info;
    std::optional<ChatKey> chat;
    SafeText text;
};
/// A command could not be carried out; nothing changed.
struct Refused {
    std::optional<CommandKind> command;  ///< none if a face could not read it
    RefusalCode code = RefusalCode::bad_command;
    SafeText why;  ///< a sentence that says the same to a person
};
/// A message as it passed on the wire, for `/wire`.
struct WireSeen {
    bool outgoing = false;
    std::string type;
    SafeText json;
};
/// After Quit: nothing more will come.
struct Finished {};

}  // namespace event

/// An event as a face gets it.
struct Event {
    using What = std::variant<
        event::LinkChanged, event::RelayTrustNeeded, event::RelayKeyChanged, event::Registered,
        event::UsersChanged, event::SearchResult, event::RequestArrived, event::RequestGone,
        event::ChatChanged, event::MessageAdded, event::DeliveryChanged, event::PeerTyping,
        event::KeyChanged, event::SafetyNumber, event::Contact, event::BlockedUsers, event::Status,
        event::Notice, event::Refused, event::WireSeen, event::Finished>;

    template <class One, IfOneOf<One, What> = 0>
    Event(One&& one, std::optional<CommandId> answered = {})  // NOLINT(*-explicit-*)
        : what(std::forward<One>(one)), answers(answered) {}

    What what;
    /// The command that brought it about, at once or later, if that had an id.
    std::optional<CommandId> answers;
};

}  // namespace sotto::client
