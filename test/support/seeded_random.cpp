#include "test/support/seeded_random.h"

#include <sodium.h>

#include <array>
#include <cstring>

namespace sotto::test {

void SeededRandom::fill(gsl::span<std::uint8_t> out) {
    std::array<unsigned char, randombytes_SEEDBYTES> seed{};
    std::memcpy(seed.data(), &seed_, sizeof seed_);
    std::memcpy(seed.data() + sizeof seed_, &calls_, sizeof calls_);
    ++calls_;
    randombytes_buf_deterministic(out.data(), out.size(), seed.data());
}

}  // namespace sotto::test
