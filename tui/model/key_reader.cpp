#include "tui/model/key_reader.h"

#include "tui/model/key_table.h"

#include <utility>

namespace sotto::tui {

namespace {

constexpr std::uint64_t kEscapeLasts = 1'000;  // ms: how long an Esc makes a key one with Meta

}  // namespace

/// As in readline, an Esc makes the next key one with Meta: an Esc that had nothing else to
/// do, and not for a slash, which begins a command.
Key KeyReader::after_escape(Key key, Focus focus, bool idle, std::uint64_t wall_ms) {
    const auto since = std::exchange(escape_ms_, std::nullopt);
    if (!idle || !chord_.empty()) {
        return key;
    }
    if (key.code == Key::Code::escape) {
        escape_ms_ = wall_ms;
    } else if (since && wall_ms >= *since && wall_ms - *since <= kEscapeLasts && key.text != "/") {
        Key meta = key;
        meta.meta = true;
        return find_key(focus, name_of(meta)) != nullptr ? meta : key;
    }
    return key;
}

std::optional<KeyPress> KeyReader::read(Key key, Focus focus, bool idle, std::uint64_t wall_ms) {
    KeyPress out;
    out.key = after_escape(std::move(key), focus, idle, wall_ms);
    out.name = std::exchange(chord_, "");
    out.chord = !out.name.empty();
    out.name += (out.chord ? " " : "") + name_of(out.key);
    if (begins_chord(out.name)) {
        chord_ = out.name;
        return std::nullopt;
    }
    return out;
}

}  // namespace sotto::tui
