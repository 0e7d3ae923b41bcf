#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sotto::relay {

/// How long things took, as Prometheus wants it: counts by upper bound, and the sum.
class Histogram {
  public:
    using Seconds = std::chrono::duration<double>;

    /// Upper bounds; what took longer than the last is in `count` only.
    static constexpr std::array<double, 14> kBounds{
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 2.5, 10};

    void add(Seconds took, std::uint64_t times = 1) {
        std::size_t at = 0;
        while (at < kBounds.size() && took.count() > kBounds[at]) {
            ++at;
        }
        counts_[at] += times;
        sum_ += took.count() * static_cast<double>(times);
    }
    Histogram& operator+=(const Histogram& other) {
        for (std::size_t i = 0; i < counts_.size(); ++i) {
            counts_[i] += other.counts_[i];
        }
        sum_ += other.sum_;
        return *this;
    }

    /// How many took `kBounds[bound]` at most.
    [[nodiscard]] std::uint64_t up_to(std::size_t bound) const {
        std::uint64_t total = 0;
        for (std::size_t i = 0; i <= bound; ++i) {
            total += counts_[i];
        }
        return total;
    }
    [[nodiscard]] std::uint64_t count() const { return up_to(kBounds.size()); }
    [[nodiscard]] double sum() const { return sum_; }  ///< seconds

  private:
    std::array<std::uint64_t, kBounds.size() + 1> counts_{};
    double sum_ = 0;
};

}  // namespace sotto::relay
