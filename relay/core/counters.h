#pragma once

#include "net/wire/error_code.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sotto::relay {

/// What has passed since the start, for the operator. No names, no addresses.
struct Counters {
    /// Message types that are counted apart; the last stands for all others.
    static constexpr std::array<std::string_view, 9> kTypes{
        "relay",     "chat_request", "chat_response", "chat_terminate", "get_pubkey",
        "user_list", "hello",        "register",      "other"};
    /// What holds clients back, by the name of the option; all but the last two refuse.
    enum class Limit {
        registrations,
        new_names,
        max_names,
        lookups,
        requests,
        relay_bytes,
        refusals
    };
    static constexpr std::array<std::string_view, 7> kLimits{
        "registrations", "new-names",   "max-names", "lookups",
        "requests",      "relay-bytes", "refusals"};
    struct Traffic {
        std::uint64_t messages = 0;
        std::uint64_t bytes = 0;
    };
    static constexpr std::size_t kCodes = static_cast<std::size_t>(wire::ErrorCode::internal) + 1;

    std::array<Traffic, kTypes.size()> received{};
    Traffic forwarded;
    std::array<std::uint64_t, kCodes> refused{};          ///< by error code
    std::array<std::uint64_t, kLimits.size()> limited{};  ///< times, by limit
    std::uint64_t registrations = 0;
    std::uint64_t new_names = 0;
    std::uint64_t pauses = 0;

    void reached(Limit limit) { ++limited[static_cast<std::size_t>(limit)]; }

    Counters& operator+=(const Counters& other) {
        const auto add = [](Traffic& to, const Traffic& from) {
            to.messages += from.messages;
            to.bytes += from.bytes;
        };
        for (std::size_t i = 0; i < received.size(); ++i) {
            add(received[i], other.received[i]);
        }
        add(forwarded, other.forwarded);
        for (std::size_t i = 0; i < refused.size(); ++i) {
            refused[i] += other.refused[i];
        }
        for (std::size_t i = 0; i < limited.size(); ++i) {
            limited[i] += other.limited[i];
        }
        registrations += other.registrations;
        new_names += other.new_names;
        pauses += other.pauses;
        return *this;
    }
};

}  // namespace sotto::relay
