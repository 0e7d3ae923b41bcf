#pragma once

#include "tui/model/key.h"

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::tui {

/// What a terminal sends, as keys: bytes in, Input out. No descriptor, no clock.
///
/// An escape sequence is read as ECMA-48 writes it, so that one which means nothing here is
/// left out whole: its letters are never taken for typing. The usual keys are known whatever
/// terminfo says, which is often wrong about them.
class KeyDecoder {
  public:
    static constexpr std::size_t kMaxPaste = 64 * 1024;

    /// How bytes make characters. In `locale` mbrtowc decides. What makes none becomes U+FFFD.
    enum class Letters { utf8, locale };
    explicit KeyDecoder(Letters letters) : letters_(letters) {}

    /// This terminal sends `bytes` for `key`. Only what begins with an Esc is taken.
    void learn(std::string bytes, const Key& key);

    [[nodiscard]] std::vector<Input> take(std::string_view bytes);

    /// An Esc, or what may be the beginning of more, waits for that long: then `settle`.
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const;
    /// Nothing has followed: what waits is taken as it is.
    [[nodiscard]] std::vector<Input> settle();

    /// A paste is kept back until its end comes; `end_paste` takes it as it is.
    [[nodiscard]] bool pasting() const noexcept { return paste_.has_value(); }
    [[nodiscard]] std::vector<Input> end_paste();

  private:
    /// What stands at the beginning of some bytes.
    struct Item {
        std::size_t size = 0;  ///< 0: more must come before it can be told
        enum class Kind { nothing, key, character, paste_begin, paste_end, focus_in, focus_out };
        Kind kind = Kind::nothing;  ///< nothing: is left out
        Key key;
        char32_t letter = 0;
    };

    [[nodiscard]] static Item lone_escape();
    [[nodiscard]] Item first_of(std::string_view bytes) const;
    [[nodiscard]] Item after_escape(std::string_view bytes) const;
    [[nodiscard]] std::optional<Item> learnt(std::string_view bytes) const;
    [[nodiscard]] static Item control_sequence(std::string_view bytes);
    [[nodiscard]] static Item single_shift(std::string_view bytes);
    [[nodiscard]] Item character(std::string_view bytes) const;
    void swallow(std::string_view& bytes);
    void run(std::vector<Input>& out);
    void add(const Item& item, std::vector<Input>& out);
    void add_pasted(const Item& item, std::vector<Input>& out);

    Letters letters_;
    std::map<std::string, Key, std::less<>> learnt_;
    std::string waiting_;     ///< not told yet what it is
    bool in_string_ = false;  ///< of a control string (OSC, DCS and others), up to its end
    bool gives_up_ = false;   ///< nothing more comes
    std::optional<std::string> paste_;
    bool paste_cut_ = false;
};

}  // namespace sotto::tui
