#pragma once

#include <cstddef>

namespace sotto::net {

/// Who puts messages together from what a connection reads.
class MessageReader {
  public:
    virtual ~MessageReader() = default;
    /// Memory, in bytes, of the messages that have come in part.
    [[nodiscard]] virtual std::size_t half_received() const noexcept = 0;
};

}  // namespace sotto::net
