#pragma once

#include "tui/model/key.h"

#include <optional>
#include <string>
#include <string_view>

/// The keys that terminals send, as far as this needs no terminfo.
namespace sotto::tui {

/// The key for which a terminal of the xterm, vt, rxvt or Linux family sends this complete
/// sequence (CSI or SS3). The key includes Alt and Ctrl, but Shift only as a function key
/// from F13 on.
[[nodiscard]] std::optional<Key> key_of_sequence(std::string_view sequence);

/// The key for a typed character, including control characters.
[[nodiscard]] Key key_of_character(char32_t code);

/// `code` as UTF-8; it must be a Unicode scalar value.
[[nodiscard]] std::string encode_utf8(char32_t code);

}  // namespace sotto::tui
