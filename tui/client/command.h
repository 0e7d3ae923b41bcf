#pragma once

#include "tui/client/chat_key.h"
#include "tui/client/one_of.h"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>

/// What a person, or a program on their behalf, may ask of the client core. Every
/// face speaks in these; the JSON face writes them under these names. What is asked about a
/// chat names it by its key; what is asked about a peer (key, trust, block) names the user.
namespace sotto::client {

/// Names a command in the events that answer it. Its sender chooses it; the core does not
/// compare it with others.
enum class CommandId : std::uint64_t { none = 0 };

namespace command {

struct Connect {};     ///< also "now, don't wait for the countdown"
struct Disconnect {};  ///< stays offline until Connect
/// The answer to event::RelayTrustNeeded, naming the pin that was shown.
struct TrustRelay {
    std::string pin_hex;
    bool agree = false;
};
struct RefreshUsers {};
struct SearchUsers {
    std::string prefix;
};
/// Ask the peer for a chat; accepts theirs if one is pending (section 4).
struct RequestChat {
    ChatKey chat;
};
struct AcceptRequest {
    ChatKey chat;
};
struct DeclineRequest {
    ChatKey chat;
    bool block = false;
};
struct CancelRequest {  ///< take back one's own
    ChatKey chat;
};
struct SendText {
    ChatKey chat;
    std::string text;
};
/// Tell the peer whether one is typing. Sent only when a session stands.
struct SetTyping {
    ChatKey chat;
    bool on = false;
};
struct EndChat {
    ChatKey chat;
};
/// Forget what waits in the outbox of the chat.
struct DiscardUnsent {
    ChatKey chat;
};
struct ShowSafetyNumber {
    std::string user;
};
/// The person typed what the peer read out: the groups of event::SafetyNumber::asked, in
/// their order, or all 60 digits; spaces and hyphens don't count. Marks as verified only
/// if they are the digits last shown and the pinned key is still the one they are of.
struct ConfirmSafetyNumber {
    std::string user;
    std::string digits;
};
/// The person has compared the safety number by another trusted way, the QR code say (or
/// takes it back). Refused unless ShowSafetyNumber has shown it for the key pinned now.
struct SetVerified {
    std::string user;
    bool verified = true;
};
/// Accept the new key of `user`, after old and new were shown. `fingerprint` is the
/// new key's as shown: a second change in between is not accepted with it. The old
/// key's fingerprint settles it the other way: the pin stays.
struct AcceptKeyChange {
    std::string user;
    std::string fingerprint;
};
/// Lower the suite floor of a contact, by name (section 5): what a ChatChanged with
/// `needs_suite` asks for. Faces call it `/lower NAME`.
struct LowerSuite {
    std::string user;
};
struct Block {
    std::string user;
};
struct Unblock {
    std::string user;
};
struct ListBlocked {};  ///< answered by event::BlockedUsers
/// Pin the key of a contact link. `trusted` only if the person says that the link
/// came from the peer by a trusted way.
struct ImportLink {
    std::string link;
    bool trusted = false;
};
/// What is known of a contact, or of oneself: the own key and the link to hand out.
struct ShowContact {
    std::string user;
};
struct ShowStatus {};  ///< answered by event::Status
/// Ends every chat (reason: program closing), closes, then event::Finished.
struct Quit {};

}  // namespace command

/// Which command it is. The names and their order are those of Command::What, or command.cpp does
/// not compile.
enum class CommandKind {
    connect,
    disconnect,
    trust_relay,
    refresh_users,
    search_users,
    request_chat,
    accept_request,
    decline_request,
    cancel_request,
    send_text,
    set_typing,
    end_chat,
    discard_unsent,
    show_safety_number,
    confirm_safety_number,
    set_verified,
    accept_key_change,
    lower_suite,
    block,
    unblock,
    list_blocked,
    import_link,
    show_contact,
    show_status,
    quit,
};

/// A command as a face sends it.
struct Command {
    using What =
        std::variant<command::Connect, command::Disconnect, command::TrustRelay,
                     command::RefreshUsers, command::SearchUsers, command::RequestChat,
                     command::AcceptRequest, command::DeclineRequest, command::CancelRequest,
                     command::SendText, command::SetTyping, command::EndChat,
                     command::DiscardUnsent, command::ShowSafetyNumber,
                     command::ConfirmSafetyNumber, command::SetVerified, command::AcceptKeyChange,
                     command::LowerSuite, command::Block, command::Unblock, command::ListBlocked,
                     command::ImportLink, command::ShowContact, command::ShowStatus, command::Quit>;

    /// Of any command; without an id, events that answer it name none.
    template <class One, IfOneOf<One, What> = 0>
    Command(One&& one, CommandId with_id = CommandId::none)  // NOLINT(*-explicit-*)
        : id(with_id), what(std::forward<One>(one)) {}

    [[nodiscard]] CommandKind kind() const noexcept;

    CommandId id = CommandId::none;
    What what;
};

}  // namespace sotto::client
