#pragma once

#include "tui/model/key.h"

#include <optional>
#include <string>
#include <string_view>

/// Keys as terminals send them, as far as that needs no terminfo.
namespace sotto::tui {

/// The key for which a terminal of the xterm, vt, rxvt or Linux family sends this sequence, whole:
/// CSI or SS3. Alt and Ctrl are in the key, Shift only as a function key from F13 on.
[[nodiscard]] std::optional<Key> key_of_sequence(std::string_view sequence);

/// A character that was typed, control characters included, as a key.
[[nodiscard]] Key key_of_character(char32_t code);

/// `code` as UTF-8; it must be a Unicode scalar value.
[[nodiscard]] std::string encode_utf8(char32_t code);

}  // namespace sotto::tui
