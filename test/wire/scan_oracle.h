#pragma once

#include "net/wire/envelope_scan.h"

#include <json/value.h>

#include <optional>
#include <string>
#include <string_view>

/// What the relay's one-pass scan must say, worked out the slow way: the strict
/// check, then JsonCpp, then the sentence of section 10 read field by field.
namespace sotto::wire::test {

/// `text` parsed by JsonCpp alone; nothing if it is not an object.
[[nodiscard]] std::optional<Json::Value> json_cpp(std::string_view text);

/// Empty if the scan of `text` says what it must, else what is wrong.
[[nodiscard]] std::string disagreement(std::string_view text);

}  // namespace sotto::wire::test
