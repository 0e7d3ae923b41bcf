#include "net/wire/error_code.h"

#include "crypto/base/enum_table.h"

#include <algorithm>

namespace sotto::wire {

namespace {

constexpr auto kPolicy = CloseCode::policy;
constexpr base::EnumTable<ErrorCode, ErrorRow> kTable({
    {ErrorCode::bad_message, "bad_message", "not strict JSON, a missing or malformed field",
     kPolicy},
    {ErrorCode::unknown_type, "unknown_type", "a type that this relay does not know", {}},
    {ErrorCode::too_large, "too_large", "over max_message", CloseCode::too_large},
    {ErrorCode::unsupported_version, "unsupported_version", "no common version", kPolicy},
    {ErrorCode::not_registered, "not_registered", "wrong time for this message", kPolicy},
    {ErrorCode::already_registered, "already_registered", "wrong time for this message", kPolicy},
    {ErrorCode::bad_signature, "bad_signature", "register refused: the signature", kPolicy},
    {ErrorCode::bad_name, "bad_name", "register refused: not a user name", kPolicy},
    {ErrorCode::name_taken, "name_taken", "register refused: another key owns the name", kPolicy},
    {ErrorCode::replaced, "replaced", "the same key registered elsewhere", kPolicy},
    {ErrorCode::forbidden, "forbidden", "'from' is not you", kPolicy},
    {ErrorCode::not_found, "not_found", "nobody has registered this name", {}},
    {ErrorCode::offline, "offline", "registered, not connected", {}},
    {ErrorCode::busy, "busy", "'to' does not read fast enough", {}},
    {ErrorCode::rate_limited, "rate_limited", "too many lookups or requests: later", {}},
    {ErrorCode::shutting_down, "shutting_down", "the relay is stopping", CloseCode::going_away},
    {ErrorCode::internal, "internal", "the relay's own fault", {}},
});

}  // namespace

gsl::span<const ErrorRow> error_table() noexcept {
    return {kTable.begin(), kTable.size()};
}

const ErrorRow& row_of(ErrorCode code) noexcept {
    return kTable[code];
}

std::optional<ErrorCode> error_code(std::string_view name) noexcept {
    const auto row = std::find_if(kTable.begin(), kTable.end(), [&](const ErrorRow& candidate) {
        return candidate.name == name;
    });
    return row == kTable.end() ? std::nullopt : std::optional(row->key);
}

}  // namespace sotto::wire
