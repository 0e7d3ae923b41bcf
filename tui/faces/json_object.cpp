#include "tui/faces/json_object.h"

#include "crypto/base/hex.h"
#include "crypto/base/utf8.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace sotto::tui {

namespace {

constexpr std::int64_t kMaxInteger = (1LL << 53) - 1;  // every reader of JSON is exact to there

/// The escapes of one letter, and what each stands for.
constexpr std::array<std::pair<char, char>, 8> kEscapes{{{'"', '"'},
                                                         {'\\', '\\'},
                                                         {'/', '/'},
                                                         {'b', '\b'},
                                                         {'f', '\f'},
                                                         {'n', '\n'},
                                                         {'r', '\r'},
                                                         {'t', '\t'}}};

bool is_surrogate(std::uint32_t unit, std::uint32_t first) {
    return unit >= first && unit < first + 0x400;
}

void append_utf8(std::string& out, std::uint32_t code) {
    std::array<utf8proc_uint8_t, 4> bytes{};
    const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code), bytes.data());
    out.append(reinterpret_cast<const char*>(bytes.data()), static_cast<std::size_t>(size));
}

/// Goes through a line once. The first thing that is wrong ends it, with a sentence.
class Reader {
  public:
    explicit Reader(std::string_view line) : rest_(line) {}

    tl::expected<JsonObject, JsonError> object() {
        JsonObject out;
        if (!members(out)) {
            return tl::unexpected(JsonError{why_, std::move(out)});
        }
        return out;
    }

  private:
    bool members(JsonObject& out) {
        if (!take('{')) {
            return fail("a command is one JSON object");
        }
        for (bool first = true; !take('}'); first = false) {
            if (!first && !take(',')) {
                return fail("a comma or the end of the object is missing");
            }
            if (!member(out)) {
                return false;
            }
        }
        skip_blanks();
        return rest_.empty() || fail("something stands after the object");
    }

    bool member(JsonObject& out) {
        std::string key;
        JsonValue value;
        if (!string(key)) {
            return false;
        }
        const auto same = [&](const auto& other) { return other.first == key; };
        if (std::any_of(out.begin(), out.end(), same)) {
            return fail("a key stands twice");
        }
        if (!take(':')) {
            return fail("a colon is missing");
        }
        if (!this->value(value)) {
            return false;
        }
        out.emplace_back(std::move(key), std::move(value));
        return true;
    }

    bool value(JsonValue& out) {
        if (word("true")) {
            out = true;
        } else if (word("false")) {
            out = false;
        } else if (skip_blanks(); rest_.substr(0, 1) == "\"") {
            std::string text;
            if (!string(text)) {
                return false;
            }
            out = std::move(text);
        } else if (is_digit(0) || rest_.substr(0, 1) == "-") {
            return integer(out);
        } else {
            return fail("a value is neither a string nor an integer nor true or false");
        }
        return true;
    }

    bool integer(JsonValue& out) {
        const std::size_t sign = rest_.front() == '-' ? 1 : 0;
        std::size_t size = sign;
        std::int64_t number = 0;
        for (; is_digit(size); ++size) {
            if (size > sign && number == 0) {
                return fail("a number begins with a zero");
            }
            number = number * 10 + (rest_[size] - '0');
            if (number > kMaxInteger) {
                return fail("a number has more than 53 bits");
            }
        }
        if (size == sign || (size < rest_.size() &&
                             std::string_view(".eE").find(rest_[size]) != std::string_view::npos)) {
            return fail("a number is not an integer");
        }
        rest_.remove_prefix(size);
        out = sign == 0 ? number : -number;
        return true;
    }

    bool string(std::string& out) {
        if (!take('"')) {
            return fail("a string is missing");
        }
        while (!rest_.empty()) {
            const char c = rest_.front();
            rest_.remove_prefix(1);
            if (c == '"') {
                return true;
            }
            if (static_cast<unsigned char>(c) < 0x20) {
                return fail("a string holds a raw control character");
            }
            if (c != '\\') {
                out += c;
            } else if (!escape(out)) {
                return fail("a string holds a bad escape");
            }
        }
        return fail("a string has no end");
    }

    bool escape(std::string& out) {
        const char letter = rest_.empty() ? '\0' : rest_.front();
        if (letter == 'u') {
            return unicode_escape(out);
        }
        const auto* known = std::find_if(kEscapes.begin(), kEscapes.end(),
                                         [&](const auto& row) { return row.first == letter; });
        if (known == kEscapes.end()) {
            return false;
        }
        rest_.remove_prefix(1);
        out += known->second;
        return true;
    }

    bool unicode_escape(std::string& out) {
        const auto unit = code_unit('u');
        if (!unit || is_surrogate(*unit, 0xDC00)) {
            return false;
        }
        if (!is_surrogate(*unit, 0xD800)) {
            append_utf8(out, *unit);
            return true;
        }
        const bool pair = rest_.substr(0, 1) == "\\";
        rest_.remove_prefix(pair ? 1 : 0);
        const auto low = pair ? code_unit('u') : std::nullopt;
        if (!low || !is_surrogate(*low, 0xDC00)) {
            return false;
        }
        append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00));
        return true;
    }

    /// `mark` and four hexadecimal digits.
    std::optional<std::uint32_t> code_unit(char mark) {
        if (rest_.size() < 5 || rest_.front() != mark) {
            return std::nullopt;
        }
        std::uint32_t unit = 0;
        for (const char c : rest_.substr(1, 4)) {
            const int digit = base::hex_value(c);
            if (digit < 0) {
                return std::nullopt;
            }
            unit = unit << 4U | static_cast<std::uint32_t>(digit);
        }
        rest_.remove_prefix(5);
        return unit;
    }

    void skip_blanks() {
        rest_.remove_prefix(std::min(rest_.find_first_not_of(" \t\r\n"), rest_.size()));
    }
    bool take(char wanted) {
        skip_blanks();
        const bool there = !rest_.empty() && rest_.front() == wanted;
        rest_.remove_prefix(there ? 1 : 0);
        return there;
    }
    bool word(std::string_view wanted) {
        skip_blanks();
        const bool there = rest_.substr(0, wanted.size()) == wanted;
        rest_.remove_prefix(there ? wanted.size() : 0);
        return there;
    }
    bool fail(std::string why) {
        why_ = std::move(why);
        return false;
    }
    [[nodiscard]] bool is_digit(std::size_t at) const {
        return at < rest_.size() && rest_[at] >= '0' && rest_[at] <= '9';
    }

    std::string_view rest_;
    std::string why_;
};

}  // namespace

tl::expected<JsonObject, JsonError> read_json_object(std::string_view line) {
    if (!base::is_utf8(line)) {
        return tl::unexpected(JsonError{"the line is not UTF-8", {}});
    }
    return Reader(line).object();
}

std::string json_string(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        const auto* escaped = std::find_if(kEscapes.begin(), kEscapes.end(), [&](const auto& row) {
            return row.second == c && row.first != '/';
        });
        if (escaped != kEscapes.end()) {
            out += '\\';
            out += escaped->first;
        } else if (static_cast<unsigned char>(c) < 0x20) {
            out += "\\u00";
            base::append_hex(out, static_cast<std::uint8_t>(c));
        } else {
            out += c;
        }
    }
    return out + '"';
}

}  // namespace sotto::tui
