#pragma once

#include <gsl/span>

#include <cstdint>

namespace sotto::crypto {

/// Source of secret random bytes. Injected, so that tests run from one seed.
class Random {
  public:
    Random() = default;
    Random(const Random&) = delete;
    Random& operator=(const Random&) = delete;
    virtual ~Random() = default;

    /// Fills all of `out`. Never fails: a system without randomness aborts.
    virtual void fill(gsl::span<std::uint8_t> out) = 0;
};

/// The operating system's generator, by way of libsodium.
class SystemRandom final : public Random {
  public:
    void fill(gsl::span<std::uint8_t> out) override;
};

}  // namespace sotto::crypto
