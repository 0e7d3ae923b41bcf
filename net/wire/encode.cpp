#include "net/wire/envelope.h"
#include "net/wire/json_writer.h"

namespace sotto::wire {

namespace {

void put_id(JsonWriter& out, const Id& id) {
    if (id) {
        out.number("id", *id);
    }
}

JsonWriter routed(std::string_view type, const Route& route) {
    JsonWriter out(type);
    put_id(out, route.id);
    out.text("from", route.from).text("to", route.to).binary("chat", route.chat);
    return out;
}

}  // namespace

std::string encode(const ClientHello& hello) {
    JsonWriter out("hello");
    out.numbers("versions", hello.versions).text("software", hello.software);
    return std::move(out).finish();
}

std::string encode(const RelayHello& hello) {
    const std::string limits = "{\"max_message\":" + std::to_string(hello.max_message) +
                               ",\"poll_seconds\":" + std::to_string(hello.poll_seconds) + "}";
    JsonWriter out("hello");
    out.number("version", hello.version).binary("nonce", hello.nonce);
    out.raw("limits", limits).text("software", hello.software);
    return std::move(out).finish();
}

std::string encode(const Register& request) {
    JsonWriter out("register");
    put_id(out, request.id);
    out.text("user", request.user).binary("identity", request.identity);
    out.binary("signature", request.signature);
    return std::move(out).finish();
}

std::string encode(const Registered& registered) {
    JsonWriter out("register");
    out.text("user", registered.user).boolean("ok", true);
    return std::move(out).finish();
}

std::string encode(const GetPubkey& request) {
    JsonWriter out("get_pubkey");
    put_id(out, request.id);
    out.text("user", request.user);
    return std::move(out).finish();
}

std::string encode(const Pubkey& answer) {
    JsonWriter out("get_pubkey");
    put_id(out, answer.id);
    out.text("user", answer.user).binary("identity", answer.identity);
    out.boolean("online", answer.online);
    return std::move(out).finish();
}

std::string encode(const GetUserList& request) {
    JsonWriter out("user_list");
    put_id(out, request.id);
    out.number("since", request.since);
    if (request.prefix) {
        out.text("prefix", *request.prefix);
    }
    return std::move(out).finish();
}

std::string encode(const UserList& list) {
    JsonWriter out("user_list");
    put_id(out, list.id);
    out.number("version", list.version).boolean("full", list.full);
    out.texts("online", list.online).texts("offline", list.offline).boolean("more", list.more);
    return std::move(out).finish();
}

std::string encode(const ChatRequest& request) {
    JsonWriter out = routed("chat_request", request.route);
    out.binary("identity", request.identity);
    out.number("time", static_cast<std::int64_t>(request.time.ms()));
    out.binary("signature", request.signature);
    return std::move(out).finish();
}

std::string encode(const ChatResponse& response) {
    JsonWriter out = routed("chat_response", response.route);
    out.boolean("accept", response.accept).binary("signature", response.signature);
    return std::move(out).finish();
}

std::string encode(const ChatTerminate& terminate) {
    JsonWriter out = routed("chat_terminate", terminate.route);
    out.binary("payload", terminate.payload);
    return std::move(out).finish();
}

std::string encode(const Relay& relay) {
    JsonWriter out = routed("relay", relay.route);
    out.text("kind", relay.kind).binary("payload", relay.payload);
    return std::move(out).finish();
}

std::string encode(const ErrorMessage& error) {
    JsonWriter out("error");
    out.text("code", error.code ? row_of(*error.code).name : std::string_view(error.code_name));
    out.text("message", error.message);
    if (!error.re.empty()) {
        out.text("re", error.re);
    }
    put_id(out, error.id);
    if (error.to) {
        out.text("to", *error.to);
    }
    if (error.chat) {
        out.binary("chat", *error.chat);
    }
    return std::move(out).finish();
}

}  // namespace sotto::wire
