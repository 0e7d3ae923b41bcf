#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <ostream>

namespace sotto::relay {

using ConnectionId = std::uint64_t;  ///< of one loop; never reused while the process runs

/// Where a connection is: what a user who is online is known by to all relays.
struct Place {
    std::uint32_t node = 0;       ///< the relay process
    std::uint32_t loop = 0;       ///< of that node
    ConnectionId connection = 0;  ///< of that loop

    friend constexpr bool operator==(const Place& one, const Place& other) noexcept {
        return one.connection == other.connection && one.loop == other.loop &&
               one.node == other.node;
    }
    friend constexpr bool operator!=(const Place& one, const Place& other) noexcept {
        return !(one == other);
    }
    friend constexpr bool operator<(const Place& one, const Place& other) noexcept {
        return one.node != other.node   ? one.node < other.node
               : one.loop != other.loop ? one.loop < other.loop
                                        : one.connection < other.connection;
    }
    /// `node/loop/connection`
    friend std::ostream& operator<<(std::ostream& out, const Place& place) {
        return out << place.node << '/' << place.loop << '/' << place.connection;
    }
};
static_assert(sizeof(Place) == 16, "it is passed in registers, with every message");

}  // namespace sotto::relay

template <>
struct std::hash<sotto::relay::Place> {
    std::size_t operator()(const sotto::relay::Place& place) const noexcept {
        const std::uint64_t loop = (std::uint64_t{place.node} << 32U) | place.loop;
        // Connections count up: the multiplication spreads the loop over all bits.
        return static_cast<std::size_t>((loop * 0x9e3779b97f4a7c15U) ^ place.connection);
    }
};
