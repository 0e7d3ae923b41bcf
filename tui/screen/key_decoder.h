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

/// Decodes what a terminal sends into keys: bytes in, Input out. No descriptor, no clock.
///
/// Escape sequences are parsed as in ECMA-48, so that an unknown one is ignored as a whole:
/// its letters never count as typing. The usual keys are built in, because terminfo is often
/// wrong about them.
class KeyDecoder {
  public:
    static constexpr std::size_t kMaxPaste = 64 * 1024;

    /// How bytes form characters. With `locale`, mbrtowc decides. Invalid bytes become U+FFFD.
    enum class Letters { utf8, locale };
    explicit KeyDecoder(Letters letters) : letters_(letters) {}

    /// This terminal sends `bytes` for `key`. Ignored unless `bytes` begin with an Esc.
    void learn(std::string bytes, const Key& key);

    [[nodiscard]] std::vector<Input> take(std::string_view bytes);

    /// How long an Esc, or another possible beginning of a key, waits: then call `settle`.
    [[nodiscard]] std::optional<std::chrono::milliseconds> patience() const;
    /// Nothing has followed: takes what waits as it is.
    [[nodiscard]] std::vector<Input> settle();

    /// A paste is kept back until it is complete; `end_paste` takes it as it is.
    [[nodiscard]] bool pasting() const noexcept { return paste_.has_value(); }
    [[nodiscard]] std::vector<Input> end_paste();

  private:
    /// What some bytes begin with.
    struct Item {
        std::size_t size = 0;  ///< 0: unknown until more bytes come
        enum class Kind { nothing, key, character, paste_begin, paste_end, focus_in, focus_out };
        Kind kind = Kind::nothing;  ///< nothing: ignored
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
    std::string waiting_;     ///< not decoded yet
    bool in_string_ = false;  ///< inside a control string (OSC, DCS and others)
    bool gives_up_ = false;   ///< no more bytes will come
    std::optional<std::string> paste_;
    bool paste_cut_ = false;
};

}  // namespace sotto::tui
