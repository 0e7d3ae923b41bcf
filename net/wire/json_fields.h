#pragma once

#include "net/wire/error.h"

#include <json/value.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Reading one member of a parsed object, by its JSON type. Nothing here throws.
namespace sotto::wire {

/// Strict JSON, parsed; an error (close) if it is not, or is over a maximum.
[[nodiscard]] Expected<Json::Value> parse_strict(
    std::string_view text, std::size_t most_values = std::numeric_limits<std::size_t>::max());

[[nodiscard]] const Json::Value* member(const Json::Value& object, const char* key);
[[nodiscard]] std::optional<std::string> text_field(const Json::Value& object, const char* key);
[[nodiscard]] std::optional<std::int64_t> integer_field(const Json::Value& object, const char* key);
[[nodiscard]] std::optional<bool> boolean_field(const Json::Value& object, const char* key);
[[nodiscard]] std::optional<std::vector<std::uint8_t>> binary_field(const Json::Value& object,
                                                                    const char* key);
/// An array of strings.
[[nodiscard]] std::optional<std::vector<std::string>> texts_field(const Json::Value& object,
                                                                  const char* key);

/// Base64 of exactly as many octets as `Octets` has.
template <class Octets>
[[nodiscard]] std::optional<Octets> octets_field(const Json::Value& object, const char* key) {
    const auto bytes = binary_field(object, key);
    return bytes ? Octets::from(*bytes) : std::nullopt;
}

}  // namespace sotto::wire
