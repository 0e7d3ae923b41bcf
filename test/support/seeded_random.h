#pragma once

#include "crypto/random.h"

#include <cstdint>

namespace sotto::test {

/// Deterministic bytes from a seed: the same run every time.
class SeededRandom final : public crypto::Random {
  public:
    explicit SeededRandom(std::uint64_t seed) : seed_(seed) {}
    void fill(gsl::span<std::uint8_t> out) override;

  private:
    std::uint64_t seed_;
    std::uint64_t calls_ = 0;
};

}  // namespace sotto::test
