#pragma once

#include "relay/core/action.h"

#include <string>
#include <string_view>

namespace sotto::relay {

/// Sends the log to standard error: `level` of debug, info, warn and error; `format`
/// plain or json, one line an entry whatever its text holds. To the journal of systemd each
/// is told with its priority, and without the time, which the journal knows, but for json.
/// Again while others log, too.
void set_up_log(const std::string& level, const std::string& format);
void log(Note::Level level, const std::string& text);

/// Says why the program ends: an entry of the log in json, else a line for who started it.
void log_failure(const std::string& text, const std::string& format);
/// Says on standard output, in json and whatever the level, what a plain log has no entry for.
void announce_in_json(const std::string& text);

/// `text` as the inside of a JSON string; control characters (DEL and U+0080 to U+009F, too)
/// and what separates lines or paragraphs are escaped, and every byte above ASCII if they are
/// not UTF-8 together.
[[nodiscard]] std::string json_escaped(std::string_view text);
/// `text` on one line: what would end the line or move the cursor is shown as \xNN.
[[nodiscard]] std::string plain_escaped(std::string_view text);

}  // namespace sotto::relay
