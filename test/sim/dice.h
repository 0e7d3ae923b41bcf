#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace sotto::sim {

/// What a seed decides, one throw after the other (splitmix64). Never for keys.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    [[nodiscard]] std::uint64_t next() {
        std::uint64_t out = (state_ += 0x9e3779b97f4a7c15U);
        out = (out ^ (out >> 30U)) * 0xbf58476d1ce4e5b9U;
        out = (out ^ (out >> 27U)) * 0x94d049bb133111ebU;
        return out ^ (out >> 31U);
    }
    /// 0 to `count` - 1.
    [[nodiscard]] std::size_t below(std::size_t count) { return next() % count; }
    /// Both included.
    [[nodiscard]] std::chrono::milliseconds between(std::chrono::milliseconds least,
                                                    std::chrono::milliseconds most) {
        const auto span = static_cast<std::size_t>((most - least).count());
        return least + std::chrono::milliseconds(below(span + 1));
    }
    /// True so many times in a thousand.
    [[nodiscard]] bool chance(unsigned in_a_thousand) { return below(1'000) < in_a_thousand; }
    template <class List>
    [[nodiscard]] auto& one_of(List& list) {
        return list[below(list.size())];
    }

  private:
    std::uint64_t state_;
};

}  // namespace sotto::sim
