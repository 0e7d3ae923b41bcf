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

/// A raw client of websocket_echo after its upgrade. The first client starts that process,
/// which serves all of them.
class EchoClient : public net::RawClient {
  public:
    EchoClient();

    /// The first frame that answers `bytes`, ignoring the server's own pings.
    Frame answer_to(std::string_view bytes);
    /// The same for bytes sent in parts, each as a TLS record.
    Frame answer_to_parts(const std::vector<std::string>& parts);
    /// True if the message comes back unchanged, with the same opcode.
    bool echoes(std::string_view message, int first_byte = kText);
    /// True if nothing comes but the end of the connection.
    bool is_over();
};

/// The code of the close frame if that is the only answer to `bytes` on a new connection;
/// 0 if the answer is different or the connection does not end.
[[nodiscard]] int close_after(std::string_view bytes);

/// Each of `bytes` in a part of its own.
[[nodiscard]] std::vector<std::string> one_by_one(std::string_view bytes);
/// `bytes`, split at `at`.
[[nodiscard]] std::vector<std::string> cut_at(std::string_view bytes, std::size_t at);

/// A frame with any mask.
[[nodiscard]] std::string frame_with_mask(int first_byte, std::string_view payload,
                                          const std::array<char, 4>& mask);

}  // namespace sotto::test
