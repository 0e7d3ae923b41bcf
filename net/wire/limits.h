#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

/// Every limit of the protocol that both sides must agree on, in one place.
namespace sotto::wire {

inline constexpr std::string_view kSubprotocol = "sotto.v1";  ///< section 1
inline constexpr std::string_view kPath = "/";                ///< section 1
inline constexpr std::uint16_t kDefaultPort = 7443;           ///< section 1
inline constexpr std::size_t kMaxMessage = 65'536;            ///< bytes of one text message
inline constexpr std::size_t kMaxNesting = 4;                 ///< the top object is level 1
/// Members and elements in all of a client's message: what many small ones cost to read is out
/// of proportion to their bytes, and an honest message has about ten.
inline constexpr std::size_t kMaxClientValues = 256;
inline constexpr std::int64_t kMaxInteger = std::int64_t{1} << 53;
inline constexpr std::size_t kMaxUserName = 32;         ///< section 0
inline constexpr int kVersion = 1;                      ///< section 2
inline constexpr std::uint32_t kPingSeconds = 10;       ///< section 1
inline constexpr std::uint32_t kSilenceSeconds = 20;    ///< a dead link by then
inline constexpr std::uint32_t kHandshakeSeconds = 10;  ///< TLS and upgrade together
inline constexpr std::uint32_t kRegisterSeconds = 10;   ///< section 2
inline constexpr std::uint32_t kPollSeconds = 5;        ///< `poll_seconds` of our relay

/// WebSocket close codes (RFC 6455) that the protocol names.
enum class CloseCode : std::uint16_t {
    normal = 1000,
    going_away = 1001,
    unsupported_data = 1003,
    invalid_utf8 = 1007,
    policy = 1008,
    too_large = 1009,
};

}  // namespace sotto::wire
