#pragma once

#include <gsl/span>

#include <string_view>

namespace sotto::sim {

class Simulation;
struct Person;

/// Something that may happen. A row of the table is all that a new one needs.
struct Action {
    std::string_view name;
    unsigned weight;  ///< beside the others; a plan makes it rarer or more common
    bool is_fault;    ///< not while everything is to settle
    void (*run)(Simulation& world, Person& one, Person& other);
};

[[nodiscard]] gsl::span<const Action> action_table();

}  // namespace sotto::sim
