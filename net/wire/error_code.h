#pragma once

#include "net/wire/limits.h"

#include <gsl/span>

#include <optional>
#include <string_view>

namespace sotto::wire {

/// The codes of section 10, in the order of its table.
enum class ErrorCode {
    bad_message,
    unknown_type,
    too_large,
    unsupported_version,
    not_registered,
    already_registered,
    bad_signature,
    bad_name,
    name_taken,
    replaced,
    forbidden,
    not_found,
    offline,
    busy,
    rate_limited,
    shutting_down,
    internal,
};

/// A row of the table. The manual pages are checked against it.
struct ErrorRow {
    ErrorCode key;
    std::string_view name;
    std::string_view meaning;
    std::optional<CloseCode> closes;  ///< the relay closes the connection with it
};

[[nodiscard]] gsl::span<const ErrorRow> error_table() noexcept;
[[nodiscard]] const ErrorRow& row_of(ErrorCode code) noexcept;
[[nodiscard]] std::optional<ErrorCode> error_code(std::string_view name) noexcept;

}  // namespace sotto::wire
