#include "net/wire/envelope_scan.h"

#include "net/wire/base64.h"
#include "net/wire/json_cursor.h"
#include "net/wire/user_name.h"

#include <algorithm>
#include <array>

namespace sotto::wire {

namespace {

enum class Form { absent, text, integer, boolean, other };

struct Field {
    Form form = Form::absent;
    JsonString text;
    std::int64_t integer = 0;
};

enum Name : std::size_t {
    type,
    from,
    to,
    chat,
    kind,
    payload,
    identity,
    signature,
    time,
    accept,
    id,
    names
};
constexpr std::array<std::string_view, names> kNames{"type", "from",    "to",       "chat",
                                                     "kind", "payload", "identity", "signature",
                                                     "time", "accept",  "id"};
using Fields = std::array<Field, names>;

/// The fields that section 10 asks for beside from, to and chat.
struct Shape {
    std::string_view type;
    struct Need {
        Name name;
        Form form;
    };
    std::array<Need, 3> needs;
};
constexpr Shape::Need kNothing{type, Form::text};
constexpr std::array kShapes{
    Shape{"relay", {{{kind, Form::text}, {payload, Form::text}, kNothing}}},
    Shape{"chat_request",
          {{{identity, Form::text}, {time, Form::integer}, {signature, Form::text}}}},
    Shape{"chat_response", {{{accept, Form::boolean}, {signature, Form::text}, kNothing}}},
    Shape{"chat_terminate", {{{payload, Form::text}, kNothing, kNothing}}},
};

Field* find_field(Fields& fields, const JsonString& key) {
    const std::string unescaped = key.escaped ? unescape(key.raw) : std::string();
    const std::string_view name = key.escaped ? std::string_view(unescaped) : key.raw;
    const auto at = std::find_if(kNames.begin(), kNames.end(), [name](std::string_view known) {
        // Nearly all others differ in these two, and the rest of a comparison is a call.
        return known.size() == name.size() && known.front() == name.front() && known == name;
    });
    return at == kNames.end() ? nullptr : &fields[static_cast<std::size_t>(at - kNames.begin())];
}

bool read_value(JsonCursor& cursor, Field& field) {
    bool ignored = false;
    switch (cursor.peek()) {
        case '"':
            field.form = Form::text;
            return cursor.string(field.text);
        case 't':
        case 'f':
            field.form = Form::boolean;
            return cursor.boolean(ignored);
        case '{':
        case '[':
        case 'n':
            field.form = Form::other;
            return cursor.skip_value(1);
        default:
            field.form = Form::integer;
            return cursor.integer(field.integer);
    }
}

/// The value of a string field; an escaped one is unescaped into `owned`, whose
/// strings stay where they are when the Scan moves.
std::string_view value_of(const Field& field, std::string& owned) {
    if (!field.text.escaped) {
        return field.text.raw;
    }
    owned = unescape(field.text.raw);
    return owned;
}

ErrorMessage refusal(ErrorCode code, const Forwardable& message) {
    ErrorMessage out;
    out.code = code;
    out.message = row_of(code).meaning;
    out.re = message.type;
    out.id = message.id;
    if (is_user_name(message.to)) {
        out.to = std::string(message.to);
    }
    decode_chat(message.chat, out.chat);
    return out;
}

bool fits(const Shape& shape, const Fields& fields, const Forwardable& message) {
    const auto has = [&](const Shape::Need& need) { return fields[need.name].form == need.form; };
    const bool route = fields[from].form == Form::text && fields[to].form == Form::text &&
                       fields[chat].form == Form::text && is_user_name(message.from) &&
                       is_user_name(message.to) && message.from != message.to &&
                       is_base64_of(message.chat, std::tuple_size_v<ChatId>);
    const bool id_form = fields[id].form == Form::absent || fields[id].form == Form::integer;
    return route && id_form && std::all_of(shape.needs.begin(), shape.needs.end(), has);
}

}  // namespace

void decode_chat(std::string_view chat, std::optional<ChatId>& out) {
    const auto bytes = from_base64(chat);
    if (bytes && bytes->size() == std::tuple_size_v<ChatId>) {
        out.emplace();
        std::copy(bytes->begin(), bytes->end(), out->begin());
    }
}

Scan scan_from_client(std::string_view text) {
    Scan out;
    if (text.size() > kMaxMessage) {
        out.reply = refusal(ErrorCode::too_large, {});
        return out;
    }
    Fields fields;
    JsonCursor cursor(text);
    cursor.skip_space();
    KeySet unknown;  // a known key that comes again has left its field behind
    Field* field = nullptr;
    const bool object = cursor.object(
        [&](const JsonString& key) {
            field = find_field(fields, key);
            return field == nullptr ? unknown.insert(key) : field->form == Form::absent;
        },
        [&](const JsonString& /*key*/) {
            return field == nullptr ? cursor.skip_value(1) : read_value(cursor, *field);
        });
    cursor.skip_space();
    if (!object || !cursor.at_end() || fields[type].form != Form::text) {
        out.reply = refusal(ErrorCode::bad_message, {});
        return out;
    }
    const bool escapes = fields[type].text.escaped || fields[from].text.escaped ||
                         fields[to].text.escaped || fields[chat].text.escaped;
    if (escapes) {
        out.owned = std::make_unique<std::array<std::string, 4>>();
    }
    std::string never;
    const auto value = [&](Name name) {
        return value_of(fields[name], escapes ? (*out.owned)[name] : never);
    };
    out.message.type = value(type);
    out.message.from = value(from);
    out.message.to = value(to);
    out.message.chat = value(chat);
    if (fields[id].form == Form::integer) {
        out.message.id = fields[id].integer;
    }
    const auto shape = std::find_if(kShapes.begin(), kShapes.end(), [&](const Shape& candidate) {
        return candidate.type == out.message.type;
    });
    if (shape == kShapes.end()) {
        out.outcome = Scan::Outcome::other;
    } else if (fits(*shape, fields, out.message)) {
        out.outcome = Scan::Outcome::forward;
    } else {
        out.reply = refusal(ErrorCode::bad_message, out.message);
    }
    return out;
}

}  // namespace sotto::wire
