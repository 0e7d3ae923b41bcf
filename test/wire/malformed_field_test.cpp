// Every field of every message: missing, of another JSON type, of a wrong length or
// out of its range. The table says what each field is; the values that must be
// refused follow from that.
#include "net/wire/envelope.h"
#include "net/wire/envelope_scan.h"
#include "test/wire/samples.h"
#include "test/wire/scan_oracle.h"

#include <boost/test/unit_test.hpp>
#include <json/writer.h>

#include <string>
#include <vector>

using namespace sotto::wire;
using namespace sotto::wire::test;

namespace {

enum class Is {
    name,
    text,
    chat,
    key,
    signature,
    base64,
    integer,
    natural,
    boolean,
    names,
    integers,
    object,
    yes
};

struct Field {
    std::string key;
    Is is;
    bool optional = false;
};

struct Message {
    std::string sample;
    std::vector<Field> fields;
};

const Field kId{"id", Is::integer, true};

std::vector<Message> to_the_relay() {
    const auto texts = lookups();
    return {
        {texts[0], {{"versions", Is::integers}, {"software", Is::text}}},
        {texts[1], {kId, {"user", Is::text}, {"identity", Is::key}, {"signature", Is::signature}}},
        {texts[2], {kId, {"user", Is::name}}},
        {texts[3], {kId, {"since", Is::natural}, {"prefix", Is::text, true}}},
    };
}

std::vector<Message> between_clients() {
    const auto texts = forwarded();
    const auto routed = [](std::vector<Field> fields) {
        const std::vector<Field> route{
            kId, {"from", Is::name}, {"to", Is::name}, {"chat", Is::chat}};
        fields.insert(fields.begin(), route.begin(), route.end());
        return fields;
    };
    return {
        {texts[0],
         routed({{"identity", Is::key}, {"time", Is::natural}, {"signature", Is::signature}})},
        {texts[1], routed({{"accept", Is::boolean}, {"signature", Is::signature}})},
        {texts[2], routed({{"payload", Is::base64}})},
        {texts[3], routed({{"kind", Is::text}, {"payload", Is::base64}})},
    };
}

std::vector<Message> from_the_relay() {
    const auto texts = answers();
    return {
        {texts[0], {{"version", Is::integer}, {"nonce", Is::key}, {"limits", Is::object}}},
        {texts[1], {{"user", Is::name}, {"ok", Is::yes}}},
        {texts[2], {kId, {"user", Is::name}, {"identity", Is::key}, {"online", Is::boolean}}},
        {texts[3],
         {kId,
          {"version", Is::natural},
          {"full", Is::boolean},
          {"online", Is::names},
          {"offline", Is::names},
          {"more", Is::boolean}}},
        {texts[4], {{"code", Is::text}}},
    };
}

Json::Value list(std::initializer_list<Json::Value> items) {
    Json::Value out(Json::arrayValue);
    for (const Json::Value& item : items) {
        out.append(item);
    }
    return out;
}

/// Values of every other JSON type than the field's own.
std::vector<Json::Value> other_types(Is is) {
    std::vector<Json::Value> out{Json::Value(Json::nullValue)};
    const bool text = is == Is::name || is == Is::text || is == Is::chat || is == Is::key ||
                      is == Is::signature || is == Is::base64;
    if (!text) {
        out.insert(out.end(), {"", "1", "true"});
    }
    if (is != Is::integer && is != Is::natural) {
        out.insert(out.end(), {0, 1});
    }
    if (is != Is::boolean && is != Is::yes) {
        out.insert(out.end(), {true, false});
    }
    if (is != Is::names && is != Is::integers) {
        out.insert(out.end(), {list({}), list({"alice"}), list({1})});
    }
    Json::Value object(Json::objectValue);
    out.push_back(object);  // for `limits` too: it has fields that must be there
    object["a"] = 1;
    out.push_back(object);
    return out;
}

std::string digits(std::size_t count, const std::string& padding) {
    return std::string(count, 'A') + padding;
}

/// Values of the field's own JSON type that are wrong all the same.
std::vector<Json::Value> wrong_values(Is is) {
    const std::vector<Json::Value> bad_names{
        "", "Alice", ".a", "-a", "a b", "a@b", " a", "a\n", "\xC3\xA4", std::string(33, 'a')};
    switch (is) {
        case Is::name:
            return bad_names;
        case Is::chat:
            return {"",
                    "AA==",
                    digits(20, ""),
                    digits(21, "==="),
                    digits(22, ""),
                    digits(24, ""),
                    digits(21, "B=="),
                    digits(22, "==\n"),
                    digits(21, "-=="),
                    digits(26, "==")};
        case Is::key:
            return {"",
                    "AA==",
                    digits(42, "=="),
                    digits(44, ""),
                    digits(43, ""),
                    digits(42, "B="),
                    digits(42, "_="),
                    digits(86, "=="),
                    digits(43, "= ")};
        case Is::signature:
            return {"",
                    "AA==",
                    digits(84, ""),
                    digits(87, "="),
                    digits(86, ""),
                    digits(85, "B=="),
                    digits(85, "-=="),
                    digits(43, "=")};
        case Is::base64:
            return {"A", "AA", "AAA", "AA=", "AB==", "AAB=", "====", "AA-=", "AAAA\n", " AAAA"};
        case Is::natural:
            return {-1, Json::Int64{-kMaxInteger}};
        case Is::names: {
            std::vector<Json::Value> out{list({1}), list({"a", Json::nullValue}),
                                         list({list({"a"})}), list({true})};
            for (const Json::Value& name : bad_names) {
                out.push_back(list({"alice", name}));
            }
            return out;
        }
        case Is::integers:
            return {list({"1"}), list({1, true}), list({Json::nullValue}), list({list({1})})};
        case Is::yes:
            return {false};
        default:
            return {};
    }
}

/// `sample` with the field taken out and, each in turn, set to `values`.
std::vector<std::string> altered(const std::string& sample, const Field& field,
                                 const std::vector<Json::Value>& values) {
    Json::StreamWriterBuilder writer;
    writer["indentation"] = "";
    Json::Value object = json_cpp(sample).value();
    BOOST_REQUIRE_MESSAGE(object.isMember(field.key), field.key << " in " << sample);
    std::vector<std::string> out;
    for (const Json::Value& value : values) {
        object[field.key] = value;
        out.push_back(Json::writeString(writer, object));
    }
    object.removeMember(field.key);
    if (!field.optional) {
        out.push_back(Json::writeString(writer, object));
    }
    return out;
}

std::vector<Json::Value> all_bad(Is is) {
    std::vector<Json::Value> out = other_types(is);
    for (Json::Value& value : wrong_values(is)) {
        out.push_back(std::move(value));
    }
    return out;
}

std::string without(const std::string& sample, const std::string& key) {
    Json::StreamWriterBuilder writer;
    writer["indentation"] = "";
    Json::Value object = json_cpp(sample).value();
    object.removeMember(key);
    return Json::writeString(writer, object);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(malformed_fields)

BOOST_AUTO_TEST_CASE(the_relay_answers_each_with_bad_message_and_repeats_type_and_id) {
    for (const Message& message : to_the_relay()) {
        const Json::Value sample = json_cpp(message.sample).value();
        for (const Field& field : message.fields) {
            for (const std::string& text : altered(message.sample, field, all_bad(field.is))) {
                const auto decoded = decode_from_client(text);
                BOOST_REQUIRE_MESSAGE(!decoded.has_value(), field.key << " in " << text);
                const ErrorMessage& reply = decoded.error().reply;
                BOOST_TEST((reply.code == ErrorCode::bad_message), text);
                BOOST_TEST(reply.re == sample["type"].asString(), text);
                const bool has_id = field.key != "id" && sample.isMember("id");
                BOOST_TEST((reply.id == (has_id ? Id(sample["id"].asInt64()) : Id())), text);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_client_drops_each_and_keeps_its_connection) {
    std::vector<Message> messages = between_clients();
    for (const Message& message : from_the_relay()) {
        messages.push_back(message);
    }
    for (const Message& message : messages) {
        for (const Field& field : message.fields) {
            for (const std::string& text : altered(message.sample, field, all_bad(field.is))) {
                const auto decoded = decode_from_relay(text);
                BOOST_REQUIRE_MESSAGE(!decoded.has_value(), field.key << " in " << text);
                BOOST_TEST((decoded.error().verdict == Verdict::drop), text);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(the_scan_refuses_a_wrong_json_type_or_route_and_decodes_nothing_else) {
    for (const Message& message : between_clients()) {
        const Json::Value sample = json_cpp(message.sample).value();
        for (const Field& field : message.fields) {
            const bool route = field.is == Is::name || field.is == Is::chat;
            const auto bad = route ? all_bad(field.is) : other_types(field.is);
            for (const std::string& text : altered(message.sample, field, bad)) {
                const Scan scan = scan_from_client(text);
                BOOST_REQUIRE_MESSAGE(scan.outcome == Scan::Outcome::refuse, text);
                BOOST_TEST((scan.reply->code == ErrorCode::bad_message), text);
                BOOST_TEST(scan.reply->re == sample["type"].asString(), text);
                BOOST_TEST(scan.reply->to.has_value() == (field.key != "to"), text);
                BOOST_TEST(scan.reply->chat.has_value() == (field.key != "chat"), text);
                BOOST_TEST(scan.reply->id.has_value() == (field.key != "id"), text);
            }
            if (!route) {
                for (const Json::Value& value : wrong_values(field.is)) {
                    const std::string text = altered(message.sample, field, {value}).front();
                    BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::forward), text);
                }
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(an_optional_field_may_be_missing) {
    for (const Message& message : to_the_relay()) {
        for (const Field& field : message.fields) {
            const std::string text = without(message.sample, field.key);
            BOOST_TEST(decode_from_client(text).has_value() == field.optional, text);
        }
    }
    for (const Message& message : between_clients()) {
        for (const Field& field : message.fields) {
            const std::string text = without(message.sample, field.key);
            BOOST_TEST(decode_from_relay(text).has_value() == field.optional, text);
            BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::forward) == field.optional,
                       text);
        }
    }
    for (const char* key : {"message", "re", "id", "to", "chat"}) {
        BOOST_TEST(decode_from_relay(without(answers()[4], key)).has_value(), key);
    }
    BOOST_TEST(decode_from_relay(without(answers()[0], "software")).has_value());
}

BOOST_AUTO_TEST_CASE(the_limits_of_a_relay_are_checked_inside) {
    const std::string hello = answers()[0];
    for (const std::string limits :
         {R"({"max_message":65535,"poll_seconds":5})", R"({"max_message":65536})",
          R"({"poll_seconds":5})", R"({"max_message":"65536","poll_seconds":5})",
          R"({"max_message":65536,"poll_seconds":-1})",
          R"({"max_message":65536,"poll_seconds":true})",
          R"({"max_message":-65536,"poll_seconds":5})", R"([65536,5])"}) {
        const std::string text =
            replaced(hello, R"({"max_message":65536,"poll_seconds":5})", limits);
        const auto decoded = decode_from_relay(text);
        BOOST_REQUIRE_MESSAGE(!decoded.has_value(), text);
        BOOST_TEST((decoded.error().verdict == Verdict::drop), text);
    }
    BOOST_TEST(decode_from_relay(replaced(hello, "65536", "9007199254740992")).has_value());
}

BOOST_AUTO_TEST_CASE(no_type_closes_and_an_unknown_one_does_not) {
    for (const std::string text :
         {R"({})", R"({"type":1})", R"({"type":null})", R"({"type":["relay"]})",
          R"({"Type":"relay"})", R"({"x":{"type":"relay"}})"}) {
        BOOST_TEST((decode_from_relay(text).error().verdict == Verdict::close), text);
        BOOST_TEST((type_of(text).error().verdict == Verdict::close), text);
        BOOST_TEST((decode_from_client(text).error().reply.code == ErrorCode::bad_message), text);
        BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::refuse), text);
    }
    for (const std::string type : {"", "Relay", "relay ", "dance", "hello2"}) {
        const std::string text =
            R"({"type":")" + type + R"(","id":7,"to":"bob","chat":")" + kChat + R"("})";
        BOOST_TEST((type_of(text) == type), text);
        BOOST_TEST((decode_from_relay(text).error().verdict == Verdict::drop), text);
        const ErrorMessage reply = decode_from_client(text).error().reply;
        BOOST_TEST((reply.code == ErrorCode::unknown_type), text);
        BOOST_TEST(reply.re == type, text);
        BOOST_TEST((reply.id == Id(7)), text);
        BOOST_TEST((reply.to == "bob"), text);
        BOOST_TEST((reply.chat == ChatId{1, 2, 3}), text);
        BOOST_TEST((scan_from_client(text).outcome == Scan::Outcome::other), text);
    }
}

BOOST_AUTO_TEST_CASE(types_of_one_direction_are_unknown_in_the_other) {
    for (const std::string& text : forwarded()) {
        BOOST_TEST((decode_from_client(text).error().reply.code == ErrorCode::unknown_type), text);
    }
    const std::string error = answers()[4];
    BOOST_TEST((decode_from_client(error).error().reply.code == ErrorCode::unknown_type));
    BOOST_TEST((scan_from_client(error).outcome == Scan::Outcome::other));
    for (const std::string& text : lookups()) {  // the same types, other fields
        BOOST_TEST(!decode_from_relay(text).has_value(), text);
    }
    for (const std::size_t own : {0U, 1U, 3U}) {  // get_pubkey's answer holds all of its question
        BOOST_TEST(!decode_from_client(answers()[own]).has_value());
    }
}

BOOST_AUTO_TEST_CASE(an_error_is_understood_even_where_what_it_repeats_is_malformed) {
    std::string text = replaced(answers()[4], "\"id\":7", "\"id\":\"7\"");
    text = replaced(text, "\"bob\"", "\"Bob\"");
    text = replaced(text, kChat, "AA==");
    const auto decoded = decode_from_relay(text);
    BOOST_REQUIRE(decoded.has_value());
    const auto& error = std::get<ErrorMessage>(*decoded);
    BOOST_TEST((error.code == ErrorCode::offline));
    BOOST_TEST((!error.id && !error.to && !error.chat));
}

BOOST_AUTO_TEST_CASE(a_reply_does_not_repeat_a_type_of_any_length) {
    const std::string type(60'000, 'x');
    const auto decoded = decode_from_client("{\"type\":\"" + type + "\"}");
    BOOST_REQUIRE(!decoded.has_value());
    BOOST_TEST(encode(decoded.error().reply).size() < 1'000U);
}

BOOST_AUTO_TEST_SUITE_END()
