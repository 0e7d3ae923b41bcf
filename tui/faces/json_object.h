#pragma once

#include <tl/expected.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sotto::tui {

/// What a key of a command's object may hold.
using JsonValue = std::variant<std::string, bool>;
/// A flat JSON object, in the order of the line. No key stands twice.
using JsonObject = std::vector<std::pair<std::string, JsonValue>>;

/// Reads one line as a flat object of strings and booleans: all that a command needs.
/// Strict (RFC 8259): valid UTF-8, no raw control characters, no unpaired surrogates, no
/// key twice, nothing before or after the object. An error is a sentence.
[[nodiscard]] tl::expected<JsonObject, std::string> read_json_object(std::string_view line);

/// `text` as a JSON string, quotes included. `text` is valid UTF-8.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace sotto::tui
