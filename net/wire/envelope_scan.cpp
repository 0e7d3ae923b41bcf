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
/// As they stand before their values in a text without white space.
constexpr std::array<std::string_view, names> kKeys{
    R"("type":)",    R"("id":)",     R"("from":)",     R"("to":)",   R"("chat":)",     R"("kind":)",
    R"("payload":)", R"("accept":)", R"("identity":)", R"("time":)", R"("signature":)"};

/// Where the values of those go that route a message.
constexpr std::array<std::string_view Forwardable::*, chat + 1> kHomes{
    &Forwardable::type, nullptr, &Forwardable::from, &Forwardable::to, &Forwardable::chat};

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
    const auto at = std::find_if(kKeys.begin(), kKeys.end(), [name](std::string_view whole) {
        const std::string_view known = whole.substr(1, whole.size() - 3);
        // Nearly all others differ in these two, and the rest of a comparison is a call.
        return known.size() == name.size() && known.front() == name.front() && known == name;
    });
    return static_cast<Name>(at - kKeys.begin());
}

/// Reads the members of a message's object: of all that the relay looks at the form, of those
/// that route it the value. Little is kept, because it is cleared for each message.
class MemberReader {
  public:
    MemberReader(JsonCursor& cursor, Forwardable& message) : cursor_(cursor), message_(message) {}

    [[nodiscard]] bool is(Name name, Form form) const { return form_[name] == form; }
    /// One of the values that route the message holds a backslash.
    [[nodiscard]] bool is_escaped() const { return escaped_; }

    /// The key that mostly comes next needs no search.
    bool take_key() {
        if (expected_ < names && cursor_.take(kKeys[expected_])) {
            name_ = static_cast<Name>(expected_);
        } else {
            JsonString key;
            if (!cursor_.key(key)) {
                return false;
            }
            name_ = find_name(key);
            if (name_ == names) {
                return is_new(key);
            }
        }
        expected_ = name_ + 1;
        return is(name_, Form::absent);
    }

    bool take_value() {
        if (name_ == names) {
            return cursor_.skip_value(1);
        }
        bool boolean = false;
        Form& form = form_[name_];
        switch (cursor_.peek()) {
            case '"':
                form = Form::text;
                return take_text();
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
                return take_integer();
        }
    }

  private:
    bool take_text() {
        JsonString text;
        if (!cursor_.string(text)) {
            return false;
        }
        if (name_ <= chat && name_ != id) {
            message_.*kHomes[name_] = text.raw;
            escaped_ = escaped_ || text.escaped;
        }
        return true;
    }
    bool take_integer() {
        std::int64_t integer = 0;
        if (!cursor_.integer(integer)) {
            return false;
        }
        if (name_ == id) {
            message_.id = integer;
        }
        return true;
    }
    /// A known key that comes again has left its field behind.
    bool is_new(const JsonString& unknown) {
        if (!unknown_) {
            unknown_ = std::make_unique<KeySet>();
        }
        return unknown_->insert(unknown);
    }

    JsonCursor& cursor_;
    Forwardable& message_;
    std::array<Form, names> form_{};
    bool escaped_ = false;
    Name name_ = names;  ///< of the member at hand; none of ours: names
    std::size_t expected_ = type;
    std::unique_ptr<KeySet> unknown_;
};

std::unique_ptr<ErrorMessage> refusal(ErrorCode code, const Forwardable& message) {
    auto out = std::make_unique<ErrorMessage>();
    out->code = code;
    out->message = row_of(code).meaning;
    out->re = message.type;
    out->id = message.id;
    if (is_user_name(message.to)) {
        out->to = std::string(message.to);
    }
    decode_chat(message.chat, out->chat);
    return out;
}

/// Lets the message show values that are spelled with escapes; their home stays where it is
/// when the Scan moves.
void unescape_route(Scan& out) {
    out.owned = std::make_unique<std::array<std::string, 4>>();
    auto home = out.owned->begin();
    for (const Name name : {type, from, to, chat}) {
        *home = unescape(out.message.*kHomes[name]);
        out.message.*kHomes[name] = *home++;
    }
}

bool fits(const Shape& shape, const MemberReader& members, const Forwardable& message) {
    const auto has = [&](const Shape::Need& need) { return members.is(need.name, need.form); };
    const bool route = has({from, Form::text}) && has({to, Form::text}) &&
                       has({chat, Form::text}) && is_user_name(message.from) &&
                       is_user_name(message.to) && message.from != message.to &&
                       is_base64_of(message.chat, ChatId::kSize);
    return route && (has({id, Form::absent}) || has({id, Form::integer})) &&
           std::all_of(shape.needs.begin(), shape.needs.end(), has);
}

}  // namespace

void decode_chat(std::string_view chat, std::optional<ChatId>& out) {
    const auto bytes = from_base64(chat);
    if (bytes) {
        out = ChatId::from(*bytes);
    }
}

Scan scan_from_client(std::string_view text) {
    Scan out;
    if (text.size() > kMaxMessage) {
        out.reply = refusal(ErrorCode::too_large, {});
        return out;
    }
    JsonCursor cursor(text, kMaxClientValues);
    MemberReader members(cursor, out.message);
    cursor.skip_space();
    const bool object =
        cursor.object([&] { return members.take_key(); }, [&] { return members.take_value(); });
    cursor.skip_space();
    if (!object || !cursor.at_end() || !members.is(type, Form::text)) {
        out.message = {};
        out.reply = refusal(ErrorCode::bad_message, {});
        return out;
    }
    if (members.is_escaped()) {
        unescape_route(out);
    }
    const auto shape = std::find_if(kShapes.begin(), kShapes.end(), [&](const Shape& candidate) {
        return candidate.type == out.message.type;
    });
    if (shape == kShapes.end()) {
        out.outcome = Scan::Outcome::other;
    } else if (fits(*shape, members, out.message)) {
        out.outcome = Scan::Outcome::forward;
    } else {
        out.reply = refusal(ErrorCode::bad_message, out.message);
    }
    return out;
}

}  // namespace sotto::wire
