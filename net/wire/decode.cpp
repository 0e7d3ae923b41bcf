#include "net/wire/envelope.h"
#include "net/wire/json_fields.h"
#include "net/wire/user_name.h"

#include <algorithm>

namespace sotto::wire {

namespace {

constexpr std::size_t kMaxEcho = 64;  // of a type that we repeat in an error

template <class T>
using Maybe = std::optional<T>;  // empty: a field is missing or malformed

/// `id` may be absent; if it is there it is an integer.
bool read_id(const Json::Value& in, Id& id) {
    id = integer_field(in, "id");
    return id.has_value() || member(in, "id") == nullptr;
}

Maybe<std::string> name_field(const Json::Value& in, const char* key) {
    auto name = text_field(in, key);
    return name && is_user_name(*name) ? name : std::nullopt;
}

Maybe<Route> read_route(const Json::Value& in) {
    Route route;
    const auto from = name_field(in, "from");
    const auto to = name_field(in, "to");
    const auto chat = octets_field<ChatId>(in, "chat");
    if (!from || !to || !chat || !read_id(in, route.id)) {
        return std::nullopt;
    }
    route.from = *from;
    route.to = *to;
    route.chat = *chat;
    return route;
}

Maybe<FromClient> read_client_hello(const Json::Value& in) {
    const Json::Value* versions = member(in, "versions");
    const auto software = text_field(in, "software");
    if (versions == nullptr || !versions->isArray() || !software) {
        return std::nullopt;
    }
    ClientHello hello;
    hello.software = *software;
    for (const Json::Value& version : *versions) {
        if (!version.isInt64()) {
            return std::nullopt;
        }
        hello.versions.push_back(version.asInt64());
    }
    return hello;
}

Maybe<FromClient> read_register(const Json::Value& in) {
    Register out;
    const auto user = text_field(in, "user");
    const auto identity = octets_field<IdentityKey>(in, "identity");
    const auto signature = octets_field<Signature>(in, "signature");
    if (!user || !identity || !signature || !read_id(in, out.id)) {
        return std::nullopt;
    }
    out.user = *user;
    out.identity = *identity;
    out.signature = *signature;
    return out;
}

Maybe<FromClient> read_get_pubkey(const Json::Value& in) {
    GetPubkey out;
    const auto user = name_field(in, "user");
    if (!user || !read_id(in, out.id)) {
        return std::nullopt;
    }
    out.user = *user;
    return out;
}

Maybe<FromClient> read_get_user_list(const Json::Value& in) {
    GetUserList out;
    const auto since = integer_field(in, "since");
    if (!since || *since < 0 || !read_id(in, out.id)) {
        return std::nullopt;
    }
    out.since = *since;
    if (member(in, "prefix") != nullptr) {
        out.prefix = text_field(in, "prefix");
        if (!out.prefix) {
            return std::nullopt;
        }
    }
    return out;
}

Maybe<FromRelay> read_relay_hello(const Json::Value& in) {
    const auto version = integer_field(in, "version");
    const auto nonce = octets_field<base::RelayNonce>(in, "nonce");
    const Json::Value* limits = member(in, "limits");
    if (!version || !nonce || limits == nullptr) {
        return std::nullopt;
    }
    RelayHello hello;
    const auto max_message = integer_field(*limits, "max_message");
    const auto poll_seconds = integer_field(*limits, "poll_seconds");
    if (!max_message || *max_message < static_cast<std::int64_t>(kMaxMessage) || !poll_seconds ||
        *poll_seconds < 0) {
        return std::nullopt;
    }
    hello.version = *version;
    hello.nonce = *nonce;
    hello.max_message = *max_message;
    hello.poll_seconds = *poll_seconds;
    hello.software = text_field(in, "software").value_or("");
    return hello;
}

Maybe<FromRelay> read_registered(const Json::Value& in) {
    const auto user = name_field(in, "user");
    return user && boolean_field(in, "ok") == true ? Maybe<FromRelay>(Registered{*user})
                                                   : std::nullopt;
}

Maybe<FromRelay> read_pubkey(const Json::Value& in) {
    Pubkey out;
    const auto user = name_field(in, "user");
    const auto identity = octets_field<IdentityKey>(in, "identity");
    const auto online = boolean_field(in, "online");
    if (!user || !identity || !online || !read_id(in, out.id)) {
        return std::nullopt;
    }
    out.user = *user;
    out.identity = *identity;
    out.online = *online;
    return out;
}

Maybe<FromRelay> read_user_list(const Json::Value& in) {
    UserList out;
    const auto version = integer_field(in, "version");
    const auto full = boolean_field(in, "full");
    auto online = texts_field(in, "online");
    auto offline = texts_field(in, "offline");
    const auto more = boolean_field(in, "more");
    if (!version || *version < 0 || !full || !online || !offline || !more || !read_id(in, out.id) ||
        !std::all_of(online->begin(), online->end(), is_user_name) ||
        !std::all_of(offline->begin(), offline->end(), is_user_name)) {
        return std::nullopt;
    }
    out.version = *version;
    out.full = *full;
    out.online = std::move(*online);
    out.offline = std::move(*offline);
    out.more = *more;
    return out;
}

Maybe<FromRelay> read_chat_request(const Json::Value& in) {
    auto route = read_route(in);
    const auto identity = octets_field<IdentityKey>(in, "identity");
    const auto time = integer_field(in, "time");
    const auto signature = octets_field<Signature>(in, "signature");
    if (!route || !identity || !time || *time < 0 || !signature) {
        return std::nullopt;
    }
    return ChatRequest{std::move(*route), *identity,
                       base::WallTime(static_cast<std::uint64_t>(*time)), *signature};
}

Maybe<FromRelay> read_chat_response(const Json::Value& in) {
    auto route = read_route(in);
    const auto accept = boolean_field(in, "accept");
    const auto signature = octets_field<Signature>(in, "signature");
    if (!route || !accept || !signature) {
        return std::nullopt;
    }
    return ChatResponse{std::move(*route), *accept, *signature};
}

Maybe<FromRelay> read_chat_terminate(const Json::Value& in) {
    auto route = read_route(in);
    auto payload = binary_field(in, "payload");
    if (!route || !payload) {
        return std::nullopt;
    }
    return ChatTerminate{std::move(*route), std::move(*payload)};
}

Maybe<FromRelay> read_relay(const Json::Value& in) {
    auto route = read_route(in);
    auto kind = text_field(in, "kind");
    auto payload = binary_field(in, "payload");
    if (!route || !kind || !payload) {
        return std::nullopt;
    }
    return Relay{std::move(*route), std::move(*kind), std::move(*payload)};
}

Maybe<FromRelay> read_error(const Json::Value& in) {
    const auto code = text_field(in, "code");
    if (!code) {
        return std::nullopt;
    }
    ErrorMessage out;
    out.code = error_code(*code);
    out.code_name = *code;
    out.message = text_field(in, "message").value_or("");
    out.re = text_field(in, "re").value_or("");
    out.id = integer_field(in, "id");
    out.to = name_field(in, "to");
    out.chat = octets_field<ChatId>(in, "chat");
    return out;
}

template <class Message>
struct Row {
    std::string_view type;
    Maybe<Message> (*read)(const Json::Value& in);
};
constexpr std::array kFromClient{
    Row<FromClient>{"hello", read_client_hello},
    Row<FromClient>{"register", read_register},
    Row<FromClient>{"get_pubkey", read_get_pubkey},
    Row<FromClient>{"user_list", read_get_user_list},
};
constexpr std::array kFromRelay{
    Row<FromRelay>{"hello", read_relay_hello},
    Row<FromRelay>{"register", read_registered},
    Row<FromRelay>{"get_pubkey", read_pubkey},
    Row<FromRelay>{"user_list", read_user_list},
    Row<FromRelay>{"chat_request", read_chat_request},
    Row<FromRelay>{"chat_response", read_chat_response},
    Row<FromRelay>{"chat_terminate", read_chat_terminate},
    Row<FromRelay>{"relay", read_relay},
    Row<FromRelay>{"error", read_error},
};

template <class Rows>
auto find_row(const Rows& rows, std::string_view type) {
    return std::find_if(rows.begin(), rows.end(),
                        [&](const auto& row) { return row.type == type; });
}

Expected<std::string> type_in(const Json::Value& value) {
    auto type = text_field(value, "type");
    if (!type) {
        return tl::unexpected(Error{Verdict::close, "a message without a type"});
    }
    return *type;
}

ErrorMessage refusal(ErrorCode code, const Json::Value& in, const std::string& type) {
    ErrorMessage out;
    out.code = code;
    out.message = row_of(code).meaning;
    out.re = type.size() <= kMaxEcho ? type : "";
    out.id = integer_field(in, "id");
    out.to = name_field(in, "to");
    out.chat = octets_field<ChatId>(in, "chat");
    return out;
}

}  // namespace

Expected<std::string> type_of(std::string_view text) {
    const auto value = parse_strict(text);
    return value ? type_in(*value) : tl::unexpected(value.error());
}

tl::expected<FromClient, Refused> decode_from_client(std::string_view text) {
    if (text.size() > kMaxMessage) {
        return tl::unexpected(Refused{refusal(ErrorCode::too_large, {}, {})});
    }
    const auto value = parse_strict(text, kMaxClientValues);
    const auto type = value ? type_in(*value) : tl::unexpected(value.error());
    if (!type) {
        return tl::unexpected(Refused{refusal(ErrorCode::bad_message, {}, {})});
    }
    const auto row = find_row(kFromClient, *type);
    if (row == kFromClient.end()) {
        return tl::unexpected(Refused{refusal(ErrorCode::unknown_type, *value, *type)});
    }
    if (auto message = row->read(*value)) {
        return std::move(*message);
    }
    return tl::unexpected(Refused{refusal(ErrorCode::bad_message, *value, *type)});
}

Expected<FromRelay> decode_from_relay(std::string_view text) {
    const auto value = parse_strict(text);
    const auto type = value ? type_in(*value) : tl::unexpected(value.error());
    if (!type) {
        return tl::unexpected(type.error());
    }
    const auto row = find_row(kFromRelay, *type);
    if (row == kFromRelay.end()) {
        return tl::unexpected(Error{Verdict::drop, "a type that this client does not know"});
    }
    if (auto message = row->read(*value)) {
        return std::move(*message);
    }
    return tl::unexpected(Error{Verdict::drop, "a field is missing or malformed"});
}

}  // namespace sotto::wire
