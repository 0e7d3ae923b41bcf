#include "tui/model/key.h"

#include "tui/common/word_table.h"

namespace sotto::tui {

namespace {

constexpr WordTable<Key::Code> kCodes({
    {Key::Code::text, ""},
    {Key::Code::enter, "Enter"},
    {Key::Code::line_feed, "C-j"},
    {Key::Code::tab, "Tab"},
    {Key::Code::back_tab, "S-Tab"},
    {Key::Code::backspace, "Backspace"},
    {Key::Code::escape, "Esc"},
    {Key::Code::remove, "Del"},
    {Key::Code::insert, "Ins"},
    {Key::Code::up, "Up"},
    {Key::Code::down, "Down"},
    {Key::Code::left, "Left"},
    {Key::Code::right, "Right"},
    {Key::Code::home, "Home"},
    {Key::Code::end, "End"},
    {Key::Code::page_up, "PgUp"},
    {Key::Code::page_down, "PgDn"},
    {Key::Code::function, "F"},
});

}  // namespace

std::string name_of(const Key& key) {
    std::string out;
    out += key.meta ? "M-" : "";
    out += key.control ? "C-" : "";
    if (key.code == Key::Code::text) {
        return out + (key.text == " " ? "Space" : key.text);
    }
    out += kCodes[key.code].text;
    return key.code == Key::Code::function ? out + std::to_string(key.number) : out;
}

}  // namespace sotto::tui
