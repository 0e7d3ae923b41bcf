#include "net/websocket/unmask.h"

#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <random>
#include <vector>

using sotto::net::unmask;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// By the registers that every processor has, and by the widest of this one.
std::vector<bool> widths() {
    return sotto::wire::has_avx2() ? std::vector<bool>{false, true} : std::vector<bool>{false};
}

constexpr std::array<std::uint8_t, 4> kKey{0x12, 0xF4, 0x56, 0x98};

Bytes byte_by_byte(Bytes data, std::size_t offset) {
    for (std::size_t i = 0; i < data.size(); ++i) {
        data[i] ^= kKey[(offset + i) % 4];
    }
    return data;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(unmasking)

BOOST_AUTO_TEST_CASE(it_agrees_with_the_byte_by_byte_way_at_every_size_and_offset) {
    std::mt19937 random(5);
    for (const bool wide : widths()) {
        for (std::size_t size = 0; size < 200; ++size) {
            for (std::size_t offset = 0; offset < 9; ++offset) {
                Bytes data(size);
                std::generate(data.begin(), data.end(),
                              [&] { return static_cast<std::uint8_t>(random()); });
                const Bytes expected = byte_by_byte(data, offset);
                const bool ascii = unmask(data.data(), data.size(), kKey, offset, wide);
                BOOST_REQUIRE(data == expected);
                BOOST_REQUIRE_EQUAL(ascii, std::all_of(data.begin(), data.end(),
                                                       [](auto byte) { return byte < 0x80; }));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(one_byte_that_is_not_ascii_is_seen_wherever_it_stands) {
    for (const bool wide : widths()) {
        for (std::size_t size = 1; size < 200; ++size) {
            for (std::size_t at = 0; at < size; ++at) {
                Bytes plain(size, 'a');
                BOOST_REQUIRE(unmask(plain.data(), size, {}, 0, wide));
                plain[at] = 0x80;
                BOOST_REQUIRE(!unmask(plain.data(), size, {}, 0, wide));
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(parts_of_a_payload_are_unmasked_as_the_whole_is) {
    for (const bool wide : widths()) {
        Bytes whole(1'000, 'x');
        const Bytes expected = byte_by_byte(whole, 0);
        Bytes parts = whole;
        for (std::size_t at = 0, size = 1; at < parts.size(); at += size, ++size) {
            size = std::min(size, parts.size() - at);
            unmask(parts.data() + at, size, kKey, at, wide);
        }
        BOOST_TEST((parts == expected));
    }
}

BOOST_AUTO_TEST_SUITE_END()
