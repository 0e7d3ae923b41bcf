#pragma once

#include "crypto/base/protocol_values.h"
#include "crypto/base/time.h"
#include "net/wire/error.h"
#include "net/wire/error_code.h"
#include "net/wire/limits.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Typed envelopes of every message (sections 2 to 6 and 10). Binary values are
/// already decoded; user names are already checked against section 0.
namespace sotto::wire {

using Bytes = std::vector<std::uint8_t>;
using base::ChatId;
using base::IdentityKey;
using base::Signature;
using Id = std::optional<std::int64_t>;  ///< the message's `id`, where it has one

// --- section 2 -------------------------------------------------------------------------------
struct ClientHello {
    std::vector<std::int64_t> versions;
    std::string software;
};
struct RelayHello {
    std::int64_t version = kVersion;
    base::RelayNonce nonce{};
    std::int64_t max_message = kMaxMessage;
    std::int64_t poll_seconds = kPollSeconds;
    std::string software;
};
/// `identity` and `signature` are kept apart from the name's check: the relay
/// answers bad_name itself, so `user` may be any string here.
struct Register {
    Id id;
    std::string user;
    IdentityKey identity{};
    Signature signature{};
};
struct Registered {
    std::string user;
};

// --- section 3 -------------------------------------------------------------------------------
struct GetPubkey {
    Id id;
    std::string user;
};
struct Pubkey {
    Id id;
    std::string user;
    IdentityKey identity{};
    bool online = false;
};
struct GetUserList {
    Id id;
    std::int64_t since = 0;
    std::optional<std::string> prefix;  ///< any text; what begins no name finds none
};
struct UserList {
    Id id;
    std::int64_t version = 0;
    bool full = false;
    std::vector<std::string> online;
    std::vector<std::string> offline;
    bool more = false;
};

// --- sections 4 to 6: forwarded by the relay -------------------------------------------------
struct Route {
    std::string from;
    std::string to;
    ChatId chat{};
    Id id;
};
struct ChatRequest {
    Route route;
    IdentityKey identity{};
    base::WallTime time;
    Signature signature{};
};
struct ChatResponse {
    Route route;
    bool accept = false;
    Signature signature{};
};
struct ChatTerminate {
    Route route;
    Bytes payload;
};
/// `kind` is `handshake`, `record`, or one that this version does not know.
struct Relay {
    Route route;
    std::string kind;
    Bytes payload;
};

// --- section 10 ------------------------------------------------------------------------------
struct ErrorMessage {
    std::optional<ErrorCode> code;  ///< empty for a code that this version does not know
    std::string code_name;          ///< as it stood on the wire
    std::string message;
    std::string re;  ///< type of the refused message; may be empty
    Id id;
    std::optional<std::string> to;
    std::optional<ChatId> chat;
};

/// What a relay may receive and decodes whole. chat_* and relay messages are
/// forwarded by their `Forwardable` (envelope_scan.h) and never decoded there.
using FromClient = std::variant<ClientHello, Register, GetPubkey, GetUserList>;
/// What a client may receive.
using FromRelay = std::variant<RelayHello, Registered, Pubkey, UserList, ChatRequest, ChatResponse,
                               ChatTerminate, Relay, ErrorMessage>;

/// `type` of strict JSON, or an error (close) when the text is not strict JSON, or
/// has no string `type`. First step of both decoders.
[[nodiscard]] Expected<std::string> type_of(std::string_view text);

/// Relay side. On error, `reply` says which code of section 10 answers it and
/// repeats `re`, `id`, `to`, `chat` where the message had them.
struct Refused {
    ErrorMessage reply;
};
[[nodiscard]] tl::expected<FromClient, Refused> decode_from_client(std::string_view text);

/// Client side. Unknown types and malformed fields are `drop`.
[[nodiscard]] Expected<FromRelay> decode_from_relay(std::string_view text);

[[nodiscard]] std::string encode(const ClientHello&);
[[nodiscard]] std::string encode(const RelayHello&);
[[nodiscard]] std::string encode(const Register&);
[[nodiscard]] std::string encode(const Registered&);
[[nodiscard]] std::string encode(const GetPubkey&);
[[nodiscard]] std::string encode(const Pubkey&);
[[nodiscard]] std::string encode(const GetUserList&);
[[nodiscard]] std::string encode(const UserList&);
[[nodiscard]] std::string encode(const ChatRequest&);
[[nodiscard]] std::string encode(const ChatResponse&);
[[nodiscard]] std::string encode(const ChatTerminate&);
[[nodiscard]] std::string encode(const Relay&);
[[nodiscard]] std::string encode(const ErrorMessage&);

}  // namespace sotto::wire
