#include "test/wire/scan_oracle.h"

#include "net/wire/base64.h"
#include "net/wire/strict_json.h"
#include "net/wire/user_name.h"

#include <json/reader.h>

#include <map>
#include <memory>
#include <vector>

namespace sotto::wire::test {

namespace {

using Is = bool (*)(const Json::Value&);

bool is_text(const Json::Value& value) {
    return value.isString();
}
bool is_integer(const Json::Value& value) {
    return value.type() == Json::intValue || value.type() == Json::uintValue;
}
bool is_boolean(const Json::Value& value) {
    return value.isBool();
}

const std::map<std::string, std::vector<std::pair<std::string, Is>>> kNeeds{
    {"chat_request", {{"identity", is_text}, {"time", is_integer}, {"signature", is_text}}},
    {"chat_response", {{"accept", is_boolean}, {"signature", is_text}}},
    {"chat_terminate", {{"payload", is_text}}},
    {"relay", {{"kind", is_text}, {"payload", is_text}}},
};

std::string text_at(const Json::Value& object, const std::string& key) {
    return object.isMember(key) && object[key].isString() ? object[key].asString() : "";
}

bool complete(const Json::Value& object, const std::string& type) {
    for (const auto& [key, is] : kNeeds.at(type)) {
        if (!object.isMember(key) || !is(object[key])) {
            return false;
        }
    }
    const std::string from = text_at(object, "from");
    const std::string to = text_at(object, "to");
    const auto chat = from_base64(text_at(object, "chat"));
    return is_user_name(from) && is_user_name(to) && from != to && chat && chat->size() == 16 &&
           (!object.isMember("id") || is_integer(object["id"]));
}

/// An error repeats what the message had, where it can be repeated.
std::string wrong_reply(const ErrorMessage& reply, const Json::Value& object) {
    const std::string to = text_at(object, "to");
    const auto chat = from_base64(text_at(object, "chat"));
    const bool has_id = object.isMember("id") && is_integer(object["id"]);
    if (reply.code != ErrorCode::bad_message || reply.re != text_at(object, "type")) {
        return "the reply's code or re";
    }
    if (reply.id != (has_id ? Id(object["id"].asInt64()) : Id())) {
        return "the reply's id";
    }
    if (reply.to != (is_user_name(to) ? std::optional(to) : std::nullopt)) {
        return "the reply's to";
    }
    return reply.chat.has_value() == (chat && chat->size() == 16) ? "" : "the reply's chat";
}

std::string wrong_message(const Forwardable& message, const Json::Value& object) {
    const bool has_id = object.isMember("id") && is_integer(object["id"]);
    if (message.type != text_at(object, "type")) {
        return "type";
    }
    if (message.from != text_at(object, "from") || message.to != text_at(object, "to") ||
        message.chat != text_at(object, "chat")) {
        return "from, to or chat";
    }
    return message.id == (has_id ? Id(object["id"].asInt64()) : Id()) ? "" : "id";
}

}  // namespace

std::optional<Json::Value> json_cpp(std::string_view text) {
    static const Json::CharReaderBuilder builder = [] {
        Json::CharReaderBuilder out;
        Json::CharReaderBuilder::strictMode(&out.settings_);
        return out;
    }();
    const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
    Json::Value value;
    const bool read = reader->parse(text.data(), text.data() + text.size(), &value, nullptr);
    return read && value.isObject() ? std::optional(value) : std::nullopt;
}

std::string disagreement(std::string_view text) {
    const Scan scan = scan_from_client(text);
    const bool refused = scan.outcome == Scan::Outcome::refuse;
    if (text.size() > kMaxMessage || !check_strict_json(text)) {
        return refused ? "" : "not strict JSON, yet not refused";
    }
    const auto object = json_cpp(text);
    if (!object) {
        return "strict JSON that JsonCpp does not read";
    }
    if (!object->isMember("type") || !(*object)["type"].isString()) {
        return refused ? "" : "no type, yet not refused";
    }
    const std::string type = text_at(*object, "type");
    if (kNeeds.count(type) == 0) {
        return scan.outcome == Scan::Outcome::other ? wrong_message(scan.message, *object)
                                                    : "another type, yet not `other`";
    }
    if (!complete(*object, type)) {
        return refused ? wrong_reply(*scan.reply, *object) : "incomplete, yet not refused";
    }
    return scan.outcome == Scan::Outcome::forward ? wrong_message(scan.message, *object)
                                                  : "complete, yet not forwarded";
}

}  // namespace sotto::wire::test
