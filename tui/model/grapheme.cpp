#include "tui/model/grapheme.h"

#include <utf8proc.h>

#include <algorithm>

namespace sotto::tui {

namespace {

using CodePoint = utf8proc_int32_t;

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kDottedCircle = "\xE2\x97\x8C";
constexpr CodePoint kIllFormed = -1;
constexpr CodePoint kEmojiPresentation = 0xFE0F;  // VS16
constexpr CodePoint kKeycap = 0x20E3;
constexpr int kMaxWidth = 2;

struct Decoded {
    CodePoint code = kIllFormed;
    std::size_t size = 1;
};

/// The code point at the beginning of `text`, which is not empty.
Decoded decode(std::string_view text) {
    CodePoint code = kIllFormed;
    const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
    const auto size = utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(text.size()), &code);
    if (size <= 0) {
        return {};
    }
    return {code, static_cast<std::size_t>(size)};
}

int bound_class(CodePoint c) {
    return static_cast<int>(utf8proc_get_property(c)->boundclass);
}

bool is_pictographic(CodePoint c) {
    return bound_class(c) == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}
bool is_regional(CodePoint c) {
    return bound_class(c) == UTF8PROC_BOUNDCLASS_REGIONAL_INDICATOR;
}
bool is_skin_tone(CodePoint c) {
    return c >= 0x1F3FB && c <= 0x1F3FF;
}
bool is_joiner(CodePoint c) {
    return bound_class(c) == UTF8PROC_BOUNDCLASS_ZWJ;
}

/// Columns by which terminals advance for one code point. utf8proc counts marks that take
/// room as none, and the vowels of a Hangul syllable, drawn within it, as one.
int advance(CodePoint c) {
    switch (bound_class(c)) {
        case UTF8PROC_BOUNDCLASS_V:
        case UTF8PROC_BOUNDCLASS_T:
            return 0;
        case UTF8PROC_BOUNDCLASS_SPACINGMARK:
        case UTF8PROC_BOUNDCLASS_PREPEND:
            return 1;
        default:
            return utf8proc_charwidth(c);
    }
}

/// Reads one cluster's code points, in order, and says how wide it is.
class Width {
  public:
    /// False, and nothing taken, if `c` would make the cluster wider than what a cell can
    /// hold. Terminals go on to the next cell then (a Hangul syllable with two beginnings, a
    /// skin tone on a letter), so the cluster ends here, whatever Unicode says.
    bool add(CodePoint c) {
        const bool after_picture = is_pictographic(base_);
        const bool picture = (base_ == 0 && is_pictographic(c) && advance(c) == kMaxWidth) ||
                             (after_picture && (c == kEmojiPresentation || is_skin_tone(c))) ||
                             (after_picture && is_joiner(last_) && is_pictographic(c)) ||
                             (is_regional(base_) && is_regional(c)) ||
                             (last_ == kEmojiPresentation && c == kKeycap);
        const int sum = sum_ + advance(c);
        if (sum > kMaxWidth && advance(c) > 0 && !picture) {
            return false;
        }
        emoji_ = emoji_ || picture;
        sum_ = sum;
        newline_ = newline_ || c == '\n';
        base_ = base_ == 0 ? c : base_;
        last_ = c;
        return true;
    }
    [[nodiscard]] int columns(EmojiWidth emoji) const {
        if (newline_) {
            return 0;
        }
        return emoji_ ? static_cast<int>(emoji) : std::max(sum_, 1);
    }

  private:
    CodePoint base_ = 0;
    CodePoint last_ = 0;
    int sum_ = 0;
    bool emoji_ = false;
    bool newline_ = false;
};

bool is_printable_ascii(char c) {
    return c >= 0x20 && c < 0x7F;
}
bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

/// The cluster that begins at `at`.
Cluster next_cluster(std::string_view text, std::size_t at, EmojiWidth emoji) {
    if (is_printable_ascii(text[at]) && (at + 1 == text.size() || is_ascii(text[at + 1]))) {
        return {at, 1, 1};  // by far the most text; nothing ASCII joins to it
    }
    Decoded here = decode(text.substr(at));
    if (here.code == kIllFormed) {
        return {at, 1, 1};
    }
    Width width;
    (void)width.add(here.code);
    std::size_t end = at + here.size;
    utf8proc_int32_t state = 0;
    while (end < text.size()) {
        const Decoded next = decode(text.substr(end));
        if (next.code == kIllFormed ||
            utf8proc_grapheme_break_stateful(here.code, next.code, &state) != 0 ||
            !width.add(next.code)) {
            break;
        }
        end += next.size;
        here = next;
    }
    return {at, end - at, width.columns(emoji)};
}

/// Cuts one paragraph, text without newlines, into lines.
class Wrapper {
  public:
    Wrapper(std::string_view text, int width, std::vector<std::string_view>& out)
        : text_(text), width_(width), out_(out) {}

    void run(const Cluster* from, const Cluster* end) {
        const Cluster* at = from;
        do {
            at = one_line(at, end);
        } while (at != end);
    }

  private:
    [[nodiscard]] bool space(const Cluster* c) const {
        return is_space(text_.substr(c->begin, c->size));
    }

    /// Puts the line that begins at `begin`; returns where the next one begins.
    const Cluster* one_line(const Cluster* begin, const Cluster* end) {
        const Cluster* at = begin;
        const Cluster* last_space = nullptr;  // after a word: indentation is no place to break
        bool word = false;
        for (int used = 0; at != end && used + at->width <= width_; ++at) {
            used += at->width;
            if (!space(at)) {
                word = true;
            } else if (word) {
                last_space = at;
            }
        }
        if (at == end) {
            put(begin, end);
            return end;
        }
        if (at == begin) {
            put(begin, begin + 1);
            return begin + 1;
        }
        const Cluster* cut = word && space(at) ? at : last_space;
        if (cut == nullptr) {
            put(begin, at);
            return at;
        }
        const Cluster* line_end = cut;
        while (space(line_end - 1)) {
            --line_end;
        }
        put(begin, line_end);
        return std::find_if(cut, end, [this](const Cluster& c) { return !space(&c); });
    }

    void put(const Cluster* begin, const Cluster* end) {
        if (begin == end) {
            return;
        }
        const Cluster& last = *(end - 1);
        out_.push_back(text_.substr(begin->begin, last.begin + last.size - begin->begin));
    }

    std::string_view text_;
    int width_;
    std::vector<std::string_view>& out_;
};

}  // namespace

std::vector<Cluster> clusters(std::string_view text, EmojiWidth emoji) {
    std::vector<Cluster> out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); at += out.back().size) {
        out.push_back(next_cluster(text, at, emoji));
    }
    return out;
}

int columns(std::string_view text, EmojiWidth emoji) {
    int total = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Cluster cluster = next_cluster(text, at, emoji);
        total += cluster.width;
        at += cluster.size;
    }
    return total;
}

std::string_view fit(std::string_view text, int width, EmojiWidth emoji) {
    std::size_t at = 0;
    for (int used = 0; at < text.size();) {
        const Cluster cluster = next_cluster(text, at, emoji);
        used += cluster.width;
        if (used > width) {
            break;
        }
        at += cluster.size;
    }
    return text.substr(0, at);
}

std::vector<std::string_view> wrap(std::string_view text, int width, EmojiWidth emoji) {
    std::vector<std::string_view> out;
    for (std::size_t at = 0;;) {
        const std::size_t newline = text.find('\n', at);
        std::string_view paragraph = text.substr(at, newline - at);
        if (newline != std::string_view::npos && !paragraph.empty() && paragraph.back() == '\r') {
            paragraph.remove_suffix(1);
        }
        const std::vector<Cluster> parts = clusters(paragraph, emoji);
        if (parts.empty()) {
            out.push_back(paragraph);
        } else {
            Wrapper(paragraph, width, out).run(parts.data(), parts.data() + parts.size());
        }
        if (newline == std::string_view::npos) {
            return out;
        }
        at = newline + 1;
    }
}

std::string drawn(std::string_view cluster) {
    if (cluster.empty() || cluster.back() == '\n') {
        return {};
    }
    const CodePoint base = decode(cluster).code;
    if (base == '\t') {
        return " ";
    }
    if (base == kIllFormed || utf8proc_category(base) == UTF8PROC_CATEGORY_CN) {
        return std::string(kReplacement);
    }
    if (advance(base) > 0) {
        return std::string(cluster);
    }
    const auto category = utf8proc_category(base);
    const bool mark = category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME;
    return mark ? std::string(kDottedCircle).append(cluster) : std::string(kReplacement);
}

bool is_word(std::string_view cluster) {
    if (cluster.empty()) {
        return false;
    }
    const CodePoint base = decode(cluster).code;
    if (base == kIllFormed) {
        return false;
    }
    const auto category = utf8proc_category(base);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
}

bool is_space(std::string_view cluster) {
    if (cluster == "\r\n") {
        return true;
    }
    const Decoded only = cluster.empty() ? Decoded() : decode(cluster);
    if (only.code == kIllFormed || only.size != cluster.size()) {
        return false;  // a space with a mark on it shows
    }
    return only.code == ' ' || only.code == '\t' || only.code == '\n' || only.code == '\r' ||
           (only.code > 0xA0 && only.code != 0x202F &&  // no-break spaces are none here
            utf8proc_category(only.code) == UTF8PROC_CATEGORY_ZS);
}

}  // namespace sotto::tui
