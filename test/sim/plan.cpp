#include "test/sim/plan.h"

#include "test/sim/actions.h"

#include <array>

namespace sotto::sim {

namespace {

std::vector<unsigned> make_weights(Dice& dice) {
    std::vector<unsigned> out;
    constexpr std::array<unsigned, 6> factors{0, 1, 2, 2, 3, 8};
    for (const Action& action : action_table()) {
        out.push_back(action.weight * factors[dice.below(factors.size())]);
    }
    out.front() += 1;  // never nothing at all
    return out;
}

RelayNode::Options make_relay(Dice& dice) {
    RelayNode::Options out;
    out.relay.pin = {7};
    out.loops = dice.chance(400) ? static_cast<unsigned>(2 + dice.below(2)) : 1;
    out.between_loops = dice.between(Duration(0), Duration(3));
    out.disk = dice.between(Duration(0), Duration(50));
    out.relay.page_names = dice.chance(300) ? 1 : 1'000;
    if (dice.chance(300)) {
        out.relay.limits.busy_mark = 1'000 + dice.below(20'000);
    }
    if (dice.chance(200)) {
        out.relay.limits.requests = {0.5, 3};
    }
    if (dice.chance(200)) {
        out.relay.limits.relay_bytes = {8e3, 16e3};
    }
    return out;
}

}  // namespace

Plan make_plan(Dice& dice) {
    Plan plan;
    plan.people = 2 + dice.below(3);
    plan.actions = 20 + dice.below(60);
    plan.gap = dice.between(Duration(20), Duration(800));
    plan.delay = dice.between(Duration(1), dice.chance(500) ? Duration(30) : Duration(400));
    plan.jitter = dice.between(Duration(0), plan.delay * 2);
    plan.introduced = dice.chance(700) ? 600 : 0;
    plan.connect_fails = dice.chance(300) ? 300 : 0;
    plan.hostile = dice.chance(300) ? static_cast<unsigned>(5 + dice.below(150)) : 0;
    plan.show_wire = dice.chance(100);
    plan.relay = make_relay(dice);
    plan.weights = make_weights(dice);
    return plan;
}

}  // namespace sotto::sim
