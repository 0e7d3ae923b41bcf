#pragma once

#include "net/wire/plain_run.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <limits>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace sotto::wire {

/// A string as it stands between its quotes.
struct JsonString {
    std::string_view raw;
    bool escaped = false;  ///< holds at least one backslash
};

/// The value of an escaped string that a JsonCursor has accepted.
[[nodiscard]] std::string unescape(std::string_view raw);
[[nodiscard]] inline std::string value_of(const JsonString& string) {
    return string.escaped ? unescape(string.raw) : std::string(string.raw);
}

/// The keys of one object, to find a duplicate (compared after unescaping).
class KeySet {
  public:
    /// False if the key is there already.
    [[nodiscard]] bool insert(const JsonString& key);

  private:
    /// Only what is unusual allocates: many keys, or keys with escapes.
    struct Unusual {
        std::set<std::string_view> many;
        std::deque<std::string> unescaped;  ///< addresses stay
    };

    static constexpr std::size_t kFew = 16;  // up to here a linear look is cheaper than a tree
    std::array<std::string_view, kFew> few_;
    std::size_t count_ = 0;
    std::unique_ptr<Unusual> unusual_;
};

/// One strict pass over JSON text by the rules of section 1. Every function
/// returns false for good once something is not allowed. The full check and the
/// relay's envelope scan walk with this same cursor, so they can't disagree.
class JsonCursor {
  public:
    static constexpr std::size_t kNoMost = std::numeric_limits<std::size_t>::max();

    /// More than `most_values` members and elements in all are not allowed either.
    explicit JsonCursor(std::string_view text, std::size_t most_values = kNoMost) noexcept
        : at_(text.data()), end_(at_ + text.size()), values_left_(most_values) {}

    // The scan of a small message is mostly these: they stand here to be inlined.
    void skip_space() noexcept {
        while (at_ != end_ && is_space(*at_)) {
            ++at_;
        }
    }
    [[nodiscard]] char peek() const noexcept { return at_ == end_ ? '\0' : *at_; }
    [[nodiscard]] bool at_end() const noexcept { return at_ == end_; }

    [[nodiscard]] bool string(JsonString& out) noexcept {
        if (!take('"')) {
            return false;
        }
        const char* const stop = skip_plain(at_, end_);
        if (stop == end_ || *stop != '"') {
            JsonString whole;  // so that nobody keeps the address of `out`: it stays in registers
            const bool is_right = unusual_string(stop, whole);
            out = whole;
            return is_right;
        }
        out.raw = {at_, static_cast<std::size_t>(stop - at_)};
        out.escaped = false;
        at_ = stop + 1;
        return true;
    }
    /// The name of a member, and the colon behind it.
    [[nodiscard]] bool key(JsonString& out) noexcept {
        if (!string(out)) {
            return false;
        }
        skip_space();
        return take(':');
    }
    [[nodiscard]] bool integer(std::int64_t& out) noexcept;
    [[nodiscard]] bool boolean(bool& out) noexcept;
    /// Any value that stands in a container at `level`; what it holds is checked too.
    [[nodiscard]] bool skip_value(std::size_t level);

    /// An object: for each member `on_member(key)` consumes the value.
    template <class OnMember>
    [[nodiscard]] bool object(OnMember&& on_member) {
        KeySet keys;
        JsonString key;
        return object([&] { return this->key(key) && keys.insert(key); },
                      [&] { return on_member(key); });
    }
    /// The same for who knows better than a set which keys have been there, or which come:
    /// `take_key()` consumes a key that is not a duplicate and its colon, `on_member()` the
    /// value.
    template <class TakeKey, class OnMember>
    [[nodiscard]] bool object(TakeKey&& take_key, OnMember&& on_member);

    /// Consumes `word` if it is what comes.
    [[nodiscard]] bool take(std::string_view word) noexcept {
        const std::size_t size = word.size();
        if (static_cast<std::size_t>(end_ - at_) < size) {
            return false;
        }
        // A key has 4 to 16 bytes with quotes and colon: by two loads, a comparison is a call.
        const bool same = size >= 8 && size <= 16  ? is_same<std::uint64_t>(word)
                          : size >= 4 && size <= 8 ? is_same<std::uint32_t>(word)
                                                   : std::string_view(at_, size) == word;
        at_ += same ? size : 0;
        return same;
    }

  private:
    /// `word`, of one to two `Part`s, comes.
    template <class Part>
    [[nodiscard]] bool is_same(std::string_view word) const noexcept {
        const auto differ = [&](std::size_t at) {
            Part here;
            Part there;
            std::memcpy(&here, at_ + at, sizeof here);
            std::memcpy(&there, word.data() + at, sizeof there);
            return here ^ there;
        };
        return (differ(0) | differ(word.size() - sizeof(Part))) == 0;
    }
    [[nodiscard]] bool take(char expected) noexcept {
        const bool is = at_ != end_ && *at_ == expected;
        at_ += is ? 1 : 0;
        return is;
    }
    static bool is_space(char c) noexcept {
        // Nearly always the first of these says no.
        return static_cast<unsigned char>(c) <= ' ' &&
               (c == ' ' || c == '\t' || c == '\n' || c == '\r');
    }
    [[nodiscard]] bool take_value() noexcept { return values_left_ != 0 && values_left_-- != 0; }
    /// A string that holds more than plain bytes up to `stop`, or has no end.
    [[nodiscard]] bool unusual_string(const char* stop, JsonString& out) noexcept;
    [[nodiscard]] bool escape() noexcept;
    [[nodiscard]] bool hex4(std::uint32_t& out) noexcept;
    [[nodiscard]] bool utf8_sequence() noexcept;
    [[nodiscard]] bool array(std::size_t level);

    const char* at_;
    const char* end_;
    std::size_t values_left_;
};

template <class TakeKey, class OnMember>
bool JsonCursor::object(TakeKey&& take_key, OnMember&& on_member) {
    if (!take('{')) {
        return false;
    }
    skip_space();
    if (take('}')) {
        return true;
    }
    do {
        skip_space();
        if (!take_value() || !take_key()) {
            return false;
        }
        skip_space();
        if (!on_member()) {
            return false;
        }
        skip_space();
    } while (take(','));
    return take('}');
}

}  // namespace sotto::wire
