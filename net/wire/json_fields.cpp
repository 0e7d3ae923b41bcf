#include "net/wire/json_fields.h"

#include "net/wire/base64.h"
#include "net/wire/limits.h"
#include "net/wire/strict_json.h"

#include <json/reader.h>

#include <memory>

namespace sotto::wire {

Expected<Json::Value> parse_strict(std::string_view text, std::size_t most_values) {
    if (text.size() > kMaxMessage) {
        return tl::unexpected(
            Error{Verdict::close, "a message over " + std::to_string(kMaxMessage) + " bytes"});
    }
    if (const auto strict = check_strict_json(text, most_values); !strict) {
        return tl::unexpected(strict.error());
    }
    static const Json::CharReaderBuilder builder = [] {
        Json::CharReaderBuilder out;
        Json::CharReaderBuilder::strictMode(&out.settings_);
        return out;
    }();
    const std::unique_ptr<Json::CharReader> reader(builder.newCharReader());
    Json::Value value;
    if (!reader->parse(text.data(), text.data() + text.size(), &value, nullptr) ||
        !value.isObject()) {
        return tl::unexpected(Error{Verdict::close, "not strict JSON"});
    }
    return value;
}

const Json::Value* member(const Json::Value& object, const char* key) {
    return object.isObject() ? object.find(key, key + std::char_traits<char>::length(key))
                             : nullptr;
}

std::optional<std::string> text_field(const Json::Value& object, const char* key) {
    const Json::Value* value = member(object, key);
    return value != nullptr && value->isString() ? std::optional(value->asString()) : std::nullopt;
}

std::optional<std::int64_t> integer_field(const Json::Value& object, const char* key) {
    const Json::Value* value = member(object, key);
    return value != nullptr && value->isInt64() && !value->isBool() &&
                   value->type() != Json::realValue
               ? std::optional<std::int64_t>(value->asInt64())
               : std::nullopt;
}

std::optional<bool> boolean_field(const Json::Value& object, const char* key) {
    const Json::Value* value = member(object, key);
    return value != nullptr && value->isBool() ? std::optional(value->asBool()) : std::nullopt;
}

std::optional<std::vector<std::uint8_t>> binary_field(const Json::Value& object, const char* key) {
    const auto text = text_field(object, key);
    return text ? from_base64(*text) : std::nullopt;
}

std::optional<std::vector<std::string>> texts_field(const Json::Value& object, const char* key) {
    const Json::Value* value = member(object, key);
    if (value == nullptr || !value->isArray()) {
        return std::nullopt;
    }
    std::vector<std::string> out;
    for (const Json::Value& item : *value) {
        if (!item.isString()) {
            return std::nullopt;
        }
        out.push_back(item.asString());
    }
    return out;
}

}  // namespace sotto::wire
