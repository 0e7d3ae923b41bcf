#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace sotto::tui {

/// What a key of a command's object may hold.
using JsonValue = std::variant<std::string, bool, std::int64_t>;
/// A flat JSON object, in the order of the line. No key stands twice.
using JsonObject = std::vector<std::pair<std::string, JsonValue>>;

/// Why a line is no such object: a sentence, and what was read before it went wrong.
struct JsonError {
    std::string why;
    JsonObject read;
};

/// Reads one line as a flat object of strings, booleans and integers: all that a command
/// needs. Strict (RFC 8259): valid UTF-8, no raw control characters, no unpaired surrogates, no
/// key twice, nothing before or after the object. An integer is one that every reader of JSON
/// holds exactly: at most 53 bits, without fraction and exponent.
[[nodiscard]] tl::expected<JsonObject, JsonError> read_json_object(std::string_view line);

/// `text` as a JSON string, quotes included. `text` is valid UTF-8.
[[nodiscard]] std::string json_string(std::string_view text);

}  // namespace sotto::tui
