#pragma once

#include <string>
#include <variant>

/// What a person, or a program on their behalf, may ask of the client core. Every
/// face speaks in these; the JSON face writes them under these names.
namespace sotto::client {

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
/// Ask `user` for a chat; accepts theirs if one is pending (section 4).
struct RequestChat {
    std::string user;
};
struct AcceptRequest {
    std::string user;
};
struct DeclineRequest {
    std::string user;
    bool block = false;
};
struct CancelRequest {  ///< take back one's own
    std::string user;
};
struct SendText {
    std::string user;
    std::string text;
};
/// Tell the peer whether one is typing. Sent only when a session stands.
struct SetTyping {
    std::string user;
    bool on = false;
};
struct EndChat {
    std::string user;
};
/// Forget what waits in the outbox for `user`.
struct DiscardUnsent {
    std::string user;
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

using Command =
    std::variant<command::Connect, command::Disconnect, command::TrustRelay, command::RefreshUsers,
                 command::SearchUsers, command::RequestChat, command::AcceptRequest,
                 command::DeclineRequest, command::CancelRequest, command::SendText,
                 command::SetTyping, command::EndChat, command::DiscardUnsent,
                 command::ShowSafetyNumber, command::ConfirmSafetyNumber, command::SetVerified,
                 command::AcceptKeyChange, command::LowerSuite, command::Block, command::Unblock,
                 command::ListBlocked, command::ImportLink, command::ShowContact,
                 command::ShowStatus, command::Quit>;

}  // namespace sotto::client
