#include "tui/screen/key_sequences.h"

#include <array>

namespace sotto::tui {

namespace {

using Code = Key::Code;

Key plain(Code code) {
    Key key;
    key.code = code;
    return key;
}
Key with_meta(Code code) {
    Key key = plain(code);
    key.meta = true;
    return key;
}
Key with_control(Code code) {
    Key key = plain(code);
    key.control = true;
    return key;
}

}  // namespace

gsl::span<const KeySequence> key_sequences() {
    static const std::array table{
        KeySequence{"\033[1;3A", with_meta(Code::up)},
        KeySequence{"\033[1;3B", with_meta(Code::down)},
        KeySequence{"\033[1;3C", with_meta(Code::right)},
        KeySequence{"\033[1;3D", with_meta(Code::left)},
        KeySequence{"\033[1;3H", with_meta(Code::home)},
        KeySequence{"\033[1;3F", with_meta(Code::end)},
        KeySequence{"\033[5;3~", with_meta(Code::page_up)},
        KeySequence{"\033[6;3~", with_meta(Code::page_down)},
        KeySequence{"\033[1;5A", with_control(Code::up)},
        KeySequence{"\033[1;5B", with_control(Code::down)},
        KeySequence{"\033[1;5C", with_control(Code::right)},
        KeySequence{"\033[1;5D", with_control(Code::left)},
        KeySequence{"\033[1;5H", with_control(Code::home)},
        KeySequence{"\033[1;5F", with_control(Code::end)},
        KeySequence{"\033[1~", plain(Code::home)},
        KeySequence{"\033[4~", plain(Code::end)},
        KeySequence{"\033[H", plain(Code::home)},
        KeySequence{"\033[F", plain(Code::end)},
        KeySequence{"\033[A", plain(Code::up)},
        KeySequence{"\033[B", plain(Code::down)},
        KeySequence{"\033[C", plain(Code::right)},
        KeySequence{"\033[D", plain(Code::left)},
    };
    return table;
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
