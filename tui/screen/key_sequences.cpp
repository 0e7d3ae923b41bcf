#include "tui/screen/key_sequences.h"

#include <array>
#include <cstddef>

namespace sotto::tui {

namespace {

using Code = Key::Code;

Key plain(Code code) {
    Key key;
    key.code = code;
    return key;
}
Key function(int number) {
    Key key = plain(Code::function);
    key.number = number;
    return key;
}
Key text(char letter) {
    Key key;
    key.text = std::string(1, letter);
    return key;
}

/// ESC [ NUMBER ~, from 1.
constexpr std::array kNumbered{Code::home,    Code::insert,    Code::remove, Code::end,
                               Code::page_up, Code::page_down, Code::home,   Code::end};
/// The same from 11, as the number of the F key; 0 if no terminal sends it.
constexpr std::array kFunctions{1,  2,  3,  4,  5, 0,  6,  7, 8,  9,  10, 0,
                                11, 12, 13, 14, 0, 15, 16, 0, 17, 18, 19, 20};

std::optional<Key> numbered(int number) {
    const auto at = [number](int first) { return static_cast<std::size_t>(number - first); };
    if (number >= 1 && at(1) < kNumbered.size()) {
        return plain(kNumbered.at(at(1)));
    }
    if (number >= 11 && at(11) < kFunctions.size() && kFunctions.at(at(11)) != 0) {
        return function(kFunctions.at(at(11)));
    }
    return std::nullopt;
}

/// After ESC [ and after ESC O.
std::optional<Key> lettered(char letter) {
    switch (letter) {
        case 'A':
            return plain(Code::up);
        case 'B':
            return plain(Code::down);
        case 'C':
            return plain(Code::right);
        case 'D':
            return plain(Code::left);
        case 'H':
            return plain(Code::home);
        case 'F':
            return plain(Code::end);
        case 'P':
        case 'Q':
        case 'R':
        case 'S':
            return function(letter - 'P' + 1);
        default:
            return std::nullopt;
    }
}

/// After ESC O: the keypad in application mode; rxvt's arrows with Ctrl.
std::optional<Key> of_keypad(char letter) {
    if (letter == 'M') {
        return plain(Code::enter);
    }
    if (letter >= 'a' && letter <= 'd') {
        auto key = lettered(static_cast<char>(letter - 'a' + 'A'));
        key->control = true;
        return key;
    }
    if (letter >= 'j' && letter <= 'y') {
        return text(
            std::string_view("*+,-./0123456789").at(static_cast<std::size_t>(letter - 'j')));
    }
    return letter == 'X' ? std::optional(text('=')) : std::nullopt;
}

/// Removes and returns the leading decimal number; 1 if there is none.
int number_of(std::string_view& text) {
    constexpr int enough = 10'000;
    int out = 0;
    const bool any = !text.empty() && text[0] >= '0' && text[0] <= '9';
    for (; !text.empty() && text[0] >= '0' && text[0] <= '9'; text.remove_prefix(1)) {
        out = out < enough ? out * 10 + (text[0] - '0') : out;
    }
    return any ? out : 1;
}

/// `modifiers` in xterm's encoding: one more than the sum of Shift 1, Alt 2, Ctrl 4, Meta 8.
std::optional<Key> with(std::optional<Key> key, int modifiers) {
    if (!key || modifiers < 1 || modifiers > 16) {
        return std::nullopt;
    }
    const int held = modifiers - 1;
    key->meta = (held & (2 | 8)) != 0;
    key->control = key->control || (held & 4) != 0;
    if ((held & 1) != 0 && key->code == Code::function) {
        key->number += 12;
    }
    return key;
}

}  // namespace

std::optional<Key> key_of_sequence(std::string_view sequence) {
    if (sequence.size() < 3) {
        return std::nullopt;
    }
    const bool single_shift = sequence[1] == 'O';
    const char last = sequence.back();
    std::string_view between = sequence.substr(2, sequence.size() - 3);
    if (between == "[" && last >= 'A' && last <= 'E') {  // the Linux console's
        return function(last - 'A' + 1);
    }
    const int number = number_of(between);
    int modifiers = 1;
    if (!between.empty() && between[0] == ';') {
        between.remove_prefix(1);
        modifiers = number_of(between);
    } else if (single_shift) {
        modifiers = number;  // ESC O 5 C
    }
    if (!between.empty()) {
        return std::nullopt;
    }
    switch (last) {
        case '~':
            return with(numbered(number), modifiers);
        case '$':  // rxvt: Shift, Ctrl, both
            return with(numbered(number), 2);
        case '^':
            return with(numbered(number), 5);
        case '@':
            return with(numbered(number), 6);
        case 'Z':
            return plain(Code::back_tab);
        default:
            break;
    }
    if (single_shift || number == 1) {  // else a report: the cursor position report ends with R
        const auto key = lettered(last);
        return with(key || !single_shift ? key : of_keypad(last), modifiers);
    }
    return std::nullopt;
}

Key key_of_character(char32_t code) {
    Key key;
    switch (code) {
        case U'\r':
            return plain(Code::enter);
        case U'\n':
            return plain(Code::line_feed);
        case U'\t':
            return plain(Code::tab);
        case 0x08:
        case 0x7F:
            return plain(Code::backspace);
        case 0x1B:
            return plain(Code::escape);
        default:
            break;
    }
    if (code >= 0x20) {
        key.text = encode_utf8(code);
        return key;
    }
    key.control = true;
    const char32_t letter = code == 0 ? U' ' : code <= 0x1A ? code + 0x60 : code + 0x40;
    key.text = std::string(1, static_cast<char>(letter));
    return key;
}

std::string encode_utf8(char32_t code) {
    std::string out;
    const auto byte = [&](char32_t value) { out += static_cast<char>(value); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | (code >> 6));
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | (code >> 12));
        byte(0x80 | ((code >> 6) & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | (code >> 18));
        byte(0x80 | ((code >> 12) & 0x3F));
        byte(0x80 | ((code >> 6) & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
    return out;
}

}  // namespace sotto::tui
