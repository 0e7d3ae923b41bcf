#pragma once

#include "net/wire/registers.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace sotto::net {

/// Takes a frame's mask off `data` (RFC 6455 section 5.3) in wide words; true if all
/// bytes are ASCII then, so that a byte-wise look at UTF-8 can be spared. Both together
/// byte by byte are 60 to 75 % of what a fast relay has left to do.
/// `offset` is how much of the frame's payload came before `data`.
bool unmask(std::uint8_t* data, std::size_t size, const std::array<std::uint8_t, 4>& key,
            std::size_t offset, bool wide = wire::has_avx2()) noexcept;

}  // namespace sotto::net
