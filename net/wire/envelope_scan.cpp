#include "net/wire/envelope_scan.h"

#include "net/wire/base64.h"
#include "net/wire/json_cursor.h"
#include "net/wire/user_name.h"

#include <algorithm>
#include <array>
#include <optional>

namespace sotto::wire {

namespace {

enum class Form : std::uint8_t { absent, text, integer, boolean, other };

/// What the relay looks at, in the order in which the members of a message mostly come.
enum Name : std::size_t {
    type,
    id,
    from,
    to,
    chat,
    kind,
    payload,
    accept,
    identity,
    time,
    signature,
    names
};
constexpr std::array<std::string_view, names> kQuoted{
    R"("type")",    R"("id")",     R"("from")",     R"("to")",   R"("chat")",     R"("kind")",
    R"("payload")", R"("accept")", R"("identity")", R"("time")", R"("signature")"};

/// Of all fields the form, of those that route the value: little enough to be cleared for
/// each message, which for all values would be a sixth of the scan.
struct Fields {
    std::array<Form, names> form{};
    std::array<JsonString, chat + 1> text;
    std::int64_t id = 0;
};

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

Name find_name(const JsonString& key) {
    const std::string unescaped = key.escaped ? unescape(key.raw) : std::string();
    const std::string_view name = key.escaped ? std::string_view(unescaped) : key.raw;
    const auto at = std::find_if(kQuoted.begin(), kQuoted.end(), [name](std::string_view quoted) {
        const std::string_view known = quoted.substr(1, quoted.size() - 2);
        // Nearly all others differ in these two, and the rest of a comparison is a call.
        return known.size() == name.size() && known.front() == name.front() && known == name;
    });
    return static_cast<Name>(at - kQuoted.begin());
}

/// Reads the members of a message's object into `fields`.
class MemberReader {
  public:
    MemberReader(JsonCursor& cursor, Fields& fields) : cursor_(cursor), fields_(fields) {}

    /// The key that mostly comes next needs no search.
    bool take_key() {
        if (expected_ < names && cursor_.take(kQuoted[expected_])) {
            name_ = static_cast<Name>(expected_);
        } else {
            JsonString key;
            if (!cursor_.string(key)) {
                return false;
            }
            name_ = find_name(key);
            if (name_ == names) {
                return is_new(key);
            }
        }
        expected_ = name_ + 1;
        return fields_.form[name_] == Form::absent;
    }

    bool take_value() {
        if (name_ == names) {
            return cursor_.skip_value(1);
        }
        JsonString text;
        std::int64_t integer = 0;
        bool boolean = false;
        Form& form = fields_.form[name_];
        switch (cursor_.peek()) {
            case '"':
                form = Form::text;
                return cursor_.string(name_ <= chat ? fields_.text[name_] : text);
            case 't':
            case 'f':
                form = Form::boolean;
                return cursor_.boolean(boolean);
            case '{':
            case '[':
            case 'n':
                form = Form::other;
                return cursor_.skip_value(1);
            default:
                form = Form::integer;
                return cursor_.integer(name_ == id ? fields_.id : integer);
        }
    }

  private:
    /// A known key that comes again has left its field behind.
    bool is_new(const JsonString& unknown) {
        if (!unknown_) {
            unknown_.emplace();
        }
        return unknown_->insert(unknown);
    }

    JsonCursor& cursor_;
    Fields& fields_;
    Name name_ = names;  ///< of the member at hand; none of ours: names
    std::size_t expected_ = type;
    std::optional<KeySet> unknown_;
};

/// The value of a string field; an escaped one is unescaped into `owned`, whose
/// strings stay where they are when the Scan moves.
std::string_view value_of(const JsonString& text, std::string& owned) {
    if (!text.escaped) {
        return text.raw;
    }
    owned = unescape(text.raw);
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
    const auto is = [&](Name name, Form form) { return fields.form[name] == form; };
    const auto has = [&](const Shape::Need& need) { return is(need.name, need.form); };
    const bool route = is(from, Form::text) && is(to, Form::text) && is(chat, Form::text) &&
                       is_user_name(message.from) && is_user_name(message.to) &&
                       message.from != message.to &&
                       is_base64_of(message.chat, std::tuple_size_v<ChatId>);
    return route && (is(id, Form::absent) || is(id, Form::integer)) &&
           std::all_of(shape.needs.begin(), shape.needs.end(), has);
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
    JsonCursor cursor(text, kMaxClientValues);
    MemberReader members(cursor, fields);
    cursor.skip_space();
    const bool object =
        cursor.object([&] { return members.take_key(); }, [&] { return members.take_value(); });
    cursor.skip_space();
    if (!object || !cursor.at_end() || fields.form[type] != Form::text) {
        out.reply = refusal(ErrorCode::bad_message, {});
        return out;
    }
    if (std::any_of(fields.text.begin(), fields.text.end(),
                    [](const JsonString& routing) { return routing.escaped; })) {
        out.owned = std::make_unique<std::array<std::string, 4>>();
    }
    std::string never;
    const auto value = [&](Name name, std::size_t home) {
        return value_of(fields.text[name], out.owned ? (*out.owned)[home] : never);
    };
    out.message.type = value(type, 0);
    out.message.from = value(from, 1);
    out.message.to = value(to, 2);
    out.message.chat = value(chat, 3);
    if (fields.form[id] == Form::integer) {
        out.message.id = fields.id;
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
