#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sotto::net {

inline constexpr char kText = '\x81';  ///< first byte of a frame: it is the last, and its opcode
inline constexpr char kBinary = '\x82';
inline constexpr char kPong = '\x8A';

/// The head of a WebSocket frame in one part (RFC 6455 section 5.2), with its length in
/// the shortest form.
class FrameHead {
  public:
    /// Not masked, as a server sends it.
    FrameHead(char first, std::size_t payload) {
        bytes_[0] = first;
        if (payload < 126) {
            bytes_[1] = static_cast<char>(payload);
            return;
        }
        const unsigned lengths = payload <= 0xFFFF ? 2 : 8;
        bytes_[1] = lengths == 2 ? '\x7E' : '\x7F';
        for (unsigned i = 0; i < lengths; ++i) {
            bytes_[size_++] = static_cast<char>(payload >> (8 * (lengths - 1 - i)));
        }
    }
    /// Masked by `key`, as a client must send it.
    FrameHead(char first, std::size_t payload, const std::array<std::uint8_t, 4>& key)
        : FrameHead(first, payload) {
        bytes_[1] = static_cast<char>(static_cast<unsigned char>(bytes_[1]) | 0x80U);
        for (const std::uint8_t byte : key) {
            bytes_[size_++] = static_cast<char>(byte);
        }
    }
    [[nodiscard]] std::string_view view() const { return {bytes_.data(), size_}; }

  private:
    std::array<char, 14> bytes_{};
    std::size_t size_ = 2;
};

}  // namespace sotto::net
