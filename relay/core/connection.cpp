#include "relay/core/connection.h"

#include "crypto/base/enum_table.h"

#include <stdexcept>

namespace sotto::relay {

namespace {

using State = Connection::State;

constexpr unsigned bit(State state) {
    return 1U << base::enum_index(state);
}

/// From which states a state can be entered.
struct Step {
    State key;
    unsigned from;
};
constexpr base::EnumTable<State, Step> kSteps({
    {State::fresh, 0},
    {State::greeted, bit(State::fresh)},
    {State::claiming, bit(State::greeted)},
    {State::registered, bit(State::greeted) | bit(State::claiming)},
    {State::closing,
     bit(State::fresh) | bit(State::greeted) | bit(State::claiming) | bit(State::registered)},
});

}  // namespace

void Connection::become(State next) {
    if ((kSteps[next].from & bit(state_)) == 0) {
        throw std::logic_error("a connection that is " + std::string(base::enum_name(state_)) +
                               " can't become " + std::string(base::enum_name(next)));
    }
    state_ = next;
}

}  // namespace sotto::relay
