#include "net/wire/json_cursor.h"

#include "net/wire/limits.h"

#include <algorithm>
#include <array>

namespace sotto::wire {

namespace {

bool is_high_surrogate(std::uint32_t unit) noexcept {
    return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_low_surrogate(std::uint32_t unit) noexcept {
    return unit >= 0xDC00 && unit <= 0xDFFF;
}

void append_utf8(std::string& out, std::uint32_t point) {
    const auto put = [&](std::uint32_t byte) { out += static_cast<char>(byte); };
    if (point < 0x80) {
        put(point);
    } else if (point < 0x800) {
        put(0xC0 | point >> 6U);
        put(0x80 | (point & 0x3FU));
    } else if (point < 0x10000) {
        put(0xE0 | point >> 12U);
        put(0x80 | (point >> 6U & 0x3FU));
        put(0x80 | (point & 0x3FU));
    } else {
        put(0xF0 | point >> 18U);
        put(0x80 | (point >> 12U & 0x3FU));
        put(0x80 | (point >> 6U & 0x3FU));
        put(0x80 | (point & 0x3FU));
    }
}

std::uint32_t hex_unit(std::string_view four) {
    std::uint32_t unit = 0;
    for (const char c : four) {
        const auto digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
        unit = unit << 4U | static_cast<std::uint32_t>(digit);
    }
    return unit;
}

}  // namespace

std::string unescape(std::string_view raw) {
    static constexpr std::string_view kFrom = "\"\\/bfnrt";
    static constexpr std::string_view kTo = "\"\\/\b\f\n\r\t";
    std::string out;
    for (std::size_t i = 0; i < raw.size(); ++i) {
        if (raw[i] != '\\') {
            out += raw[i];
            continue;
        }
        ++i;
        if (raw[i] != 'u') {
            out += kTo[kFrom.find(raw[i])];
            continue;
        }
        std::uint32_t point = hex_unit(raw.substr(i + 1, 4));
        i += 4;
        if (is_high_surrogate(point)) {
            const std::uint32_t low = hex_unit(raw.substr(i + 3, 4));
            point = 0x10000 + ((point - 0xD800) << 10U) + (low - 0xDC00);
            i += 6;
        }
        append_utf8(out, point);
    }
    return out;
}

bool KeySet::insert(const JsonString& key) {
    if (!unusual_ && (key.escaped || count_ == kFew)) {
        unusual_ = std::make_unique<Unusual>();
    }
    std::string_view name = key.raw;
    if (key.escaped) {
        name = unusual_->unescaped.emplace_back(unescape(key.raw));
    }
    const auto end = few_.begin() + static_cast<std::ptrdiff_t>(count_);
    if (count_ < kFew) {
        if (std::find(few_.begin(), end, name) != end) {
            return false;
        }
        few_[count_++] = name;
        return true;
    }
    if (unusual_->many.empty()) {
        unusual_->many.insert(few_.begin(), end);
    }
    return unusual_->many.insert(name).second;
}

bool JsonCursor::hex4(std::uint32_t& out) noexcept {
    if (end_ - at_ < 4) {
        return false;
    }
    const auto is_hex = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    };
    if (!std::all_of(at_, at_ + 4, is_hex)) {
        return false;
    }
    out = hex_unit({at_, 4});
    at_ += 4;
    return true;
}

bool JsonCursor::escape() noexcept {
    if (at_ == end_) {
        return false;
    }
    const char c = *at_++;
    if (c != 'u') {
        return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    }
    std::uint32_t unit = 0;
    if (!hex4(unit) || is_low_surrogate(unit)) {
        return false;
    }
    std::uint32_t low = 0;
    return !is_high_surrogate(unit) || (take("\\u") && hex4(low) && is_low_surrogate(low));
}

bool JsonCursor::utf8_sequence() noexcept {
    const auto byte = [&](std::ptrdiff_t i) { return static_cast<std::uint8_t>(at_[i]); };
    const auto lead = byte(0);
    std::ptrdiff_t size = 0;
    std::uint8_t low = 0x80;
    std::uint8_t high = 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF) {
        size = 2;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        size = 3;
        low = lead == 0xE0 ? 0xA0 : 0x80;   // no overlong form
        high = lead == 0xED ? 0x9F : 0xBF;  // no surrogate
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        size = 4;
        low = lead == 0xF0 ? 0x90 : 0x80;
        high = lead == 0xF4 ? 0x8F : 0xBF;  // nothing above U+10FFFF
    }
    if (size == 0 || end_ - at_ < size || byte(1) < low || byte(1) > high) {
        return false;
    }
    for (std::ptrdiff_t i = 2; i < size; ++i) {
        if ((byte(i) & 0xC0U) != 0x80) {
            return false;
        }
    }
    at_ += size;
    return true;
}

bool JsonCursor::unusual_string(const char* stop, JsonString& out) noexcept {
    const char* const begin = at_;
    out.escaped = false;
    for (at_ = stop; at_ != end_; at_ = skip_plain(at_, end_)) {
        if (*at_ == '"') {
            out.raw = {begin, static_cast<std::size_t>(at_ - begin)};
            ++at_;
            return true;
        }
        if (*at_ == '\\') {
            ++at_;
            out.escaped = true;
            if (!escape()) {
                return false;
            }
        } else if (!utf8_sequence()) {  // a control character is no lead byte either
            return false;
        }
    }
    return false;
}

bool JsonCursor::integer(std::int64_t& out) noexcept {
    const bool negative = take('-');
    if (at_ == end_ || *at_ < '0' || *at_ > '9') {
        return false;
    }
    if (*at_ == '0') {  // no leading zero, no -0
        ++at_;
        out = 0;
        return !negative && (at_ == end_ || *at_ < '0' || *at_ > '9');
    }
    std::int64_t value = 0;
    for (; at_ != end_ && *at_ >= '0' && *at_ <= '9'; ++at_) {
        value = value * 10 + (*at_ - '0');
        if (value > kMaxInteger) {
            return false;
        }
    }
    out = negative ? -value : value;
    return true;  // a fraction or exponent behind it is no comma: the caller refuses it
}

bool JsonCursor::boolean(bool& out) noexcept {
    out = take("true");
    return out || take("false");
}

bool JsonCursor::array(std::size_t level) {
    if (!take('[')) {
        return false;
    }
    skip_space();
    if (take(']')) {
        return true;
    }
    for (;;) {
        skip_space();
        if (!take_value() || !skip_value(level)) {
            return false;
        }
        skip_space();
        if (take(']')) {
            return true;
        }
        if (!take(',')) {
            return false;
        }
    }
}

bool JsonCursor::skip_value(std::size_t level) {
    JsonString string_value;
    std::int64_t integer_value = 0;
    bool boolean_value = false;
    switch (peek()) {
        case '{':
            return level < kMaxNesting &&
                   object([&](const JsonString&) { return skip_value(level + 1); });
        case '[':
            return level < kMaxNesting && array(level + 1);
        case '"':
            return string(string_value);
        case 't':
        case 'f':
            return boolean(boolean_value);
        case 'n':
            return take("null");
        default:
            return integer(integer_value);
    }
}

}  // namespace sotto::wire
