#pragma once

#include "crypto/base/enum_table.h"
#include "relay/core/token_bucket.h"

#include <cstddef>
#include <string_view>

namespace sotto::relay {

/// What one client, one address, or all of them may ask of the relay. Each can be set by the
/// operator.
struct Limits {
    std::size_t busy_mark = 1U << 20U;  ///< bytes queued to a reader: senders then get `busy`
    Rate lookups{20, 100};              ///< get_pubkey and user_list, per user
    Rate requests{2, 30};               ///< chat_request, per user who sends them
    Rate stranger_requests{1, 20};      ///< chat_request, per user who gets them from strangers
    Rate relay_bytes{64e6, 64e6};       ///< what is forwarded, per user: reading pauses
    /// Errors that answer a user, or those of a network who are not registered: reading pauses.
    Rate refusals{50, 1'000};
    Rate registrations{20, 200};  ///< register, per network
    Rate new_names{0.1, 100};     ///< names never registered before, per network
    /// Names in all, whoever has how many addresses; 0: no limit. Those whose claims wait for
    /// the disk at the same time may pass it.
    std::size_t max_names = 1'000'000;
};

/// What holds clients back, and is counted when it does.
enum class Limit {
    registrations,
    new_names,
    max_names,
    lookups,
    requests,
    stranger_requests,
    relay_bytes,
    refusals
};

struct LimitRow {
    Limit key;
    std::string_view name;  ///< of the option, without dashes
    Rate Limits::*rate;     ///< null: it is a number, not a rate
};
inline constexpr base::EnumTable<Limit, LimitRow> kLimitTable({
    {Limit::registrations, "registrations", &Limits::registrations},
    {Limit::new_names, "new-names", &Limits::new_names},
    {Limit::max_names, "max-names", nullptr},
    {Limit::lookups, "lookups", &Limits::lookups},
    {Limit::requests, "requests", &Limits::requests},
    {Limit::stranger_requests, "stranger-requests", &Limits::stranger_requests},
    {Limit::relay_bytes, "relay-bytes", &Limits::relay_bytes},
    {Limit::refusals, "refusals", &Limits::refusals},
});

}  // namespace sotto::relay
