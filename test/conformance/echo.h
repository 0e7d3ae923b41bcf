#pragma once

#include "test/net/raw_client.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace sotto::test {

// First bytes of frames: FIN and an opcode.
inline constexpr int kText = 0x81;
inline constexpr int kBinary = 0x82;
inline constexpr int kClose = 0x88;
inline constexpr int kPing = 0x89;
inline constexpr int kPong = 0x8A;
inline constexpr int kTextStart = 0x01;
inline constexpr int kBinaryStart = 0x02;
inline constexpr int kPart = 0x00;
inline constexpr int kLastPart = 0x80;

/// A raw client after its upgrade on websocket_echo, a process that starts with the first of
/// them and serves them all.
class EchoClient : public net::RawClient {
  public:
    EchoClient();

    /// The first frame that answers `bytes`, but for the server's own pings.
    Frame answer_to(std::string_view bytes);
    /// The same for bytes that come in parts, each a TLS record.
    Frame answer_to_parts(const std::vector<std::string>& parts);
    /// True if the message comes back as it went, with the same opcode.
    bool echoes(std::string_view message, int first_byte = kText);
    /// True if nothing but the end of the connection comes.
    bool is_over();
};

/// The code of the close frame that is the only answer to `bytes` on a fresh connection; 0
/// if it is another answer, or the connection does not end then.
[[nodiscard]] int close_after(std::string_view bytes);

/// `bytes`, each in a part of its own.
[[nodiscard]] std::vector<std::string> one_by_one(std::string_view bytes);
/// `bytes` before and from `at`.
[[nodiscard]] std::vector<std::string> cut_at(std::string_view bytes, std::size_t at);

/// A frame with any mask.
[[nodiscard]] std::string frame_with_mask(int first_byte, std::string_view payload,
                                          const std::array<char, 4>& mask);

}  // namespace sotto::test
