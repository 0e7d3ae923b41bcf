#pragma once

#include "test/client/talk.h"

#include <cstdint>

/// For requests whose sender waits although nobody sees them.
namespace sotto::test {

/// The accepts that `person` has sent.
[[nodiscard]] inline std::size_t accepts(const Person& person) {
    const auto answers = sent<wire::ChatResponse>(person);
    return static_cast<std::size_t>(std::count_if(
        answers.begin(), answers.end(), [](const auto& answer) { return answer.accept; }));
}

/// A seed with which alice's key is larger than bob's.
[[nodiscard]] inline std::uint64_t larger_seed() {
    for (std::uint64_t seed = 1;; ++seed) {
        World world(seed);
        const auto& alice = world.add("alice");
        const auto& bob = world.add("bob");
        if (alice.identity->public_key() > bob.identity->public_key()) {
            return seed;
        }
    }
}

}  // namespace sotto::test
