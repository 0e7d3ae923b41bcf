#pragma once

#include "crypto/base/enum_table.h"
#include "net/wire/error_code.h"
#include "relay/core/limits.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sotto::relay {

/// Types of messages that are counted apart.
enum class MessageType {
    relay,
    chat_request,
    chat_response,
    chat_terminate,
    get_pubkey,
    user_list,
    hello,
    registration,
    other,  ///< any other, and what is no message
};

struct MessageTypeRow {
    MessageType key;
    std::string_view name;
};
inline constexpr base::EnumTable<MessageType, MessageTypeRow> kMessageTypes({
    {MessageType::relay, "relay"},
    {MessageType::chat_request, "chat_request"},
    {MessageType::chat_response, "chat_response"},
    {MessageType::chat_terminate, "chat_terminate"},
    {MessageType::get_pubkey, "get_pubkey"},
    {MessageType::user_list, "user_list"},
    {MessageType::hello, "hello"},
    {MessageType::registration, "register"},
    {MessageType::other, "other"},
});

/// What has passed since the start, for the operator. No names, no addresses.
struct Counters {
    struct Traffic {
        std::uint64_t messages = 0;
        std::uint64_t bytes = 0;

        void add(std::size_t size) {
            ++messages;
            bytes += size;
        }
        Traffic& operator+=(const Traffic& other) {
            messages += other.messages;
            bytes += other.bytes;
            return *this;
        }
    };

    base::EnumArray<MessageType, Traffic> received;
    Traffic forwarded;
    base::EnumArray<wire::ErrorCode, std::uint64_t> refused;
    base::EnumArray<Limit, std::uint64_t> limited;  ///< times that it held somebody back
    std::uint64_t registrations = 0;
    std::uint64_t new_names = 0;
    std::uint64_t pauses = 0;

    Counters& operator+=(const Counters& other) {
        add(received, other.received);
        forwarded += other.forwarded;
        add(refused, other.refused);
        add(limited, other.limited);
        registrations += other.registrations;
        new_names += other.new_names;
        pauses += other.pauses;
        return *this;
    }

  private:
    template <class Array>
    static void add(Array& to, const Array& from) {
        auto at = from.begin();
        for (auto& value : to) {
            value += *at++;
        }
    }
};

}  // namespace sotto::relay
