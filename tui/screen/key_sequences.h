#pragma once

#include "tui/model/key.h"

#include <gsl/span>

#include <string>

/// Keys as terminals send them, as far as that needs no terminfo.
namespace sotto::tui {

/// What a terminal of the xterm family sends for a key with a modifier, and what some send
/// although their terminfo says otherwise.
struct KeySequence {
    const char* bytes;
    Key key;
};
[[nodiscard]] gsl::span<const KeySequence> key_sequences();

/// A character that was typed, control characters included, as a key.
[[nodiscard]] Key key_of_character(char32_t code);

/// `code` as UTF-8; it must be a Unicode scalar value.
[[nodiscard]] std::string encode_utf8(char32_t code);

}  // namespace sotto::tui
