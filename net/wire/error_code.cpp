#include "net/wire/error_code.h"

#include <algorithm>
#include <array>

namespace sotto::wire {

namespace {

constexpr auto kPolicy = CloseCode::policy;
constexpr std::array kTable{
    ErrorRow{ErrorCode::bad_message, "bad_message", "not strict JSON, a missing or malformed field",
             kPolicy},
    ErrorRow{ErrorCode::unknown_type, "unknown_type", "a type that this relay does not know", {}},
    ErrorRow{ErrorCode::too_large, "too_large", "over max_message", CloseCode::too_large},
    ErrorRow{ErrorCode::unsupported_version, "unsupported_version", "no common version", kPolicy},
    ErrorRow{ErrorCode::not_registered, "not_registered", "wrong time for this message", kPolicy},
    ErrorRow{ErrorCode::already_registered, "already_registered", "wrong time for this message",
             kPolicy},
    ErrorRow{ErrorCode::bad_signature, "bad_signature", "register refused: the signature", kPolicy},
    ErrorRow{ErrorCode::bad_name, "bad_name", "register refused: not a user name", kPolicy},
    ErrorRow{ErrorCode::name_taken, "name_taken", "register refused: another key owns the name",
             kPolicy},
    ErrorRow{ErrorCode::replaced, "replaced", "the same key registered elsewhere", kPolicy},
    ErrorRow{ErrorCode::forbidden, "forbidden", "'from' is not you", kPolicy},
    ErrorRow{ErrorCode::not_found, "not_found", "nobody has registered this name", {}},
    ErrorRow{ErrorCode::offline, "offline", "registered, not connected", {}},
    ErrorRow{ErrorCode::busy, "busy", "'to' does not read fast enough", {}},
    ErrorRow{ErrorCode::rate_limited, "rate_limited", "too many lookups or requests: later", {}},
    ErrorRow{ErrorCode::shutting_down, "shutting_down", "the relay is stopping",
             CloseCode::going_away},
    ErrorRow{ErrorCode::internal, "internal", "the relay's own fault", {}},
};

}  // namespace

gsl::span<const ErrorRow> error_table() noexcept {
    return kTable;
}

const ErrorRow& row_of(ErrorCode code) noexcept {
    return kTable[static_cast<std::size_t>(code)];  // the rows stand in the order of the codes
}

std::optional<ErrorCode> error_code(std::string_view name) noexcept {
    const auto row = std::find_if(kTable.begin(), kTable.end(), [&](const ErrorRow& candidate) {
        return candidate.name == name;
    });
    return row == kTable.end() ? std::nullopt : std::optional(row->code);
}

}  // namespace sotto::wire
