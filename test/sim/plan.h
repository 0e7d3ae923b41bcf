#pragma once

#include "test/sim/dice.h"
#include "test/sim/relay_node.h"

#include <cstddef>
#include <vector>

namespace sotto::sim {

/// What kind of world a seed makes. Seeds differ much: some have a slow network, some a hostile
/// relay, some people who only ever talk; what is rare in one is common in another.
struct Plan {
    std::size_t people = 3;
    std::size_t actions = 60;
    Duration gap{200};  ///< between actions, about
    Duration delay{20};
    Duration jitter{20};
    unsigned introduced = 0;     ///< in a thousand pairs: who have a chat from the start
    unsigned connect_fails = 0;  ///< in a thousand
    unsigned hostile = 0;        ///< in a thousand messages forwarded
    bool show_wire = false;
    RelayNode::Options relay;
    std::vector<unsigned> weights;  ///< of the actions, by their place in the table
};

/// `dice` decides, and goes on afterwards.
[[nodiscard]] Plan make_plan(Dice& dice);

}  // namespace sotto::sim
