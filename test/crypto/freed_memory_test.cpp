// What is given back to the heap holds no key: every block is looked through as it goes.
#include "crypto/primitives.h"

#include <boost/test/unit_test.hpp>
#include <malloc.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>
#include <new>

using namespace sotto::crypto;

namespace {

constexpr std::size_t kKey = 32;

std::atomic<const std::uint8_t*> sought{nullptr};  ///< what to look for, kKey bytes
std::atomic<int> found{0};

void look_through(void* block) {
    if (const std::uint8_t* key = sought; key != nullptr && block != nullptr) {
        const auto* const begin = static_cast<const std::uint8_t*>(block);
        const auto* const end = begin + ::malloc_usable_size(block);
        found += std::search(begin, end, key, key + kKey) != end ? 1 : 0;
    }
}

/// Blocks with `key`, as it is or as HMAC masks it, that are freed by `what`.
template <class What>
int freed_with(ByteView key, const What& what) {
    int all = 0;
    for (const auto mask : std::array<std::uint8_t, 3>{0x00, 0x36, 0x5c}) {
        std::array<std::uint8_t, kKey> masked{};
        std::transform(key.begin(), key.end(), masked.begin(), [mask](std::uint8_t byte) {
            return static_cast<std::uint8_t>(byte ^ mask);
        });
        found = 0;
        sought = masked.data();
        what();
        sought = nullptr;
        all += found;
    }
    return all;
}

}  // namespace

// All that this program frees comes by here.
void* operator new(std::size_t size) {
    void* const block = std::malloc(size);
    if (block == nullptr) {
        throw std::bad_alloc();
    }
    return block;
}
void operator delete(void* block) noexcept {
    look_through(block);
    std::free(block);
}
void operator delete(void* block, std::size_t /*size*/) noexcept {
    operator delete(block);
}

BOOST_AUTO_TEST_SUITE(freed_memory)

BOOST_AUTO_TEST_CASE(is_looked_through) {
    const Bytes key(kKey, 7);
    BOOST_TEST(freed_with(key, [&] { const Bytes copy = key; }) == 1);
}

BOOST_AUTO_TEST_CASE(holds_no_key_that_others_were_made_of) {
    Bytes key(kKey);
    std::generate(key.begin(), key.end(),
                  [byte = 0]() mutable { return static_cast<std::uint8_t>(0x40 + byte++); });
    const Bytes label(100, 'l');
    Secret<32> next;
    BOOST_TEST(freed_with(key, [&] { hkdf_expand(key, label, next.bytes()); }) == 0);
    BOOST_TEST(freed_with(key, [&] { hkdf_extract(label, key, next.bytes()); }) == 0);
    BOOST_TEST(freed_with(key, [&] { hkdf_extract(key, label, next.bytes()); }) == 0);
}

BOOST_AUTO_TEST_SUITE_END()
