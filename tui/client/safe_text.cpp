#include "tui/client/safe_text.h"

#include <utf8proc.h>

#include <algorithm>

namespace sotto::client {

namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";
constexpr int kMaxMarks = 8;     // combining marks in one cluster: no script needs more
constexpr int kMaxCluster = 32;  // code points in one cluster: the longest emoji has 10

constexpr utf8proc_int32_t kZeroWidthJoiner = 0x200D;
constexpr utf8proc_int32_t kTextPresentation = 0xFE0E;
constexpr utf8proc_int32_t kEmojiPresentation = 0xFE0F;
constexpr utf8proc_int32_t kBlackFlag = 0x1F3F4;  // tags after it make it a region's

/// Takes no room on the screen, or reorders what stands around it.
bool is_invisible(utf8proc_int32_t c) {
    const auto category = utf8proc_category(c);
    // Format (Cf): bidi controls, joiners, tags. The Arabic ones that precede a number show.
    const bool format = category == UTF8PROC_CATEGORY_CF &&
                        utf8proc_get_property(c)->boundclass != UTF8PROC_BOUNDCLASS_PREPEND;
    const bool filler = c == 0x115F || c == 0x1160 || c == 0x3164 || c == 0xFFA0 || c == 0x034F ||
                        c == 0x17B4 || c == 0x17B5;
    const bool plane14 = c >= 0xE0000 && c <= 0xE0FFF;
    return format || filler || plane14 || category == UTF8PROC_CATEGORY_CN;
}

bool is_control(utf8proc_int32_t c) {
    return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

bool is_line_separator(utf8proc_int32_t c) {
    return c == 0x2028 || c == 0x2029 || c == 0x85;
}

bool is_mark(utf8proc_int32_t c) {
    const auto category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
           category == UTF8PROC_CATEGORY_MC;
}

/// A skin tone: part of the picture before it, though not a mark.
bool is_modifier(utf8proc_int32_t c) {
    return c >= 0x1F3FB && c <= 0x1F3FF;
}

bool is_pictographic(utf8proc_int32_t c) {
    return utf8proc_get_property(c)->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/// Asks for another form of the character before it, and can't be seen itself.
bool is_variation_selector(utf8proc_int32_t c) {
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF) ||
           (c >= 0x180B && c <= 0x180D) || c == 0x180F;
}

bool is_tag(utf8proc_int32_t c) {
    return c >= 0xE0020 && c <= 0xE007F;
}

/// There is a form of it as text and one as emoji.
bool has_presentations(utf8proc_int32_t c) {
    return is_pictographic(c) || (c >= '0' && c <= '9') || c == '#' || c == '*';
}

/// Walks hostile bytes code point by code point and writes what may be shown.
class Cleaner {
  public:
    Cleaner(SafeText::Lines lines, std::size_t max) : lines_(lines), max_(max) {}

    std::string run(std::string_view in) {
        std::size_t at = 0;
        while (at < in.size() && !full_) {
            utf8proc_int32_t c = -1;
            const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(in.data() + at);
            const auto size =
                utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(in.size() - at), &c);
            if (size <= 0) {
                put(kReplacement, 0xFFFD);
                ++at;
                continue;
            }
            one(c, in.substr(at, static_cast<std::size_t>(size)),
                in.substr(at + static_cast<std::size_t>(size)));
            at += static_cast<std::size_t>(size);
        }
        if (full_) {
            out_.resize(cut_);
            out_ += kEllipsis;
        }
        return std::move(out_);
    }

  private:
    void one(utf8proc_int32_t c, std::string_view bytes, std::string_view rest) {
        if (c == '\n' || is_line_separator(c)) {
            lines_ == SafeText::Lines::many ? put("\n", '\n') : put(" ", ' ');
        } else if (c == '\t') {
            put("    ", ' ');
        } else if (c == '\r') {
            return;
        } else if (c == kZeroWidthJoiner) {
            if (is_pictographic(last_base_) && next_is_pictographic(rest)) {
                put(bytes, c);
            }
        } else if (is_variation_selector(c)) {
            const bool asked = c == kTextPresentation || c == kEmojiPresentation;
            if (asked && last_ == last_base_ && has_presentations(last_base_)) {
                put(bytes, c);
            }
        } else if (is_tag(c) && last_base_ == kBlackFlag) {
            return;  // no terminal shows the region, but nobody is deceived by a plain flag
        } else if (is_control(c) || is_invisible(c)) {
            put(kReplacement, 0xFFFD);
        } else if (is_mark(c)) {
            if (last_ != 0 && last_ != '\n' && marks_ < kMaxMarks) {
                ++marks_;
                put(bytes, c);
            }
        } else {
            marks_ = 0;
            put(bytes, c);
        }
    }

    static bool next_is_pictographic(std::string_view rest) {
        utf8proc_int32_t next = -1;
        const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(rest.data());
        return utf8proc_iterate(bytes, static_cast<utf8proc_ssize_t>(rest.size()), &next) > 0 &&
               is_pictographic(next);
    }

    void put(std::string_view bytes, utf8proc_int32_t c) {
        if (last_ == 0 || utf8proc_grapheme_break_stateful(last_, c, &state_) != 0) {
            if (out_.size() + kEllipsis.size() <= max_) {
                cut_ = out_.size();  // a cluster begins here: where a cut may be
            }
            cluster_ = 0;
        }
        if (++cluster_ > kMaxCluster) {
            return;  // some scripts join without end
        }
        if (out_.size() + bytes.size() > max_) {
            full_ = true;
            return;
        }
        out_ += bytes;
        last_ = c;
        if (!is_mark(c) && !is_modifier(c) && c != kZeroWidthJoiner) {
            last_base_ = c;
        }
    }

    SafeText::Lines lines_;
    std::size_t max_;
    std::string out_;
    std::size_t cut_ = 0;
    bool full_ = false;
    int marks_ = 0;
    int cluster_ = 0;
    utf8proc_int32_t state_ = 0;
    utf8proc_int32_t last_ = 0;
    utf8proc_int32_t last_base_ = 0;
};

}  // namespace

SafeText SafeText::from(std::string_view hostile, Lines lines, std::size_t max_bytes) {
    return SafeText(Cleaner(lines, max_bytes).run(hostile));
}

SafeText SafeText::own(std::string text) {
    return SafeText(std::move(text));
}

}  // namespace sotto::client
