#pragma once

#include <cstddef>
#include <cstdint>

namespace sotto::net {

/// Who puts messages together from what a connection reads.
class MessageReader {
  public:
    virtual ~MessageReader() = default;
    /// Memory, in bytes, of the messages that have come in part.
    [[nodiscard]] virtual std::size_t half_received() const noexcept = 0;
    /// Takes messages that stand whole at the beginning of `data`, unless it is in the midst
    /// of one; returns the bytes that it is done with. The rest is as it came.
    [[nodiscard]] virtual std::size_t take_whole(std::uint8_t* data, std::size_t size) = 0;
    /// Frames that it has read to their end, but for whole messages.
    [[nodiscard]] virtual std::size_t frames() const noexcept = 0;
    /// Payload bytes that the frame at hand still lacks; 0: it is between frames, or in a head.
    [[nodiscard]] virtual std::size_t frame_left() const noexcept = 0;
};

}  // namespace sotto::net
